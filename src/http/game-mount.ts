/**
 * Answers the calls to routes of the game: session, input and time are checked here; what the route says is
 * the game's. A handler that throws, answers what is not JSON, or is late costs its caller a 500 without
 * the game's own words, and nobody else anything.
 */
import { type Request, type RequestHandler, Router } from 'express';
import { IntentRefusedError, StoreUnavailableError, UnknownZoneError } from '../../actors/errors.js';
import type { Clock } from '../../actors/ports.js';
import type { JsonObject, RouteRequest, Schema } from '../../games/contract.js';
import { type GameRouteSpec, GameRoutesError } from './game-routes.js';
import { readJsonBody } from './json-body.js';
import { admit, answering, cleanText, type MountDeps, NO_BODY } from './mount.js';
import { type Checked, type Detail, failure, NO_CONTENT, type Reply } from './reply.js';
import { hasTooManyFields } from './route.js';
import { internalFailure, replyTo } from './send.js';

export interface GameMountDeps extends MountDeps {
  readonly clock: Pick<Clock, 'after'>;
  /** How long a handler may take. */
  readonly gameRouteBudgetMs: number;
}

/** The routes as they are, where express takes each path. Throws `GameRoutesError`. */
export function mountable(specs: readonly GameRouteSpec[]): readonly GameRouteSpec[] {
  for (const { method, path } of specs) {
    try {
      Router()[method](path, () => {});
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : 'it cannot be read';
      throw new GameRoutesError(`route ${method} ${path}: the path is not one that express takes: ${why}`, { cause });
    }
  }
  return specs;
}

/** Answers the routes that the game has at that moment. */
export function answerGameRoutes(current: () => readonly GameRouteSpec[], deps: GameMountDeps): RequestHandler {
  let [mounted, router] = [current(), routerOf(current(), deps)];
  return (request, response, next) => {
    const specs = current();
    if (specs !== mounted) [mounted, router] = [specs, routerOf(specs, deps)];
    router(request, response, next);
  };
}

function routerOf(specs: readonly GameRouteSpec[], deps: GameMountDeps): Router {
  const router = Router();
  for (const spec of specs) router[spec.method](spec.path, answerGameRoute(spec, deps));
  return router;
}

function answerGameRoute(spec: GameRouteSpec, deps: GameMountDeps): RequestHandler {
  const name = `${spec.method} /v1${spec.path}`;
  return answering(name, deps.log, async (request, response) => {
    const caller = await admit(request, spec.auth ? 'player' : 'optional', deps.accounts);
    if (caller.type === 'refused') return caller.reply;
    const body = spec.method === 'post' ? await readJsonBody(request, response) : NO_BODY;
    if (body.type === 'refused') return body.reply;
    const player = caller.value && { id: caller.value.player, username: caller.value.username };
    const call = { player, params: textParams(request), query: cleanText<unknown>(request.query), body: body.value };
    try {
      const checked = checkInput(spec, call);
      if (checked.type === 'refused') return checked.reply;
      await spec.ready?.();
      return encode(await inTime(spec.call(checked.value), deps));
    } catch (error) {
      if (error instanceof UnknownZoneError) return failure('not_found', 'there is no such zone');
      if (error instanceof IntentRefusedError) return failure('bad_request', error.message);
      // Whatever else a game throws, with a `status` or not, is its own fault and never the caller's.
      return error instanceof StoreUnavailableError ? replyTo(error, name, deps.log) : internalFailure(error, name, deps.log);
    }
  });
}

/** Parts that match several steps of a path (`*rest`) reach the game as one text again. */
function textParams(request: Request): Readonly<Record<string, string>> {
  const entries = Object.entries(cleanText(request.params));
  return Object.fromEntries(entries.map(([key, part]) => [key, Array.isArray(part) ? part.join('/') : part]));
}

/** The schema of a POST is for its body, that of a GET or DELETE for its query, where numbers are text and are converted. */
function checkInput({ schema, method }: GameRouteSpec, call: RouteRequest): Checked<RouteRequest> {
  if (!schema) return { type: 'ok', value: call };
  const isPost = method === 'post';
  const input = isPost ? call.body : call.query;
  const { error, value } = schema.validate(input, { convert: !isPost, abortEarly: hasTooManyFields(input) });
  if (error) return { type: 'refused', reply: failure('bad_request', 'the request does not fit', toDetails(error)) };
  if (isPost) return { type: 'ok', value: { ...call, body: value } };
  return { type: 'ok', value: { ...call, query: isRecord(value) ? value : call.query } };
}

/** The message of the whole is left out: with a custom check it can be the text of a game's own error. */
function toDetails(error: NonNullable<ReturnType<Schema['validate']>['error']>): readonly Detail[] {
  return (error.details ?? []).map((detail) => {
    const isCustom = 'type' in detail && detail.type === 'any.custom';
    return { path: detail.path.join('.'), message: isCustom ? 'this does not fit' : detail.message };
  });
}

/** Encoded here, where a `toJSON` that throws still counts as the handler's fault. */
function encode(answer: unknown): Reply {
  if (answer === undefined) return NO_CONTENT;
  const body: unknown = JSON.stringify(answer);
  if (typeof body !== 'string') throw new TypeError(`a route handler answered a ${typeof answer}; it takes JSON`);
  return { status: 200, text: { body, contentType: 'application/json' } };
}

async function inTime(answer: Promise<unknown>, { clock, gameRouteBudgetMs }: GameMountDeps): Promise<unknown> {
  let cancel = () => {};
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`a route handler took longer than ${gameRouteBudgetMs} ms`);
    cancel = clock.after(gameRouteBudgetMs, () => reject(error));
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    cancel();
  }
}

function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
