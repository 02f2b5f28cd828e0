/**
 * What the store's rules need from a database: one transaction's view of the tables, in operations on rows.
 * The rules (`commit.ts`, `returns.ts`, `zones.ts`, …) are written once against this; `memory/` and `sql/` provide it.
 * Nothing here decides anything; a guard is part of an operation where the database must check it in the same statement.
 */
import type { EntityId, PlayerId, TickNumber, ZoneId } from '../../actors/ids.js';
import type {
  HeldPlayer,
  InboxRow,
  JournalRow,
  KeptState,
  Place,
  PlaceNote,
  StoredEntity,
  ZoneInfo,
  ZoneLink,
  ZoneNeighbor,
} from '../../actors/records.js';
import type { JsonObject, ReturnReason } from '../../games/contract.js';

/** The database, as the rules use it. Rejects with `StoreUnavailableError` or `OwnershipLostError`. */
export interface Backend {
  /** One transaction, durable when it resolves; refused as a whole when the world's epoch moved on. */
  write<T>(job: (tables: Tables) => Promise<T>): Promise<T>;
  /** What is committed. */
  read<T>(job: (rows: Reads) => Promise<T>): Promise<T>;
  /** Journal rows alone, in one statement that checks both epochs; answers how many were written. Others of the batch are, whatever becomes of one. */
  append(rows: readonly JournalEntry[]): Promise<number>;
  /** One guarded statement on the world's row. */
  touchWorld(patch: { readonly aliveAtMs?: number; readonly reservedTicks?: TickNumber }): Promise<void>;
  readonly zoneRecords: ZoneRecords;
  /** Did the last write work? */
  healthy(): boolean;
  /** Writes that wait. */
  queued(): number;
}

/** New zones, as plain records with the columns that everybody sees. */
export interface ZoneRecords {
  /** false: the name is taken. */
  insert(zone: ZoneInfo): Promise<boolean>;
}

/** Reads that need no transaction: each is one statement. */
export interface Reads {
  place(player: PlayerId): Promise<Place | null>;
  /** The projection's, by time of creation. */
  entities(zone: ZoneId): Promise<readonly StoredEntity[]>;
  entity(id: EntityId): Promise<{ readonly zone: ZoneId; readonly entity: StoredEntity } | null>;
  /** With players, with rows in the inbox, or with a `wakeAt` not after `nowMs`. */
  dueZones(nowMs: number): Promise<readonly ZoneId[]>;
  /** With journal rows behind their checkpoint. */
  unfoldedZones(): Promise<readonly ZoneId[]>;
  nextWake(afterMs: number): Promise<number | null>;
  /** All of them, in both directions. */
  links(): Promise<readonly ZoneLink[]>;
  /** Of the whole journal and of the checkpoints kept with it, in bytes. */
  journalBytes(): Promise<number>;

  /** All of them, in any order. */
  zoneInfos(): Promise<readonly ZoneInfo[]>;
  zoneNamed(name: string): Promise<ZoneInfo | null>;
  zoneById(id: ZoneId): Promise<ZoneInfo | null>;
  /** The newest checkpoint, standing or replaced, that is not above this tick. */
  checkpointBefore(zone: ZoneId, tick: TickNumber): Promise<KeptState | null>;
  oldestCheckpoint(zone: ZoneId): Promise<TickNumber | null>;
  newestRow(zone: ZoneId): Promise<TickNumber | null>;
  /** With their inputs, by rising tick. */
  journalRows(zone: ZoneId, after: TickNumber, upTo: TickNumber, limit: number): Promise<readonly JournalRow[]>;
}

/**
 * How firmly rows of zones are held until the transaction ends, where several can run at once: `target`
 * keeps a claim, a quarantine and the deletion of the zone out; `write` its other commits too; `whole` everybody,
 * those who send to it included.
 */
export type ZoneHold = 'write' | 'target' | 'whole';

export interface Tables extends Reads {
  readonly inbox: InboxTable;
  readonly places: PlaceTable;

  /** Runs a part that can be taken back alone: an error of its rows, or a `PartRefused` that it throws, undoes the part and is the answer. */
  attempt<T>(part: () => Promise<T>): Promise<Attempt<T>>;

