/**
 * The REST routes of a game. `collectGameRoutes` lets the game name them at start and refuses what cannot
 * work, with the route in the message; `game-mount.ts` puts them under /v1, and says what express has against a path. Where
 * their code runs, and how a view or an intent reaches a zone, is behind `GameCalls` and `call`.
 */
import { WorldError } from '../../actors/errors.js';
import type { GameModule, GameRoutes, RouteHandler, RouteOptions, RouteRequest, Schema } from '../../games/contract.js';

/** One route as the game gave it. `path` without the /v1. */
export interface GameRouteSpec {
  readonly method: 'get' | 'post' | 'delete';
  readonly path: string;
  readonly schema?: Schema;
  /** false: no session needed. */
  readonly auth: boolean;
  /** Resolves when a handler can run: its time counts from then. Absent: at any time. */
  ready?(): Promise<void>;
  /** Runs the game's handler; rejects with whatever that throws. */
  call(request: RouteRequest): Promise<unknown>;
}

/** What a route handler may ask of the world. */
export type GameCalls = Pick<GameRoutes, 'view' | 'intent'>;

/** The game's `routes` named a route that cannot be. Ends the start; the message is for the game's author. */
export class GameRoutesError extends WorldError {
  readonly code = 'GAME_ROUTES_INVALID';
}

/** Calls the game's `routes` once; answers what it named, in its order. Throws `GameRoutesError`. */
export function collectGameRoutes(routes: GameModule['routes'], calls: GameCalls): readonly GameRouteSpec[] {
  const collected: GameRouteSpec[] = [];
  let isOpen = true;
  const add =
    (method: GameRouteSpec['method']) =>
    (path: string, ...rest: [RouteHandler] | [RouteOptions, RouteHandler]): void => {
      if (!isOpen) throw new GameRoutesError(`route ${method} ${path}: routes are named at start, not later`);
      collected.push(toSpec(method, path, rest, collected));
    };
  routes?.({
    get: add('get'),
    post: add('post'),
    delete: add('delete'),
    view: (zoneId, player) => calls.view(zoneId, player),
    intent: (zoneId, player, data) => calls.intent(zoneId, player, data),
  });
  isOpen = false;
  return collected;
}

/** Games may be plain JavaScript: nothing about the arguments is taken for granted. */
function toSpec(
  method: GameRouteSpec['method'],
  path: unknown,
  rest: readonly unknown[],
  others: readonly GameRouteSpec[],
): GameRouteSpec {
  const fail = (why: string) => new GameRoutesError(`route ${method} ${String(path)}: ${why}`);
  if (typeof path !== 'string' || !path.startsWith('/')) throw fail('the path must be text that begins with /');
  const [options, handler] = rest.length === 1 ? [{}, rest[0]] : rest;
  if (!isHandler(handler)) throw fail('the handler must be a function');
  if (!isOptions(options)) throw fail('the options take a schema (with a function `validate`) and auth (true or false)');
  const twin = others.find((other) => other.method === method && pattern(other.path) === pattern(path));
  if (twin) throw fail(`it takes the same calls as ${method} ${twin.path}`);
  const { schema, auth = true } = options;
  return { method, path, auth, ...(schema && { schema }), call: async (request) => handler(request) };
}

function isHandler(value: unknown): value is RouteHandler {
  return typeof value === 'function';
}

function isOptions(value: unknown): value is RouteOptions {
  if (typeof value !== 'object' || value === null) return false;
  const { schema, auth }: { schema?: unknown; auth?: unknown } = value;
  return (schema === undefined || isSchema(schema)) && (auth === undefined || typeof auth === 'boolean');
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && 'validate' in value && typeof value.validate === 'function';
}

/** Two paths that differ only in the names of their parts, in case or in a slash at the end match the same calls. */
function pattern(path: string): string {
  return path
    .replace(/[:*](\w+|"[^"]*")/g, ':')
    .replace(/(.)\/$/, '$1')
    .toLowerCase();
}
