/**
 * Looking inside and holding the world still, for the debug role only: the tick loop, what zones hold,
 * who is connected, and the tree of actors.
 */
import Joi from 'joi';
import type { WorldControl } from '../../../actors/control.js';
import type { Area } from '../../../games/contract.js';
import { failure, ok, type Reply } from '../reply.js';
import { playerRoute, type Route, type RouteFacts } from '../route.js';
import {
  actorShape,
  connectionsShape,
  entitiesShape,
  entityOnWire,
  entityPath,
  entityShape,
  MAX_ZONE_SIZE,
  pausedShape,
  steppedShape,
  zoneOnWire,
  zonePath,
  zoneStateShape,
} from '../shapes.js';
import { noSuchZone } from './zones.js';

export interface DebugRouteDeps {
  readonly world: WorldControl;
}

const DEBUG = { auth: 'debug', tag: 'debug' } as const satisfies Partial<RouteFacts>;

export function debugRoutes({ world }: DebugRouteDeps): readonly Route[] {
  return [...tickRoutes(world), ...contentRoutes(world), ...actorRoutes(world)];
}

function tickRoutes(world: WorldControl): readonly Route[] {
  return [
    playerRoute({
      ...DEBUG,
      method: 'post',
      path: '/api/debug/tick/pause',
      summary: 'Hold the world still; answers once no tick runs any more',
      responses: { 200: pausedShape },
      async handle() {
        const tick_number = await world.pause();
        return ok({ paused: world.isPaused(), tick_number });
      },
    }),
    playerRoute({
      ...DEBUG,
      method: 'post',
      path: '/api/debug/tick/resume',
      summary: 'Let the world go on',
      responses: { 200: pausedShape },
      handle() {
        const tick_number = world.resume();
        return ok({ paused: world.isPaused(), tick_number });
      },
    }),
    playerRoute({
      ...DEBUG,
      method: 'post',
      path: '/api/debug/tick/step',
      summary: 'Run one tick of a paused world; answers once every live zone has sent, failed or missed it',
      responses: { 200: steppedShape },
      refusals: ['conflict'],
      async handle() {
        const stepped = await world.step();
        if (stepped === 'running') return failure('conflict', 'the world is not paused');
        return ok({ tick_number: stepped.tick, missed: stepped.missed });
      },
    }),
  ];
}

function contentRoutes(world: WorldControl): readonly Route[] {
  return [
    playerRoute({
      ...DEBUG,
      method: 'get',
      path: '/api/debug/zones/:id/state',
      summary: 'A zone with all its entities and its actor (null: it sleeps)',
      params: zonePath,
      responses: { 200: zoneStateShape },
      async handle({ params: { id } }) {
        const zone = world.zone(id);
        const entities = zone && (await world.entities(id, null));
        if (!zone || !entities) return noSuchZone();
        const actor = world.zoneActor(id);
        return ok({ zone: zoneOnWire(zone), entities: entities.map((entity) => entityOnWire(id, entity)), actor });
      },
    }),
    playerRoute({
      ...DEBUG,
      method: 'get',
      path: '/api/debug/zones/:id/entities',
      summary: 'The entities that overlap an area; those of size 0×0 by their point',
      params: zonePath,
      query: areaQuery,
      responses: { 200: entitiesShape },
      async handle({ params: { id }, query }) {
        const entities = await world.entities(id, query);
        return entities ? ok({ entities: entities.map((entity) => entityOnWire(id, entity)) }) : noSuchZone();
      },
    }),
    playerRoute({
      ...DEBUG,
      method: 'get',
      path: '/api/debug/entities/:id',
      summary: 'One entity, wherever it is',
      params: entityPath,
      responses: { 200: entityShape },
      async handle({ params }): Promise<Reply> {
        const found = await world.entity(params.id);
        return found ? ok(entityOnWire(found.zone, found.entity)) : failure('not_found', 'there is no entity with this id');
      },
    }),
  ];
}

function actorRoutes(world: WorldControl): readonly Route[] {
  return [
    playerRoute({
      ...DEBUG,
      method: 'get',
      path: '/api/debug/connections',
      summary: 'Who is connected, and how well',
      responses: { 200: connectionsShape },
      handle: () => ok({ connections: world.connections() }),
    }),
    playerRoute({
      ...DEBUG,
      method: 'get',
      path: '/api/debug/actors',
      summary: 'The tree of actors, from the supervisor down',
      responses: { 200: actorShape },
      handle: () => ok(world.actors()),
    }),
  ];
}

/** May reach over the border of a zone, but not so far that a lookup has to search for its end. */
const areaQuery = Joi.object<Area>({
  x: Joi.number().integer().min(-MAX_ZONE_SIZE).max(MAX_ZONE_SIZE).required(),
  y: Joi.number().integer().min(-MAX_ZONE_SIZE).max(MAX_ZONE_SIZE).required(),
  width: Joi.number().integer().min(0).max(MAX_ZONE_SIZE).default(1),
  height: Joi.number().integer().min(0).max(MAX_ZONE_SIZE).default(1),
});
