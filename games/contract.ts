/**
 * What a game is to Gridstead: the types a game module is written against.
 * A game is a value that satisfies `GameModule`. It is given facts (entities, intents, players) and
 * returns what changes; it never reads a clock, waits, or writes to what it was given. This file
 * holds vocabulary only; everything behind it is the framework's.
 */

/** A schema that checks data of a player: a Joi schema, or anything that validates as one does. */
export interface Schema {
  validate(value: unknown, options?: object): { error?: { message: string; details?: readonly SchemaDetail[] }; value: unknown };
}
/** One complaint of a schema: where in the value, and what was expected there. */
export interface SchemaDetail {
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/** A JSON object. What crosses the contract is plain JSON: no dates, functions, NaN or cycles. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** A zone as everybody may see it. Sizes are in whole cells, 1 to 1,000,000. */
export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Public: never put here what a player must not know. */
  readonly metadata: JsonObject;
}

/** A rectangle of whole cells; `x`, `y` is its lowest corner. With width or height 0 it is a point. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A thing on the grid. 0×0 is allowed: it overlaps nothing and is found by point and area. */
export interface Entity extends Area {
  readonly id: string;
  readonly metadata: JsonObject;
}

/** A zone's entities, read-only, through the zone's grid index. Iterates in the order of creation. */
export interface EntitySet extends Iterable<Entity> {
  readonly size: number;
  get(id: string): Entity | undefined;
  /** Those that cover this cell, 0×0 ones that lie on it included. */
  at(x: number, y: number): Entity[];
  /** Those that overlap this area, 0×0 ones whose point is in it included. Touching is not overlapping. */
  inArea(area: Area): Entity[];
  /** The others that overlap this entity; none for a 0×0 one, and no 0×0 ones. */
  overlapping(entity: Entity): Entity[];
}

/** A zone that lies beside this one. `dx`, `dy`: where its origin lies in this zone's coordinates, in cells. */
export interface Neighbor {
  readonly id: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly dx: number;
  readonly dy: number;
}

/** An entity of a zone beside this one, in this zone's coordinates: they may be negative, or beyond its size. */
export interface BorderEntity extends Entity {
  readonly zoneId: string;
  /**
   * How many ticks ago the state shown here was committed: 1 where both zones keep pace, more where that one is
   * asleep, stalled or being restored. 0: this very zone sent it there in this tick.
   */
  readonly age: number;
}

/**
 * Entities of the zones beside this one that lie within `GameModule.border` cells of its edge, read-only. By zone, then
 * by id. One that has just left for a zone beside this one is among them until it is seen there, so that nothing
 * blinks; an id is never here and among the zone's own entities at once.
 */
export interface BorderSet extends Iterable<BorderEntity> {
  readonly size: number;
  get(id: string): BorderEntity | undefined;
  /** Those that overlap this area, 0×0 ones whose point is in it included. */
  inArea(area: Area): BorderEntity[];
}

/** A player, with its own document: null at first, kept while the player is away. */
export interface Player {
  readonly id: string;
  readonly username: string;
  readonly state: JsonObject | null;
}

