/**
 * What the running world needs from outside, in its own words: time, durable storage, a place
 * where game code runs, and a socket. Adapters in `src` bend to these; nothing here knows SQL, threads or ws.
 * Everything that crosses a port is plain data, so that it can cross a thread or a process unchanged.
 */
import type { Area, JsonObject, ReturnReason } from '../games/contract.js';
import type { EntityId, PlayerId, TickNumber, ZoneId } from './ids.js';
import type {
  CommitOutcome,
  InboxRow,
  JournalRow,
  KeptState,
  Place,
  PlaceMove,
  PlaceNote,
  StoredEntity,
  StoredZone,
  ZoneCheckpoint,
  ZoneCommit,
  ZoneInfo,
  ZoneLink,
  ZoneNeighbor,
} from './records.js';
import type { LoadedZone, Spoiling, StepAnswer, StepRequest, Viewing } from './steps.js';

// ─── time ───

/** Time, passed in. `monotonicMs` never goes back and only its differences mean something. */
export interface Clock {
  monotonicMs(): number;
  /** Milliseconds since 1970; may jump. */
  epochMs(): number;
  /** Calls once, `delayMs` from now; the answer cancels it. */
  after(delayMs: number, call: () => void): () => void;
}

// ─── durable data ───

/** The durable life of zones. Everything rejects with `StoreUnavailableError` or `OwnershipLostError`. */
export interface ZoneStore {
  /** Raises the zone's epoch, marks it live, and reads what a restore needs. null: there is no such zone. */
  claim(zone: ZoneId): Promise<StoredZone | null>;
  /** What a claim would read, of a zone that stays whose it is. null: there is no such zone. */
  look(zone: ZoneId): Promise<StoredZone | null>;
  /** Resolves once every committed one survives a crash, and not before. Repeating a batch whose outcome is unknown is safe. */
  commit(batch: readonly ZoneCommit[]): Promise<readonly CommitOutcome[]>;
  /** Never older over newer. Answers false where the epoch moved on, or (with `live: false`) where the inbox is not empty: then nothing of it is written. */
  checkpoint(batch: readonly ZoneCheckpoint[]): Promise<readonly boolean[]>;
  /** Marks the zone as unable to receive, and turns round what waits in its inbox; answers the rows as they are now. */
  quarantine(zone: ZoneId, epoch: number): Promise<readonly InboxRow[]>;
  /** Turns round these rows of a zone whose tick failed with them and succeeds without. */
  turnRound(zone: ZoneId, epoch: number, rows: readonly number[], reason: ReturnReason): Promise<readonly InboxRow[]>;
}

/** Zones as rows: made, listed, deleted, and read while they sleep. */
export interface ZoneCatalog {
  /** All of them, by name. */
  list(): Promise<readonly ZoneInfo[]>;
  /** Durable when it resolves; null: the name is taken. */
  create(zone: ZoneInfo): Promise<ZoneInfo | null>;
  /**
   * Deletes the zone with its entities and history; `left` are the players of its committed state. What waits in its inbox goes back;
   * answers those rows as they are now.
   */
  remove(zone: ZoneId, left: readonly PlaceMove[]): Promise<readonly InboxRow[]>;
  /** All connections, each in both directions. */
  links(): Promise<readonly ZoneLink[]>;
  /** Lays two zones side by side, or anew; durable in both directions when it resolves. Gone when one of them is removed. */
  connect(link: ZoneLink): Promise<void>;
  /** From the projection: right for zones that sleep. */
  entities(zone: ZoneId): Promise<readonly StoredEntity[]>;
  entity(id: EntityId): Promise<{ readonly zone: ZoneId; readonly entity: StoredEntity } | null>;
  /** Zones that must be live at a start: with players in their state, rows in their inbox, or a `wakeAt` not after `nowMs`. */
  due(nowMs: number): Promise<readonly ZoneId[]>;
  /** Zones with journal rows behind their checkpoint: to be folded before anybody is let in. */
  unfolded(): Promise<readonly ZoneId[]>;
  /** The next `wakeAt` of all zones, strictly after `afterMs`; null: none. */
  nextWake(afterMs: number): Promise<number | null>;
}

/** Where players are, durably. */
export interface PlaceStore {
  /** The player's place, as all notes before this call leave it; made when it has none yet. */
  place(player: PlayerId): Promise<Place>;
  /** Durable when it resolves. Notes on one player are written in the order of the calls. */
  note(player: PlayerId, note: PlaceNote): Promise<void>;
}

/** What is kept of zones behind their checkpoints. */
export interface ZoneHistory {
  /** null: there is no zone of this name, and none with this id. */
  zone(nameOrId: string): Promise<ZoneInfo | null>;
  /** The zones beside it now, by `dy`, `dx` and id. */
  neighbors(zone: ZoneId): Promise<readonly ZoneNeighbor[]>;
  /** The newest state that is kept and not above `tick`, from which every later tick of the journal can be played again; null: none is. */
  base(zone: ZoneId, tick: TickNumber): Promise<KeptState | null>;
  /** The journal above `after`, up to `upTo`, by rising tick; at most `limit` rows. */
  rows(zone: ZoneId, after: TickNumber, upTo: TickNumber, limit: number): Promise<readonly JournalRow[]>;
  /** The ticks that can be played again: above `after`, up to `upTo`; null: none can. */
  range(zone: ZoneId): Promise<{ readonly after: TickNumber; readonly upTo: TickNumber } | null>;
  /** The newest tick in the journal; null: none is. */
  newest(zone: ZoneId): Promise<TickNumber | null>;
  /** The small number that journals have for that player; null: nobody has this id, or was ever in the world. */
  playerNumber(player: PlayerId): Promise<number | null>;
}

