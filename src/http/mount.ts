/**
 * What happens to a request between express and a route of the table: limit, session, role, body, in this
 * order, so that nobody learns from a complaint about input what only the role may know. The routes
 * of the game share the steps, in `game-mount.ts`.
 */
import type { Request, RequestHandler, Response } from 'express';
import type { Identity } from '../../actors/control.js';
import type { Log } from '../../actors/telemetry.js';
import type { Accounts } from '../auth/ports.js';
import { bearerToken, clientAddress, isLocalCaller } from './caller.js';
import { readJsonBody } from './json-body.js';
import { type Checked, failure, type Reply, tooMany } from './reply.js';
import type { Route, RouteAuth } from './route.js';
import { replyTo, send } from './send.js';

/** How often an address may register or log in. */
export interface AddressLimit {
  consume(address: string): AddressVerdict | Promise<AddressVerdict>;
}
export type AddressVerdict = { readonly allowed: true } | { readonly allowed: false; readonly retryAfterS: number };

export interface MountDeps {
  readonly accounts: Pick<Accounts, 'authenticate'>;
  readonly addressLimit: AddressLimit;
  readonly log: Log;
  readonly trustProxy: number;
}

/** The express handler of a row of the table. */
export function answerRoute(route: Route, deps: MountDeps): RequestHandler {
  return answering(`${route.method} ${route.path}`, deps.log, async (request, response) => {
    const address = clientAddress(request);
    if (route.limited) {
      const verdict = await deps.addressLimit.consume(address);
      if (!verdict.allowed) return tooMany('too many register and login calls from this address', verdict.retryAfterS);
    }
    const caller = await admit(request, route.auth, deps.accounts);
    if (caller.type === 'refused') return caller.reply;
    const body = route.body ? await readJsonBody(request, response) : NO_BODY;
    if (body.type === 'refused') return body.reply;
    return route.run({
      identity: caller.value,
      params: request.params,
      query: cleanText<unknown>(request.query),
      // No body at all and an empty object lack the same fields, and are told so.
      body: body.value ?? {},
      address,
      isLocal: isLocalCaller(request, deps.trustProxy),
    });
  });
}

export const NO_BODY: Checked<undefined> = { type: 'ok', value: undefined };

/** Runs, and sends what came of it; what was thrown is answered too. `name` is how the log calls the route. */
export function answering(name: string, log: Log, run: (request: Request, response: Response) => Promise<Reply>): RequestHandler {
  return async (request, response) => {
    const reply = await run(request, response).catch((error: unknown) => replyTo(error, name, log));
    send(response, reply);
  };
}

/** Who calls, if they may. `optional`: a session if there is one; a dead token is nobody. */
export async function admit(
  request: Request,
  auth: RouteAuth | 'optional',
  accounts: MountDeps['accounts'],
): Promise<Checked<Identity | null>> {
  if (auth === 'none') return { type: 'ok', value: null };
  const token = bearerToken(request);
  const identity = token === null ? null : await accounts.authenticate(token);
  if (!identity && auth !== 'optional') {
    return { type: 'refused', reply: failure('unauthorized', 'this call needs a session: Authorization: Bearer TOKEN') };
  }
  if (auth === 'debug' && identity?.role !== 'debug') {
    return { type: 'refused', reply: failure('forbidden', 'this call needs the debug role') };
  }
  return { type: 'ok', value: identity };
}

/** Input that came as text: without the keys through which a careless copy writes to what all objects share. */
export function cleanText<Value>(input: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(input).filter(([key]) => !POISONED_KEYS.has(key)));
}

const POISONED_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