  /** Those that exist. */
  zones(ids: readonly ZoneId[], hold: ZoneHold): Promise<ReadonlyMap<ZoneId, ZoneRow>>;
  /** As `zones`, and only what a commit looks at. */
  zoneHeads(ids: readonly ZoneId[], hold: ZoneHold): Promise<ReadonlyMap<ZoneId, ZoneHead>>;
  updateZone(id: ZoneId, patch: ZonePatch): Promise<void>;
  /** Raises their epochs by one, and marks them as live and able to receive. */
  claimZones(ids: readonly ZoneId[]): Promise<void>;
  /** Marks them as not live. */
  layToSleep(ids: readonly ZoneId[]): Promise<void>;
  /** When each wants to be woken. */
  setWishes(wishes: readonly Wish[]): Promise<void>;
  /** With its entities, journal, checkpoints and connections. */
  deleteZone(id: ZoneId): Promise<void>;

  /** By `dy`, `dx` and id. */
  neighbors(zones: readonly ZoneId[]): Promise<readonly BesideRow[]>;
  /** In the place of what stood between the two in this direction. */
  putLink(link: ZoneLink): Promise<void>;

  /** Leaves out rows whose zone and tick are there already; answers how many were written. */
  appendJournal(rows: readonly JournalEntry[]): Promise<number>;
  /** The epochs of those of these ticks that are in the journal. */
  journalEpochs(zone: ZoneId, ticks: readonly TickNumber[]): Promise<ReadonlyMap<TickNumber, number>>;
  /** Of each zone what is above its tick; all by rising tick. */
  journalAfter(marks: readonly JournalMark[]): Promise<readonly StoredTick[]>;
  /** The oldest rows that a checkpoint covers. */
  oldestCovered(limit: number): Promise<readonly CoveredRow[]>;
  /** With the replaced checkpoints behind which rows are missing then: nothing can be played again from them. */
  deleteJournal(rows: readonly Pick<CoveredRow, 'zone' | 'tick'>[]): Promise<void>;

  /** Of those that have one. */
  checkpoints(zones: readonly ZoneId[]): Promise<readonly StoredTick[]>;
  /** No zone twice. Does nothing where a newer tick or a later epoch stands, nor where the same of both does. What is replaced is kept as history. */
  putCheckpoints(rows: readonly CheckpointRow[]): Promise<void>;

  /** Brings the projection of entities up to these states. Leaves out what has a mark of a later tick, and deletes only what still is the zone's. */
  project(zones: readonly Projection[]): Promise<void>;
}

/** What is on its way from one zone to another, and waits to be taken. */
export interface InboxTable {
  /** By rising id. */
  to(zones: readonly ZoneId[]): Promise<readonly InboxRow[]>;
  rows(ids: readonly number[]): Promise<readonly InboxRow[]>;
  /** What comes from these zones and waits, by rising id. */
  from(zones: readonly ZoneId[]): Promise<readonly InboxRow[]>;
  /** What commits of this zone at these ticks sent and is still waiting, wherever it is addressed now; by rising id. */
  sentBy(zone: ZoneId, ticks: readonly TickNumber[]): Promise<readonly InboxRow[]>;
  /** What this zone could not take and is waiting to be taken back: nothing else has a reason. */
  returnedBy(zone: ZoneId, reason: ReturnReason): Promise<readonly InboxRow[]>;
  /** Gives them rising ids, in their order. */
  insert(rows: readonly SentRow[]): Promise<readonly InboxRow[]>;
  /** Those that are addressed as it says here; answers how many went. */
  delete(rows: readonly Pick<InboxRow, 'id' | 'to'>[]): Promise<number>;
  /** Writes the row's addresses, kind, reason and followers. */
  readdress(row: InboxRow): Promise<void>;
}

/** Where players are: which zone holds each, and what is noted on it. */
export interface PlaceTable {
  /** No player twice in one call. Answers whose place was where it was said to be, and moved. */
  shift(shifts: readonly PlaceShift[]): Promise<ReadonlySet<PlayerId>>;
  /** Of those that have one. */
  of(players: readonly PlayerId[]): Promise<readonly HeldBy[]>;
  heldBy(zones: readonly ZoneId[]): Promise<readonly HeldBy[]>;
  /** Does nothing where the player has one. */
  make(player: PlayerId): Promise<void>;
  note(player: PlayerId, note: PlaceNote): Promise<void>;
}

