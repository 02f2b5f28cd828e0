/**
 * What the running world needs from outside, in its own words: time, durable storage, a place
 * where game code runs, and a socket. Adapters in `src` bend to these; nothing here knows SQL, threads or ws.
 * Everything that crosses a port is plain data, so that it can cross a thread or a process unchanged.
 */
import type { Area, JsonObject, Neighbor, ReturnReason, Zone } from '../games/contract.js';
import type { EntityId, PlayerId, SessionId, TickNumber, ZoneId } from './ids.js';

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

/** A zone with what only the framework and the REST API show besides. Times: milliseconds since 1970. */
export interface ZoneInfo extends Zone {
  readonly id: ZoneId;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A zone beside another one, as that one sees it. */
export interface ZoneNeighbor extends Neighbor {
  readonly id: ZoneId;
}

/** One direction of a connection: where `neighbor`'s origin lies in `zone`'s coordinates, in cells. Each has its opposite. */
export interface ZoneLink {
  readonly zone: ZoneId;
  readonly neighbor: ZoneId;
  readonly dx: number;
  readonly dy: number;
}

/** An entity as it is stored and shown to the debug role. */
export interface StoredEntity extends Area {
  readonly id: EntityId;
  readonly metadata: JsonObject;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/**
 * How far a player's numbered intents have been applied. `run` is a numbering run: a join without
 * `resume` begins one. `dropped`: the numbers below `highest` that were not applied, ascending, the newest 256.
 */
export interface SeqMark {
  readonly run: number;
  readonly highest: number;
  readonly dropped: readonly number[];
}

/** A player as its holder (a zone, or an inbox row on the way to one) knows it, whole. */
export interface HeldPlayer {
  readonly id: PlayerId;
  readonly username: string;
  /** A small integer of the player's own, durable: what journals use instead of a UUID. */
  readonly number: number;
  /** Raised by every change of hands; what a zone with an older one says about the player is dropped. */
  readonly stay: number;
  readonly document: JsonObject | null;
  readonly mark: SeqMark;
}

/** A resume token that works: only its hash is kept, with the session that it dies with. */
export interface ResumeToken {
  readonly hash: string;
  readonly session: SessionId;
}

/** A player's one row of `player_places`. */
export interface Place {
  readonly player: PlayerId;
  readonly number: number;
  /** The zone whose state (or whose inbox) has document and mark; null: this row has them. */
  readonly holder: ZoneId | null;
  readonly stay: number;
  /** The zone to resume in. */
  readonly zone: ZoneId | null;
  readonly run: number;
  /** The token sent last, and that of the last connection that sent a message after its join. */
  readonly newest: ResumeToken | null;
  readonly spoken: ResumeToken | null;
  /** When the player's socket went; null while it has one. Milliseconds since 1970. */
  readonly droppedAtMs: number | null;
  /** Meaningful while `holder` is null. */
  readonly document: JsonObject | null;
  readonly mark: SeqMark;
}

/** The part of a place that changes without a change of hands. */
export type PlaceNote = Partial<Pick<Place, 'zone' | 'run' | 'newest' | 'spoken' | 'droppedAtMs'>>;

/** One tick in the journal: what changed (`body`, for recovery) and what went in (`inputs`, for replay). */
export interface JournalRow {
  readonly tick: TickNumber;
  readonly inputs: string;
  readonly body: Uint8Array;
}

/** What crosses a zone border: an entity with the players that follow it, an effect, or either of them that comes back. */
export interface InboxRow {
  /** Rises over the whole world; the only key. */
  readonly id: number;
  readonly to: ZoneId;
  readonly from: ZoneId;
  /** The sender's tick. A target takes only what was sent at a lower tick than its own. */
  readonly tick: TickNumber;
  readonly kind: 'arrival' | 'returned';
  /** Why it came back; null on an arrival. */
  readonly reason: ReturnReason | null;
  /** Who follows, with the stay that this row gives. One whose place moved on since is not in the list any more. */
  readonly followers: readonly { readonly player: PlayerId; readonly stay: number }[];
  readonly parcel: Parcel;
}

/** The contents of an inbox row. */
export type Parcel = EntityParcel | EffectParcel;

/** An entity on its way. `origin` is where it stood in the zone that sent it. */
export interface EntityParcel {
  readonly entity: StoredEntity;
  readonly origin: { readonly x: number; readonly y: number };
  /** Whole, with the stay they had before this crossing; the row's `followers` has the one in force. */
  readonly followers: readonly HeldPlayer[];
}

/** Something that a game tells another zone. */
export interface EffectParcel {
  readonly effect: JsonObject;
  /** Always []: nobody follows an effect. */
  readonly followers: readonly HeldPlayer[];
}

/** Something a commit sends: to another zone, or what came from there and could not be taken in, back again. */
export interface InboxSend {
  readonly to: ZoneId;
  readonly tick: TickNumber;
  readonly kind: 'arrival' | 'returned';
  readonly reason: ReturnReason | null;
  readonly parcel: Parcel;
}

/** A player changes hands by this commit. Refused unless holder and stay are what they are said to be; raises stay by one. */
export type PlaceMove =
  | { readonly type: 'joined'; readonly player: PlayerId; readonly stay: number }
  | {
      readonly type: 'left';
      readonly player: PlayerId;
      readonly stay: number;
      readonly document: JsonObject | null;
      readonly mark: SeqMark;
    };

/** All that one zone writes at once: applied whole or not at all. */
export interface ZoneCommit {
  readonly zone: ZoneId;
  /** As `claim` gave it; refused when it moved on. */
  readonly epoch: number;
  /** Usually one; more where ticks were shown before they were written; none for a player let go without a tick. */
  readonly rows: readonly JournalRow[];
  /** Inbox rows taken: exactly these must be deleted, or the commit is refused. */
  readonly takes: readonly number[];
  readonly sends: readonly InboxSend[];
  readonly places: readonly PlaceMove[];
  /** Absent: as it was. */
  readonly metadata?: JsonObject;
  readonly wakeAtMs?: number | null;
  readonly nowMs: number;
}

export type CommitOutcome =
  /** `sent`: the rows made, in the order of `sends`, each addressed to where it really went. */
  | { readonly type: 'committed'; readonly sent: readonly InboxRow[] }
  /** `epoch`: a later incarnation or another process owns the zone. `conflict`: a player or row was elsewhere. */
  | { readonly type: 'refused'; readonly reason: 'epoch' | 'conflict' }
  /** This zone's rows alone could not be written; the others of the batch are. */
  | { readonly type: 'failed'; readonly error: Error };

/** A zone's whole committed state as of a tick. `body` is the simulation's. */
export interface ZoneCheckpoint {
  readonly zone: ZoneId;
  readonly epoch: number;
  readonly tick: TickNumber;
  readonly body: Uint8Array;
  /** For the `entities` projection: what changed or went since the last checkpoint of this incarnation. */
  readonly changed: readonly StoredEntity[];
  readonly gone: readonly EntityId[];
  /** false: the zone goes to sleep with this. */
  readonly live: boolean;
}

/** What is known of a zone besides what is stored of it. */
export interface KnownZone {
  /** Its last committed tick, also one that wrote nothing; 0: none yet. */
  readonly tick: TickNumber;
  /** For each of its neighbors, in order: what that one sent up to this tick of its own is in the state or in `inbox`; undefined: all it ever sent. */
  readonly posted: readonly (TickNumber | undefined)[];
}

/** What a restore needs: the newest checkpoint, the journal behind it in order, and the inbox by rising id. */
export interface StoredZone {
  readonly info: ZoneInfo;
  readonly epoch: number;
  readonly checkpoint: { readonly tick: TickNumber; readonly body: Uint8Array } | null;
  readonly journal: readonly { readonly tick: TickNumber; readonly body: Uint8Array }[];
  readonly inbox: readonly InboxRow[];
  /** Who is in this zone's hands, by the places: what its state says about anybody else is out of date. */
  readonly held: readonly { readonly player: PlayerId; readonly stay: number }[];
  /** The zones beside it, by `dy`, `dx` and id. */
  readonly neighbors: readonly ZoneNeighbor[];
  /** Of a zone with neighbors: what it sent and no other has taken yet, by rising id. */
  readonly departed: readonly InboxRow[];
  readonly wakeAtMs: number | null;
  /** What the store does not know, and this process does; absent: nothing. */
  readonly known?: KnownZone;
  /** The zone counts as ticked until then, although it wrote nothing (it was live at a kill); null: no. */
  readonly tickedUntilMs: number | null;
}

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

/** A zone's whole state as of a tick, as a checkpoint has it. */
export interface KeptState {
  readonly tick: TickNumber;
  readonly body: Uint8Array;
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

/** An intent as it waits for a tick. `run` null: it came by a route of the game and has no number. */
export interface QueuedIntent {
  readonly player: PlayerId;
  /** The player's small number; null where nobody knows it here. */
  readonly number: number | null;
  readonly run: number | null;
  readonly seq: number | null;
  readonly data: JsonObject;
  readonly receivedAtMs: number;
}

/** Somebody who gets a message about this tick. */
export interface Viewer {
  readonly player: PlayerId;
  /** The player's small number. */
  readonly number: number;
  /** Events of later ticks are for it. */
  readonly sinceTick: TickNumber;
  /** The tick of the last message it was sent, whichever zone that was of; null: the game is to show it everything. */
  readonly lastTick: TickNumber | null;
  readonly encoding: 'json' | 'binary';
  readonly sync: 'snapshot' | 'delta';
  /** The tick of the last message it was sent, to build a difference on; null: the next one is whole. */
  readonly base: TickNumber | null;
}

/** What a viewer's body is; `none`: it is no player of the state, `failed`: the game failed to make its view. */
export const FRAME = { none: 0, whole: 1, delta: 2, failed: 3 } as const;

/**
 * Bodies of `tick` and `delta` messages: everything behind the type and the player's own `ack`. `table` has, for each
 * viewer of the request in its order: where its body begins, where it ends, and what it is (`FRAME`).
 */
export interface Frames {
  readonly bytes: Uint8Array;
  readonly table: Int32Array;
}

export interface StepRequest {
  readonly zone: ZoneId;
  readonly tick: TickNumber;
  readonly nowMs: number;
  readonly intents: readonly QueuedIntent[];
  /** The intents as the journal has them, where that text was made already. */
  readonly intentsText?: string;
  /** Players that nobody held and who are here now. `stay`: the one their place has before this tick. */
  readonly joins: readonly HeldPlayer[];
  /** Players of the committed state who are here no more. `gone`: they are in other hands already, and nothing is said of them any more. */
  readonly leaves: readonly { readonly player: PlayerId; readonly gone: boolean }[];
  /** Inbox rows this tick takes, by rising id. */
  readonly inbox: readonly InboxRow[];
  /** Who is subscribed and reads fast enough; [] on a tick that nobody is shown. */
  readonly viewers: readonly Viewer[];
  /** Inbox rows that this tick could take and is not given; absent: there are none. */
  readonly heldBack?: readonly InboxRow[];
}

export interface StepAnswer {
  /** null: the tick is not written (nothing went in, nothing changed). */
  readonly row: JournalRow | null;
  readonly takes: readonly number[];
  readonly sends: readonly InboxSend[];
  readonly places: readonly PlaceMove[];
  readonly metadata?: JsonObject;
  readonly wakeAtMs?: number | null;
  /**
   * Who is in the state after this tick. `stay`: as this commit makes it. `document`: where it is another than before the tick.
   * null: those who were in it before, with nothing changed but their marks, and those as `advanceMark` moves them by the tick's intents.
   */
  readonly players:
    | readonly {
        readonly player: PlayerId;
        readonly stay: number;
        readonly mark: SeqMark;
        readonly document?: JsonObject | null;
      }[]
    | null;
  readonly frames: Frames;
  /** Why the first view that failed did; null: none did. */
  readonly viewFailure: string | null;
  /** Messages of the game, ready to send, in order. */
  readonly messages: readonly { readonly player: PlayerId; readonly text: string }[];
  /** A player's document changed: the tick is to be written at once, whatever PERSIST_EVERY_TICKS says. */
  readonly savesPlayers: boolean;
  readonly timings: StepTimings;
  /** The game's own counts, by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Counted and passed over: documents for players who are not the zone's, messages to players not there. */
  readonly ignored: number;
  /** Of a zone that others see into; null: of any other. */
  readonly border: StepBorder | null;
}

/** What a tick changes of what the zones beside this one see. */
export interface StepBorder {
  /** For `Simulation.showBorder`, once the tick is committed. The simulation's; null: there is nobody to tell. */
  readonly change: string | null;
  /** Entities near the edge that the zones beside it are not shown, because there are too many. */
  readonly hidden: number;
}
/** Milliseconds. */
export interface StepTimings {
  /** Making ready what came in: intents, who joined and left, the inbox. */
  readonly intentsMs: number;
  /** The game's `onTick`, and checking and applying what it answered. */
  readonly rulesMs: number;
  readonly viewsMs: number;
  /** Writing the journal row and the bodies. */
  readonly encodingMs: number;
}

/** A zone that has been restored. */
export interface LoadedZone {
  /** The tick that the state is of; 0: none yet. */
  readonly tick: TickNumber;
  /** When the zone ticked last; milliseconds since 1970. */
  readonly tickedAtMs: number;
  readonly wakeAtMs: number | null;
  readonly metadata: JsonObject;
  readonly players: readonly HeldPlayer[];
  /** Zones beside it of which nothing is known where it is now: to be told by `showStored`. */
  readonly unseen: readonly ZoneId[];
}

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

/** How a tick is spoilt on purpose. */
export type Spoiling = 'throw' | 'hang';

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
  readonly encoding: Viewer['encoding'];
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
