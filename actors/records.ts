/**
 * What is durable, as plain data: zones, entities, players and their places, and what commits, checkpoints and inboxes carry.
 * Written and read through the ports of `ports.ts`; how it is stored is left to the adapters.
 */
import type { Area, JsonObject, Neighbor, ReturnReason, Zone } from '../games/contract.js';
import type { EntityId, PlayerId, SessionId, TickNumber, ZoneId } from './ids.js';

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
export type PlaceMove = JoinedMove | LeftMove;

/** A zone takes the player over, with the stay it had before. */
export interface JoinedMove {
  readonly type: 'joined';
  readonly player: PlayerId;
  readonly stay: number;
}

/** A zone gives the player back, with the stay it had there. */
export interface LeftMove {
  readonly type: 'left';
  readonly player: PlayerId;
  readonly stay: number;
  readonly document: JsonObject | null;
  readonly mark: SeqMark;
}

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
  /** Absent or undefined: as it was. */
  readonly metadata?: JsonObject | undefined;
  readonly wakeAtMs?: number | null | undefined;
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
  /** The wish of a zone that goes to sleep with it. Absent or undefined: as its row has it. */
  readonly wakeAtMs?: number | null | undefined;
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

/** What a tick said that not everybody has been shown yet, as JSON. */
export interface UnseenEvents {
  readonly tick: TickNumber;
  readonly events: string;
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
  /** Of committed ticks, in their order; absent: none. Nor does the store know these. */
  readonly unseenEvents?: readonly UnseenEvents[];
  /** The zone counts as ticked until then, although it wrote nothing (it was live at a kill); null: no. */
  readonly tickedUntilMs: number | null;
}

/** A zone's whole state as of a tick, as a checkpoint has it. */
export interface KeptState {
  readonly tick: TickNumber;
  readonly body: Uint8Array;
}
