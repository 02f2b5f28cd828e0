/**
 * What the edges ask of the running world: the vocabulary of the REST and debug calls, and of the sockets.
 * The world that answers is built in `src/compose.ts`; who may ask is decided at the edge.
 */
import type { Area, JsonObject } from '../games/contract.js';
import type { Costs } from './costs.js';
import type { ConnectionId, EntityId, PlayerId, SessionId, TickNumber, ZoneId } from './ids.js';
import type { Wire } from './ports.js';
import type { Recording } from './recorder.js';
import type { StoredEntity, ZoneInfo, ZoneLink } from './records.js';
import type { Spoiling } from './steps.js';
import type { NewZone } from './supervisor/creation.js';
import type { Witnessed } from './witnessing.js';
import type { ZonePhase } from './zone/slot.js';

/** One actor in the tree that the debug endpoint shows. */
export interface ActorView {
  readonly id: string;
  readonly kind: 'supervisor' | 'scheduler' | 'zone-group' | 'zone' | 'connection';
  /** XState's state value, with the step of the tick below it where there is one. */
  readonly state: unknown;
  readonly mailbox_length: number;
  readonly restarts: number;
  readonly last_error: { readonly message: string; readonly at: string } | null;
  /** Milliseconds; null for those who run no ticks. */
  readonly timings: {
    readonly last_tick: number;
    readonly step_ms: number;
    readonly intents_ms: number;
    readonly rules_ms: number;
    readonly views_ms: number;
    readonly encoding_ms: number;
    readonly commit_ms: number;
    readonly send_ms: number;
    /** What a tick keeps a thread busy with, on average. */
    readonly mean_work_ms: number;
    readonly missed_ticks: number;
  } | null;
  /** Further facts: zone name, epoch, subscribers… */
  readonly [detail: string]: unknown;
  readonly children?: readonly ActorView[];
}

export interface ConnectionView {
  readonly connection_id: ConnectionId;
  readonly player_id: PlayerId;
  readonly username: string;
  readonly zone_id: ZoneId | null;
  readonly connected_at: string;
  readonly rtt_ms: number | null;
  readonly buffered_bytes: number;
  readonly dropped_snapshots: number;
}

/** Counts and times only, no names. Milliseconds, unless a name says otherwise. */
export interface WorldStatus {
  readonly tick: {
    readonly paused: boolean;
    readonly tick_number: TickNumber;
    readonly tick_interval_ms: number;
    readonly drift_ms: number;
    readonly last_duration_ms: number;
    readonly p99_duration_ms: number;
    readonly skipped_ticks: number;
    /** Where the time of a tick goes: of all zones together, on average over the newest ticks. */
    readonly costs_ms: Costs;
  };
  readonly queues: { readonly intents: number; readonly commits: number; readonly inbox: number };
  readonly live_zones: number;
  readonly connections: number;
}

/** What is down, in words for an operator; [] when all is well. */
export type Ailments = readonly ('store' | 'tick_loop')[];

/** A player's document as it is written. `zone`: whose state has it; null: nobody holds the player, and its own row has it. */
export interface SavedPlayer {
  readonly zone: ZoneId | null;
  readonly document: JsonObject | null;
}

/** A zone that is awake, in short. */
export interface ZoneState {
  readonly zone: ZoneId;
  readonly phase: ZonePhase;
  /** The last one that it committed. */
  readonly tick: TickNumber;
  readonly missed: number;
  readonly restarts: number;
  readonly present: number;
  readonly mailbox: number;
}