/** What a server owns: the world as a whole. */
export interface WorldStore {
  /** The first tick number that nobody has ever seen. */
  readonly firstTick: TickNumber;
  /** From which the seeds of all ticks come. */
  readonly secret: string;
  /** When this server took the world over: its start has noted this time for all who could come back then. Milliseconds since 1970. */
  readonly beganAtMs: number;
  /** Ticks below `upTo` may be used once this resolves. */
  reserveTicks(upTo: TickNumber): Promise<void>;
  /** Says that the world lives, and checks that it is still ours. Rejects with `OwnershipLostError` when not. */
  heartbeat(nowMs: number): Promise<void>;
  /** Deletes history behind the checkpoints: older than `keepMs`, and the oldest beyond `maxBytes`. */
  trimJournal(nowMs: number, keepMs: number, maxBytes: number): Promise<void>;
}

// ─── simulation: where game code runs ───

/**
 * Game code, and the entities it works on. A zone is *resident* from `load` to `drop`. `step` stages a
 * tick; the next `step`, `checkpoint` or read of the zone names what was committed since: staged ticks not
 * above it are adopted. `abandon` takes the staged tick back.
 */
export interface Simulation {
  load(zone: StoredZone): Promise<LoadedZone>;
  /** Rejects with `GameStepError`; nothing is staged then. */
  step(request: StepRequest): Promise<StepAnswer>;
  /** Runs a tick that is not to be kept, on what was adopted last. null: it succeeds; else what went wrong. */
  probe(request: StepRequest): Promise<string | null>;
  /** A copy of a zone that is resident nowhere, to try on what made it fail; in a host of its own. */
  scratch(zone: StoredZone): Scratch;
  adopt(zone: ZoneId, tick: TickNumber): void;
  abandon(zone: ZoneId, tick: TickNumber): void;
  /** Spoils the zone's next tick. Absent, and without effect, where that is not allowed. */
  spoil?(zone: ZoneId, how: Spoiling): void;
  /** The number of the thread that hosts the zone, from 0; null: none does. Absent where there are none. */
  threadOf?(zone: ZoneId): number | null;
  drop(zone: ZoneId): void;
  /** This change (of a tick that is committed and adopted) is to be seen from the zones beside it. */
  showBorder(zone: ZoneId, change: string): void;
  /** What is committed of a zone that `zone` lies beside, as long as that is resident nowhere. Rejects when it cannot be read. */
  showStored(zone: ZoneId, neighbor: StoredZone): Promise<void>;
  /** The zone is no more: those beside it see nothing there. */
  forget(zone: ZoneId): void;
  /** As of the last adopted tick, with what changed since the last call for this zone. */
  checkpoint(zone: ZoneId): Promise<Pick<ZoneCheckpoint, 'tick' | 'body' | 'changed' | 'gone'>>;
  entities(zone: ZoneId, area: Area | null): Promise<readonly StoredEntity[]>;
  entity(zone: ZoneId, id: EntityId): Promise<StoredEntity | null>;
  /** What this player would see now, through `getPlayerState`. */
  view(
    zone: ZoneId,
    player: { readonly id: PlayerId; readonly username: string; readonly document: JsonObject | null },
  ): Promise<JsonObject>;
  /** The game's `place`; null too when it throws, is late, or names a zone that is not there. */
  place(
    player: { readonly id: PlayerId; readonly username: string; readonly document: JsonObject | null },
    zones: readonly ZoneInfo[],
  ): Promise<ZoneId | null>;
  /** The game's `admit`; false too when it throws or is late. */
  admit(
    zone: ZoneInfo,
    player: { readonly id: PlayerId; readonly username: string; readonly document: JsonObject | null },
    present: number,
  ): Promise<boolean>;
}

export interface Scratch {
  /** As `Simulation.probe`. A tick that never ends is ended, and has gone wrong. */
  probe(request: StepRequest): Promise<string | null>;
  close(): Promise<void>;
}

// ─── sockets ───

export type CloseCode = 1001 | 1008 | 1009 | 1011 | 1013 | 4401 | 4408 | 4409;

/** One client's socket. Nothing here throws; a dead socket ignores everything. */
export interface Wire {
  /** How it wants what it is sent: as JSON texts, or in `gridstead.v1.bin`. */
  readonly encoding: Viewing['encoding'];
  /** A message as JSON text, in whatever encoding the socket has. */
  send(text: string): void;
  /**
   * One message of the socket's own encoding, in two parts. `head`: a character for each byte, 0 to 255. Nobody writes to `body`
   * afterwards: other sockets get it too.
   */
  sendParts(head: string, body: Uint8Array): void;
  /** What `write` sends leaves in one piece, as far as the socket can do that. */
  together(write: () => void): void;
  /** Bytes that the client has not taken yet. */
  bufferedBytes(): number;
  close(code: CloseCode, reason: string): void;
}
