/**
 * For whoever runs the server: is it well, how is it doing, its metrics, and the document of this API.
 * Open to anybody, so these show counts and times only.
 */
import Joi from 'joi';
import type { WorldControl } from '../../../actors/control.js';
import { failure, ok, type Reply } from '../reply.js';
import { openRoute, type Route } from '../route.js';
import { healthyShape, statusShape, unhealthyShape } from '../shapes.js';

export interface OperationRouteDeps {
  readonly world: Pick<WorldControl, 'ailments' | 'status'>;
  readonly database: 'sqlite' | 'postgres' | 'memory';
  readonly version: string;
  uptimeMs(): number;
  metricsText(): Promise<{ readonly contentType: string; readonly body: string }>;
  /** The OpenAPI document; made from the table that this route is in, so asked for late. */
  document(): Promise<object>;
  /** The AsyncAPI document. */
  socketDocument(): Promise<object>;
}

export function operationRoutes(deps: OperationRouteDeps): readonly Route[] {
  return [
    openRoute({
      method: 'get',
      path: '/healthz',
      tag: 'operation',
      summary: 'Is all well? If not: what is down',
      responses: { 200: healthyShape, 503: unhealthyShape },
      handle: () => health(deps.world),
    }),
    openRoute({
      method: 'get',
      path: '/status',
      tag: 'operation',
      summary: 'How the server is doing, in counts and times',
      responses: { 200: statusShape },
      handle: () => ok(status(deps)),
    }),
    openRoute({
      method: 'get',
      path: '/metrics',
      tag: 'operation',
      summary: 'Metrics in the text format of Prometheus',
      contentType: 'text/plain',
      responses: { 200: Joi.string() },
      handle: async () => ({ status: 200, text: await deps.metricsText() }),
    }),
    openRoute({
      method: 'get',
      path: '/openapi.json',
      tag: 'operation',
      summary: 'This document',
      responses: { 200: Joi.object().unknown(true) },
      handle: async () => ok(await deps.document()),
    }),
    openRoute({
      method: 'get',
      path: '/asyncapi.json',
      tag: 'operation',
      summary: 'The AsyncAPI document of the WebSocket, with the messages of the game',
      responses: { 200: Joi.object().unknown(true) },
      handle: async () => ok(await deps.socketDocument()),
    }),
  ];
}

function health(world: OperationRouteDeps['world']): Reply {
  const down = world.ailments();
  if (down.length === 0) return ok({ status: 'ok' });
  const error = { code: 'unavailable', message: `down: ${down.join(', ')}` };
  return { ...failure('unavailable', error.message), json: { status: 'unavailable', down, error } };
}

function status({ world, database, version, uptimeMs }: OperationRouteDeps): object {
  const { tick, queues, live_zones, connections } = world.status();
  return {
    database: { kind: database, up: !world.ailments().includes('store') },
    tick_loop: tick,
    queues,
    live_zones,
    connections,
    uptime_s: Math.floor(uptimeMs() / 1000),
    version,
  };
}