/** The world, as REST sees it. Reads of a live zone answer from its last committed tick. */
export interface WorldControl {
  /** By name, after `cursor` (a name); all of them without a limit. */
  listZones(page: { readonly limit?: number; readonly cursor?: string }): {
    readonly zones: readonly ZoneInfo[];
    readonly next: string | null;
  };
  zone(id: ZoneId): ZoneInfo | null;
  createZone(zone: NewZone): Promise<ZoneInfo | 'name_taken'>;
  deleteZone(id: ZoneId): Promise<'deleted' | 'not_found'>;
  /** Resolves once no tick runs any more. */
  pause(): Promise<TickNumber>;
  resume(): TickNumber;
  /** 'running': only a paused world is stepped. Resolves once each live zone has committed and sent, or missed, that tick. */
  step(): Promise<{ readonly tick: TickNumber; readonly missed: readonly ZoneId[] } | 'running'>;
  isPaused(): boolean;
  entities(zone: ZoneId, area: Area | null): Promise<readonly StoredEntity[] | null>;
  entity(id: EntityId): Promise<{ readonly zone: ZoneId; readonly entity: StoredEntity } | null>;
  /** Writes a checkpoint of whatever has this player's document, and answers what it has. Rejects with `StoreUnavailableError`. */
  checkpointPlayer(player: { readonly id: PlayerId; readonly username: string }): Promise<SavedPlayer>;
  /** Begins to record what happens; to be closed. */
  watch(): Recording;
  /**
   * The next view of that player, or of anyone in the zone, beside what the game shows it; that one message is whole. null: this
   * time nothing can be said. Rejects when the game fails at the view, or it cannot be read.
   */
  witness(zone: ZoneId, player: PlayerId | null): Promise<Witnessed | null>;
  zoneStates(): readonly ZoneState[];
  /** How zones lie, as they were when the world began; [] for a game that does not look over borders. */
  links(): readonly ZoneLink[];
  /** Reads it again from its last commit, whatever it is waiting for. false: it is not awake. */
  restartZone(zone: ZoneId): boolean;
  /** Takes it out of the world for half a minute. false: it is not live. */
  quarantineZone(zone: ZoneId): boolean;
  /** The session that the player is connected with; null: it is not. */
  sessionOf(player: PlayerId): SessionId | null;
  /** The zone's next tick fails, or never ends: to see what comes of that. Does nothing unless the server allows it. */
  spoilNextTick(zone: ZoneId, how: Spoiling): void;
  zoneActor(zone: ZoneId): ActorView | null;
  actors(): ActorView;
  connections(): readonly ConnectionView[];
  /** What was sent to each so far, in bytes, by type of message. */
  sentBytes(): ReadonlyMap<ConnectionId, Readonly<Record<string, number>>>;
  status(): WorldStatus;
  ailments(): Ailments;
  /** Closes the open sockets of a session that has ended, with 4401, and forgets what could resume it. */
  sessionEnded(session: SessionId): void;
}

/** Who a token stands for. */
export interface Identity {
  readonly player: PlayerId;
  readonly username: string;
  readonly session: SessionId;
  /** null: until logout. Milliseconds since 1970. */
  readonly expiresAtMs: number | null;
  readonly role: 'player' | 'debug';
}

/** A message of a client after the edge has parsed and checked it. `game`: a type that the game declares, `data` being the whole message. */
export type ClientMessage =
  | { readonly type: 'hello'; readonly token: string; readonly resume: string | null }
  | {
      readonly type: 'subscribe';
      readonly zoneId: ZoneId | null;
      readonly sync: 'snapshot' | 'delta';
      readonly acks: 'each' | 'tick';
    }
  | { readonly type: 'unsubscribe' }
  | { readonly type: 'resync' }
  | { readonly type: 'intent'; readonly data: JsonObject; readonly seq: number | null }
  | { readonly type: 'ping'; readonly t: unknown };

/** What the edge could not accept. `seq`: the message had a valid number, which counts as dropped. */
export interface Refusal {
  readonly code: 'bad_request' | 'rate_limited';
  readonly message: string;
  readonly seq: number | null;
  /** true: malformed by the protocol; ten of these within ten seconds close the socket. */
  readonly malformed: boolean;
}

/** One socket's messages, handed to its connection actor. Calls after `closed` are ignored. */
export interface ConnectionInput {
  message(message: ClientMessage): void;
  refused(refusal: Refusal): void;
  /** A pong came: the round trip in milliseconds. */
  roundTrip(ms: number): void;
  /** The socket has written what was waiting. */
  drained(): void;
  closed(): void;
}

/** Lets sockets in. `identity`: what the upgrade request already proved (header or query token); null: a `hello` must come. `badToken`: it had one that is dead. */
export interface ConnectionHost {
  accept(wire: Wire, proof: { readonly identity: Identity | null; readonly badToken: boolean }): ConnectionInput;
  /** Sockets now. */
  count(): number;
}

/** Turns a token into who it stands for; null: bad or dead. Rejects when the database is away. */
export type Authenticate = (token: string) => Promise<Identity | null>;