/** One thing a player asked for. `data` has passed the game's schema, where there is one. */
export interface ReceivedIntent<Data = JsonObject> {
  readonly playerId: string;
  readonly data: Data;
  readonly seq?: number;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

/** A transfer that came back: the entity is where it was. */
export interface ReturnedTransfer {
  readonly id: string;
  readonly toZone: string;
  readonly reason: ReturnReason;
}
export type ReturnReason = 'gone' | 'quarantined' | 'too_small' | 'full' | 'refused' | 'failed';

/**
 * What a tick of another zone sent here by `sends`: taken by exactly one committed tick, whatever crashes in between.
 * One that could not be taken comes back to its sender as an effect with `returned`.
 */
export interface Effect {
  /** Who sent it; of one that came back, the zone that did not take it. */
  readonly fromZone: string;
  /** The sender's tick. */
  readonly tickNumber: number;
  readonly data: JsonObject;
  /** It is this zone's own: its target is gone, is quarantined, or failed with it. */
  readonly returned?: Extract<ReturnReason, 'gone' | 'quarantined' | 'failed'>;
}

/** What one tick of one zone is given. Everything in it is frozen. */
export interface Tick<Data = JsonObject> {
  readonly zone: Zone;
  readonly entities: EntitySet;
  /** In the order in which they arrived. */
  readonly intents: readonly ReceivedIntent<Data>[];
  /** Who is here now. */
  readonly players: readonly Player[];
  /** Who is here and was not at the zone's last committed tick. */
  readonly joined: readonly Player[];
  /** Who was here at the zone's last committed tick and is no more. */
  readonly left: readonly Player[];
  readonly returned: readonly ReturnedTransfer[];
  /** In the order in which they were sent. */
  readonly effects: readonly Effect[];
  /** The zones that `WorldSetup.connect` laid beside this one, by `dy`, then by `dx`. */
  readonly neighbors: readonly Neighbor[];
  /** Empty without `GameModule.border`. */
  readonly border: BorderSet;
  readonly tickNumber: number;
  /** Milliseconds since 1970, never before the zone's last committed tick. */
  readonly now: number;
  /** Milliseconds since the zone's last committed tick; sleep, pause and downtime count. */
  readonly elapsedMs: number;
  /** A number in [0, 1): the same tick gives the same numbers. */
  random(): number;
  /** A fresh entity id, from the same source. */
  newId(): string;
}

/** An entity to make. `id` only from `newId()`; width and height default to 1, metadata to {}. */
export interface EntityCreate {
  readonly id?: string;
  readonly x: number;
  readonly y: number;
  readonly width?: number;
  readonly height?: number;
  readonly metadata?: object;
}
/** What changes of an entity; absent fields stay. `metadata` replaces the whole object. */
export interface EntityUpdate {
  readonly id: string;
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly metadata?: object;
}
/** Moves an entity to another zone; the players named in `follow` go with it. */
export interface Transfer {
  readonly id: string;
  readonly toZone: string;
  readonly x: number;
  readonly y: number;
  readonly follow?: readonly string[];
}
/** Something for a tick of another zone to see, in its `effects`. The zone itself may be named too. */
export interface Send {
  readonly toZone: string;
  readonly data: object;
}
/** A message to one player of the zone; `type` is never one of the protocol's. */
export interface GameMessage {
  readonly playerId: string;
  readonly type: string;
  readonly [field: string]: unknown;
}

/**
 * What a tick changes, applied in this order: creates, updates (those of one entity in their
 * order), transfers, deletes. An unknown id, an entity outside its zone or not on whole cells, a
 * second transfer of one entity, a transfer to its own zone, a player named by two transfers,
 * a reserved key or message type make the whole result malformed: nothing of it is applied.
 */
export interface TickResult {
  readonly creates?: readonly EntityCreate[];
  readonly updates?: readonly EntityUpdate[];
  readonly transfers?: readonly Transfer[];
  readonly deletes?: readonly string[];
  /** For the broadcast of this tick; never an entity list. */
  readonly events?: readonly object[];
  /** Further keys of the broadcast; never `zone_id`, `entities` or `events`. */
  readonly extras?: object;
  readonly messages?: readonly GameMessage[];
  /** At most 1,000. What cannot be delivered comes back as an effect of this zone's own. */
  readonly sends?: readonly Send[];
  /** Added to counters of the game, shown in /metrics as `<game>_<name>_total` once the tick is committed. Names: `[a-z][a-z0-9_]*`, up to 64 characters; values from 0. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** Replaces the player's document, durable with this very tick. */
  readonly playerStates?: readonly { readonly playerId: string; readonly state: object | null }[];
  /** Replaces the zone's public metadata. */
  readonly zoneMetadata?: object;
  /** Milliseconds since 1970: run this zone again then, although nobody is there. Absent leaves the wish, null clears it. */
  readonly wakeAt?: number | null;
}

/** The unfiltered state of a zone after a tick; what a view is made from. */
export interface ZoneState {
  readonly zone_id: string;
  readonly entities: readonly Entity[];
  readonly events: readonly object[];
  readonly [extra: string]: unknown;
}

/** What `getPlayerState` is given: the zone after the tick was applied, and who looks. */
export interface PlayerView {
  readonly zone: Zone;
  readonly player: Player;
  readonly entities: EntitySet;
  readonly neighbors: readonly Neighbor[];
  /** What can be seen over the border, as in the tick; it is in no view by itself. */
  readonly border: BorderSet;
  /** Everything: what leaves this function is what the player gets. */
  readonly state: ZoneState;
  readonly tickNumber: number;
  /** The tick of the last message that this player was sent, over handovers too; null: it has had none, or asks for everything again. */
  readonly sinceTick: number | null;
}

/** Making the world, once at each start, before anybody is let in. Makes what is not there yet. */
export interface WorldSetup {
  zones(): Zone[];
  /** The standing zone where the name is taken. */
  createZone(zone: { name: string; width: number; height: number; metadata?: object }): Promise<Zone>;
  /** In a zone that has no entities yet; else nothing, and []. Answers the new ids. */
  createEntities(zoneId: string, entities: readonly Omit<EntityCreate, 'id'>[]): Promise<string[]>;
  /**
   * Lays two zones side by side: `offset` is where b's origin lies in a's coordinates, in whole cells. Each sees the
   * other; again with another offset moves them. Durable when it resolves, until one of the zones is deleted.
   */
  connect(a: string, b: string, offset: { readonly dx: number; readonly dy: number }): Promise<void>;
}

/** A request to a route of the game. */
export interface RouteRequest {
  /** null on a route with `auth: false` when nobody is logged in. */
  readonly player: { readonly id: string; readonly username: string } | null;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}
export type RouteHandler = (request: RouteRequest) => unknown;
export interface RouteOptions {
  /** Checks the body of a POST, the query of a GET or DELETE. */
  readonly schema?: Schema;
  /** false: no session needed. Default true. */
  readonly auth?: boolean;
}
/** REST routes of a game, under /v1. Paths as express takes them: `/planets/:id`. */
export interface GameRoutes {
  get(path: string, options: RouteOptions, handler: RouteHandler): void;
  get(path: string, handler: RouteHandler): void;
  post(path: string, options: RouteOptions, handler: RouteHandler): void;
  post(path: string, handler: RouteHandler): void;
  delete(path: string, options: RouteOptions, handler: RouteHandler): void;
  delete(path: string, handler: RouteHandler): void;
  /** What this player would see of that zone now, through `getPlayerState`. Wakes the zone. */
  view(zoneId: string, player: { id: string; username: string }): Promise<object>;
  /** Queues an intent, wakes the zone, and answers after the commit. */
  intent(zoneId: string, player: { id: string; username: string }, data: object): Promise<'applied' | 'dropped'>;
}

/** A game. `name` and `onTick` are all it must have. */
export interface GameModule<Data = JsonObject> {
  readonly name: string;
  /** Once at start, alone. */
  init?(world: WorldSetup): void | Promise<void>;
  /** Each live zone, each tick. Synchronous and pure: the same tick gives the same result. */
  onTick(tick: Tick<Data>): TickResult;
  /** What one player sees: the only door to clients. Default: `view.state` whole. */
  getPlayerState?(view: PlayerView): object;
  /** Schemas by `data.type`, checked before the queue. Absent: any object is an intent. */
  readonly intents?: Readonly<Record<string, Schema>>;
  /** Further client message types: intents in all but name, `data` being the whole message. */
  readonly messages?: Readonly<Record<string, Schema>>;
  /**
   * How many cells this game sees over the edge of a zone: whole, 1 to 1,000,000. Absent: nothing of other zones is
   * given, and nothing is paid for it. A zone beside one with players in it is live.
   */
  readonly border?: number;
  routes?(api: GameRoutes): void;
  /** Where a player that joins is subscribed; null: nowhere. */
  place?(player: Player, zones: readonly Zone[]): string | null;
  /** false: this player may not enter now. */
  admit?(zone: Zone, player: Player, present: number): boolean;
}
