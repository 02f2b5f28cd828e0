/** Builders for tests of the simulation: ids, zones, players, inbox rows and requests, and one zone ready to tick. */
import type { EntityId, PlayerId, ZoneId } from '../../../actors/ids.js';
import type {
  EntityParcel,
  HeldPlayer,
  InboxRow,
  InboxSend,
  StoredEntity,
  StoredZone,
  ZoneInfo,
} from '../../../actors/records.js';
import type { QueuedIntent, StepRequest, ViewerGroup } from '../../../actors/steps.js';
import type { GameModule, JsonObject, Tick } from '../../../games/contract.js';
import { TickRandom } from '../../../src/simulation/random.js';
import { ResidentZone, type ZoneRules } from '../../../src/simulation/resident-zone.js';
import { scripted } from '../../support/games.js';

export const HOME = zoneId(1);
export const AWAY = zoneId(2);
export const CREATED_AT_MS = 1_000;

export function zoneId(number: number): ZoneId {
  return uuid('a', number) as ZoneId; // ids of tests are made here
}
export function playerId(number: number): PlayerId {
  return uuid('b', number) as PlayerId; // as above
}
export function entityId(number: number): EntityId {
  return uuid('c', number) as EntityId; // as above
}

export function zone(fields: Partial<ZoneInfo> = {}): ZoneInfo {
  return {
    id: HOME,
    name: 'home',
    width: 20,
    height: 10,
    metadata: {},
    createdAtMs: CREATED_AT_MS,
    updatedAtMs: CREATED_AT_MS,
    ...fields,
  };
}

export function stored(fields: Partial<StoredZone> = {}): StoredZone {
  return {
    info: zone(),
    epoch: 1,
    checkpoint: null,
    journal: [],
    inbox: [],
    held: [],
    neighbors: [],
    departed: [],
    wakeAtMs: null,
    tickedUntilMs: null,
    ...fields,
  };
}

export function held(number: number, fields: Partial<HeldPlayer> = {}): HeldPlayer {
  const mark = { run: 1, highest: 0, dropped: [] };
  return { id: playerId(number), username: `player${number}`, number, stay: 4, document: null, mark, ...fields };
}

export function entity(number: number, fields: Partial<StoredEntity> = {}): StoredEntity {
  return { id: entityId(number), x: 3, y: 4, width: 1, height: 1, metadata: {}, createdAtMs: 10, updatedAtMs: 20, ...fields };
}

export function intent(number: number, seq: number | null, data: JsonObject = { type: 'wave' }, run = 1): QueuedIntent {
  const isNumbered = seq !== null;
  return {
    player: playerId(number),
    number: isNumbered ? number : null,
    run: isNumbered ? run : null,
    seq,
    data,
    receivedAtMs: 1_500,
  };
}

/** An arrival from AWAY with these followers, whose stay in force is one above what they had. */
export function arrival(
  id: number,
  number: number,
  followers: readonly HeldPlayer[] = [],
  fields: Partial<InboxRow> = {},
): InboxRow & { readonly parcel: EntityParcel } {
  return {
    id,
    to: HOME,
    from: AWAY,
    tick: 1,
    kind: 'arrival',
    reason: null,
    followers: followers.map((player) => ({ player: player.id, stay: player.stay + 1 })),
    ...fields,
    parcel: { entity: entity(number), origin: { x: 7, y: 8 }, followers },
  };
}

/** As the store makes a row of what a zone sends. */
export function rowOf(id: number, from: ZoneId, send: InboxSend): InboxRow {
  return { ...send, id, from, followers: send.parcel.followers.map((player) => ({ player: player.id, stay: player.stay + 1 })) };
}

export function request(tick: number, fields: Partial<StepRequest> = {}): StepRequest {
  return {
    zone: HOME,
    tick,
    nowMs: CREATED_AT_MS + tick * 100,
    intents: [],
    joins: [],
    leaves: [],
    inbox: [],
    viewers: [],
    ...fields,
  };
}

export function rules(game: GameModule, fields: Partial<ZoneRules> = {}): ZoneRules {
  return {
    game,
    random: (zone, tick) => TickRandom.of('secret', zone, tick),
    maxZoneBytes: 1_000_000,
    admit: () => true,
    border: null,
    monotonicMs: () => 0,
    ...fields,
  };
}

export function resident(game: GameModule, from: StoredZone = stored(), fields: Partial<ZoneRules> = {}): ResidentZone {
  return new ResidentZone(from, rules(game, fields));
}

/** The committed state of a zone as text, by way of its checkpoint. */
export function textOf(zone: ResidentZone): string {
  return Buffer.from(zone.checkpoint().body).toString();
}

/** What `call` throws, as an error. */
export function thrownBy(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}

function uuid(kind: string, number: number): string {
  return `${kind.repeat(8)}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** A game that does nothing but remember what it was given. */
export function watching(ticks: Tick[]): GameModule {
  return scripted((tick) => {
    ticks.push(tick);
    return {};
  });
}

/** These players, sent whole states in JSON. */
export function viewers(sinceTick: number, ...numbers: number[]): ViewerGroup[] {
  return [{ sinceTick, lastTick: null, encoding: 'json', sync: 'snapshot', base: null, numbers }];
}
