/**
 * Zones: listed and read by every player, made and deleted by the debug role. What a zone's name may be
 * is checked here; whether it is taken, the world says.
 */
import Joi from 'joi';
import type { WorldControl } from '../../../actors/control.js';
import type { JsonObject } from '../../../games/contract.js';
import { failure, NO_CONTENT, ok, type Reply } from '../reply.js';
import { playerRoute, type Route } from '../route.js';
import { MAX_ZONE_SIZE, zoneOnWire, zonePath, zoneShape, zonesShape } from '../shapes.js';

export type ZoneRouteDeps = { readonly world: Pick<WorldControl, 'listZones' | 'zone' | 'createZone' | 'deleteZone'> };

export function zoneRoutes({ world }: ZoneRouteDeps): readonly Route[] {
  return [
    playerRoute({
      method: 'get',
      path: '/api/zones',
      auth: 'player',
      tag: 'zones',
      summary: 'All zones by name, or a page of them',
      query: page,
      responses: { 200: zonesShape },
      handle: ({ query }) => listed(world, query),
    }),
    playerRoute({
      method: 'get',
      path: '/api/zones/:id',
      auth: 'player',
      tag: 'zones',
      summary: 'One zone',
      params: zonePath,
      responses: { 200: zoneShape },
      handle({ params }) {
        const zone = world.zone(params.id);
        return zone ? ok(zoneOnWire(zone)) : noSuchZone();
      },
    }),
    playerRoute({
      method: 'post',
      path: '/api/zones',
      auth: 'debug',
      tag: 'zones',
      summary: 'Make a zone',
      body: newZone,
      responses: { 201: zoneShape },
      refusals: ['conflict'],
      async handle({ body }) {
        const made = await world.createZone(body);
        return made === 'name_taken' ? failure('conflict', 'this zone name is taken') : ok(zoneOnWire(made), 201);
      },
    }),
    playerRoute({
      method: 'delete',
      path: '/api/zones/:id',
      auth: 'debug',
      tag: 'zones',
      summary: 'Delete a zone with its entities, once its running tick has ended',
      params: zonePath,
      responses: { 204: null },
      handle: async ({ params }) => ((await world.deleteZone(params.id)) === 'deleted' ? NO_CONTENT : noSuchZone()),
    }),
  ];
}

export function noSuchZone(): Reply {
  return failure('not_found', 'there is no zone with this id');
}

// ─── pages ───

const page = Joi.object<{ limit?: number; cursor?: string }>({
  limit: Joi.number().integer().min(1).max(1000),
  cursor: Joi.string(),
});

/** A cursor is the last name of its page, wrapped so that nobody comes to rely on that. */
function listed(world: ZoneRouteDeps['world'], query: { limit?: number; cursor?: string }): Reply {
  const cursor = query.cursor === undefined ? undefined : fromCursor(query.cursor);
  if (cursor === null) {
    return failure('bad_request', 'the request does not fit', [{ path: 'cursor', message: '"cursor" is none of ours' }]);
  }
  const { zones, next } = world.listZones({ limit: query.limit, cursor });
  return ok({ zones: zones.map(zoneOnWire), ...(next !== null && { next_cursor: toCursor(next) }) });
}

function toCursor(name: string): string {
  return Buffer.from(name, 'utf8').toString('base64url');
}

function fromCursor(text: string): string | null {
  const name = Buffer.from(text, 'base64url').toString('utf8');
  return toCursor(name) === text ? name : null;
}

// ─── a new zone ───

const newZone = Joi.object<{ name: string; width: number; height: number; metadata: JsonObject }>({
  name: Joi.string()
    .required()
    .custom(checkName)
    .meta({ swagger: { minLength: 1, maxLength: 64 } })
    .messages({ 'zone.name': '{{#label}} must have 1 to 64 characters, no control characters, and no space at its ends' }),
  width: Joi.number().integer().min(1).max(MAX_ZONE_SIZE).required(),
  height: Joi.number().integer().min(1).max(MAX_ZONE_SIZE).required(),
  metadata: Joi.object().unknown(true).default({}),
});

/** Characters are counted as people do, near enough: by code point, not by UTF-16 unit. */
function checkName(name: string, { error }: Joi.CustomHelpers): string | Joi.ErrorReport {
  const fits = [...name].length <= 64 && name === name.trim() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name);
  return fits ? name : error('zone.name');
}