export type Attempt<T> = { readonly done: true; readonly value: T } | { readonly done: false; readonly error: Error };

/** Thrown by a rule inside `attempt`: what it found refuses the part. */
export class PartRefused extends Error {
  constructor(readonly reason: 'conflict' | 'repeated') {
    super(`refused: ${reason}`);
  }
}

export interface ZoneRow {
  readonly info: ZoneInfo;
  readonly epoch: number;
  /** Claimed, and not put to sleep since. */
  readonly live: boolean;
  readonly quarantined: boolean;
  readonly wakeAtMs: number | null;
  /** It was live when a server was killed; the server's last sign of life. */
  readonly tickedUntilMs: number | null;
}

export interface ZoneHead extends Pick<ZoneRow, 'epoch' | 'quarantined'> {
  readonly width: number;
  readonly height: number;
}

/** Absent fields stay. */
export interface ZonePatch {
  readonly epoch?: number;
  readonly live?: boolean;
  readonly quarantined?: boolean;
  readonly tickedUntilMs?: number | null;
  readonly wakeAtMs?: number | null;
  readonly metadata?: JsonObject;
  readonly updatedAtMs?: number;
}

export interface Wish {
  readonly zone: ZoneId;
  readonly wakeAtMs: number | null;
}

export interface JournalMark {
  readonly zone: ZoneId;
  readonly tick: TickNumber;
}

/** A checkpoint, or a row of the journal. */
export interface StoredTick extends JournalMark {
  readonly body: Uint8Array;
}

export interface CheckpointRow extends StoredTick {
  readonly epoch: number;
}

/** What the table of entities is to have of a zone. */
export interface Projection extends JournalMark {
  readonly changed: readonly StoredEntity[];
  readonly gone: readonly EntityId[];
}

/** A zone, and one that lies beside it. */
export interface BesideRow {
  readonly zone: ZoneId;
  readonly neighbor: ZoneNeighbor;
}

export interface JournalEntry {
  readonly zone: ZoneId;
  readonly epoch: number;
  readonly atMs: number;
  readonly row: JournalRow;
}

export interface CoveredRow {
  readonly zone: ZoneId;
  readonly tick: TickNumber;
  readonly atMs: number;
  /** With those of the replaced checkpoints that go with it, where all before it have gone. */
  readonly bytes: number;
}

/** An inbox row to be. `sentBy` stays when it is turned round. */
export interface SentRow extends Omit<InboxRow, 'id'> {
  readonly sentBy: ZoneId;
}

/** A change of hands: happens only where `from` holds the player with exactly this stay, and raises stay by one. */
export interface PlaceShift {
  readonly player: PlayerId;
  readonly from: ZoneId | null;
  readonly stay: number;
  readonly to: ZoneId | null;
  /** The zone to resume in; absent: as it was. Who was held, and was to resume nowhere, stays with that. */
  readonly resume?: ZoneId | null;
  /** What the giver knew, for a player whom nobody holds from now on. */
  readonly kept?: Pick<HeldPlayer, 'document' | 'mark'>;
}

export interface HeldBy {
  readonly player: PlayerId;
  readonly holder: ZoneId | null;
  readonly stay: number;
}

/** The world's one row. */
export interface WorldRow {
  readonly epoch: number;
  readonly reservedTicks: TickNumber;
  readonly aliveAtMs: number;
  readonly secret: string;
}

/** What only a start does, before anybody else writes: not guarded by an epoch, for it makes the epoch. */
export interface StartTables {
  /** null: the world is new. Held against others until the start has ended. */
  world(): Promise<WorldRow | null>;
  putWorld(row: WorldRow): Promise<void>;
  /** Zones that were live count as ticked until then, and are not live any more. */
  endLiveZones(tickedUntilMs: number): Promise<void>;
  /** Every player with a resume token who has no drop time, or one not before `sinceMs`, dropped at `nowMs`. */
  dropPlayers(nowMs: number, sinceMs: number): Promise<void>;
}
