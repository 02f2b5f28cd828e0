/**
 * An operator's orders to zones, for the debug role; and, where the server allows it, faults made on purpose.
 */
import Joi from 'joi';
import type { WorldControl } from '../../../actors/control.js';
import type { ZoneId } from '../../../actors/ids.js';
import type { Spoiling } from '../../../actors/steps.js';
import { failure, NO_CONTENT, type Reply } from '../reply.js';
import { playerRoute, type Route, type RouteFacts } from '../route.js';
import { zonePath } from '../shapes.js';
import { noSuchZone } from './zones.js';

export interface OrderRouteDeps {
  readonly world: WorldControl;
  readonly settings: { readonly debugFaults: boolean };
  /** Ends the process as a kill does. */
  killServer(): void;
}

const ORDER = { auth: 'debug', tag: 'debug', method: 'post', responses: { 204: null } } as const satisfies Partial<RouteFacts>;

export function orderRoutes(deps: OrderRouteDeps): readonly Route[] {
  const { world } = deps;
  return [
    zoneOrder(world, 'restart', 'Read a zone again from its last commit, whatever it is waiting for', (id) =>
      world.restartZone(id),
    ),
    zoneOrder(world, 'quarantine', 'Take a zone out of the world for half a minute', (id) => world.quarantineZone(id)),
    ...(deps.settings.debugFaults ? faultRoutes(deps) : []),
  ];
}

function zoneOrder(world: WorldControl, order: string, summary: string, obey: (id: ZoneId) => boolean): Route {
  return playerRoute({
    ...ORDER,
    path: `/api/debug/zones/:id/${order}`,
    summary,
    params: zonePath,
    refusals: ['conflict'],
    handle({ params: { id } }): Reply {
      if (!world.zone(id)) return noSuchZone();
      return obey(id) ? NO_CONTENT : failure('conflict', 'the zone is not in a state for that');
    },
  });
}

function faultRoutes({ world, killServer }: OrderRouteDeps): readonly Route[] {
  return [
    playerRoute({
      ...ORDER,
      path: '/api/debug/zones/:id/spoil',
      summary: "Make a zone's next tick fail, or never end",
      params: zonePath,
      body: Joi.object<{ how: Spoiling }>({ how: Joi.string().valid('throw', 'hang').required() }),
      handle({ params: { id }, body: { how } }): Reply {
        if (!world.zone(id)) return noSuchZone();
        world.spoilNextTick(id, how);
        return NO_CONTENT;
      },
    }),
    playerRoute({
      ...ORDER,
      path: '/api/debug/server/kill',
      summary: 'Kill the server, as kill -9 does',
      handle(): Reply {
        // Once the answer is out.
        setTimeout(killServer, KILL_DELAY_MS);
        return NO_CONTENT;
      },
    }),
  ];
}

const KILL_DELAY_MS = 50;
