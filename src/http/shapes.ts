/**
 * The shapes of the REST wire: a schema for each, and the functions that turn the world's own types into them.
 * Here alone camelCase becomes snake_case, and milliseconds become ISO-8601 text in UTC. Answers are not
 * checked against these while serving; the tests do that, and the OpenAPI document shows them.
 */
import Joi from 'joi';
import { type EntityId, type PlayerId, parseUuid, type ZoneId } from '../../actors/ids.js';
import type { StoredEntity, ZoneInfo } from '../../actors/records.js';
import { ERROR_STATUS } from './reply.js';

/** The largest zone, in cells, either way. */
export const MAX_ZONE_SIZE = 1_000_000;

const uuid = Joi.string().guid();
const time = Joi.string().isoDate();
const count = Joi.number().integer().min(0);
const json = Joi.object().unknown(true);

/** An object with all of `required`, any of `optional`, and nothing else. */
function shape(name: string, required: Joi.PartialSchemaMap, optional: Joi.PartialSchemaMap = {}): Joi.ObjectSchema {
  const keys = Object.entries(required).map(([key, schema]) => [key, Joi.compile(schema ?? Joi.any()).required()]);
  return Joi.object(Object.fromEntries(keys)).append(optional).meta({ className: name });
}

export const errorShape = shape('Error', {
  error: shape(
    'ErrorBody',
    { code: Joi.string().valid(...Object.keys(ERROR_STATUS)), message: Joi.string() },
    { details: Joi.array().items(shape('ErrorDetail', { path: Joi.string().allow(''), message: Joi.string() })) },
  ),
});

// ─── accounts ───

export const accountShape = shape('Account', { id: uuid, username: Joi.string(), created_at: time });
export const loginShape = shape('Login', {
  token: Joi.string(),
  expires_at: time.allow(null),
  player: shape('PlayerName', { id: uuid, username: Joi.string() }),
});
export const meShape = shape('Me', {
  id: uuid,
  username: Joi.string(),
  role: Joi.string().valid('player', 'debug'),
  created_at: time,
  last_login: time.allow(null),
});

// ─── zones and entities ───

const area = {
  x: Joi.number().integer(),
  y: Joi.number().integer(),
  width: count,
  height: count,
};
export const zoneShape = shape('Zone', {
  id: uuid,
  name: Joi.string(),
  width: count,
  height: count,
  metadata: json,
  created_at: time,
  updated_at: time,
});
export const zonesShape = shape('ZonePage', { zones: Joi.array().items(zoneShape) }, { next_cursor: Joi.string() });
export const entityShape = shape('Entity', {
  id: uuid,
  zone_id: uuid,
  ...area,
  metadata: json,
  created_at: time,
  updated_at: time,
});
export const entitiesShape = shape('Entities', { entities: Joi.array().items(entityShape) });

// ─── looking inside ───

const zoneTimings = shape('ActorTimings', {
  last_tick: count,
  step_ms: Joi.number(),
  intents_ms: Joi.number(),
  rules_ms: Joi.number(),
  views_ms: Joi.number(),
  encoding_ms: Joi.number(),
  commit_ms: Joi.number(),
  send_ms: Joi.number(),
  mean_work_ms: Joi.number(),
  missed_ticks: count,
});

export const actorShape = shape(
  'Actor',
  {
    id: Joi.string(),
    kind: Joi.string(),
    state: Joi.any(),
    mailbox_length: count,
    restarts: count,
    last_error: shape('ActorError', { message: Joi.string().allow(''), at: time }).allow(null),
    timings: zoneTimings.allow(null),
  },
  {
    slowest_zones: Joi.array().items(shape('SlowZone', { zone_id: uuid, name: Joi.string(), timings: zoneTimings })),
    // joi-to-swagger does not know `link`, so the document gets the reference by hand.
    children: Joi.array()
      .items(Joi.link('#actorTree'))
      .meta({ swagger: { type: 'array', items: { $ref: '#/components/schemas/Actor' } }, swaggerOverride: true }),
  },
)
  .unknown(true)
  .id('actorTree');
export const zoneStateShape = shape('ZoneState', {
  zone: zoneShape,
  entities: Joi.array().items(entityShape),
  // A name of its own: what may be null here is not null elsewhere.
  actor: actorShape.allow(null).meta({ className: 'ActorOrNull' }),
});
export const connectionsShape = shape('Connections', {
  connections: Joi.array().items(
    shape('Connection', {
      connection_id: uuid,
      player_id: uuid,
      username: Joi.string(),
      zone_id: uuid.allow(null),
      connected_at: time,
      rtt_ms: Joi.number().allow(null),
      buffered_bytes: count,
      dropped_snapshots: count,
    }),
  ),
});
export const historyShape = shape('History', { after: count.allow(null), up_to: count.allow(null) });
export const pastShape = shape('Past', {
  tick_number: count,
  entities: Joi.array().items(entityShape),
  intents: Joi.array().items(shape('PastIntent', { player_id: uuid, seq: count.allow(null), data: json, received_at: time })),
});
export const askedShape = shape('Asked', {
  intents: Joi.array().items(shape('AskedIntent', { tick_number: count, seq: count.allow(null), data: json, received_at: time })),
});
export const exportedTestShape = shape('ExportedTest', { name: Joi.string(), test: Joi.string(), json: Joi.string() });
export const foundPlayerShape = shape('FoundPlayer', {
  player_id: uuid,
  username: Joi.string(),
  created_at: time,
  last_login: time.allow(null),
  banned: shape('Ban', { at: time, reason: Joi.string().allow('') }).allow(null),
});
export const savedPlayerShape = shape('SavedPlayer', {
  player_id: uuid,
  zone_id: uuid.allow(null),
  state: Joi.object().unknown(true).allow(null),
});
export const pausedShape = shape('TickLoop', { paused: Joi.boolean(), tick_number: count });
export const steppedShape = shape('Step', { tick_number: count, missed: Joi.array().items(uuid) });

// ─── operation ───

export const healthyShape = shape('Healthy', { status: Joi.string().valid('ok') });
export const unhealthyShape = shape('Unhealthy', {
  status: Joi.string().valid('unavailable'),
  down: Joi.array().items(Joi.string()),
  error: errorShape.extract('error'),
});
export const statusShape = shape('Status', {
  database: shape('DatabaseStatus', { kind: Joi.string(), up: Joi.boolean() }),
  tick_loop: shape('TickLoopStatus', {
    paused: Joi.boolean(),
    tick_number: count,
    tick_interval_ms: count,
    drift_ms: Joi.number(),
    last_duration_ms: Joi.number(),
    p99_duration_ms: Joi.number(),
    skipped_ticks: count,
    costs_ms: shape('TickCosts', {
      intents: Joi.number(),
      rules: Joi.number(),
      views: Joi.number(),
      encoding: Joi.number(),
      commit: Joi.number(),
      send: Joi.number(),
    }),
  }),
  queues: shape('QueueDepths', { intents: count, commits: count, inbox: count }),
  live_zones: count,
  connections: count,
  uptime_s: Joi.number().min(0),
  version: Joi.string(),
});

// ─── ids in paths ───

/** A path whose `:id` names a zone; in capital letters it is the same id. */
export const zonePath = Joi.object<{ id: ZoneId }>({ id: idSchema() });
export const playerPath = Joi.object<{ id: PlayerId }>({ id: idSchema() });
export const playerQuery = Joi.object<{ player_id: PlayerId }>({ player_id: idSchema() });
export const entityPath = Joi.object<{ id: EntityId }>({ id: idSchema() });

function idSchema(): Joi.StringSchema {
  return Joi.string()
    .lowercase()
    .guid()
    .custom((text, { error }) => parseUuid(text) ?? error('string.guid'))
    .required();
}

// ─── from the world's types ───

export function zoneOnWire(zone: ZoneInfo): object {
  const { id, name, width, height, metadata } = zone;
  return { id, name, width, height, metadata, created_at: isoTime(zone.createdAtMs), updated_at: isoTime(zone.updatedAtMs) };
}

export function entityOnWire(zone: ZoneId, entity: StoredEntity): object {
  const { id, x, y, width, height, metadata } = entity;
  const times = { created_at: isoTime(entity.createdAtMs), updated_at: isoTime(entity.updatedAtMs) };
  return { id, zone_id: zone, x, y, width, height, metadata, ...times };
}

/** Milliseconds since 1970 as the wire writes a time. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
