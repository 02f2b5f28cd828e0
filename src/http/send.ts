/**
 * Writes a `Reply` to the response, and turns what was thrown into one. Nothing of an unexpected
 * error reaches the client but the id under which the log has it.
 */
import { randomUUID } from 'node:crypto';
import type { Response } from 'express';
import { OwnershipLostError, StoreUnavailableError } from '../../actors/errors.js';
import type { Log } from '../../actors/telemetry.js';
import { bodyTooLarge } from './json-body.js';
import { failure, type Reply } from './reply.js';

export function send(response: Response, reply: Reply): void {
  // Encoded first: an answer that is not JSON throws here, while a 500 can still be sent.
  const json = reply.json === undefined ? null : JSON.stringify(reply.json);
  response.status(reply.status).set('Cache-Control', 'no-store');
  if (reply.headers) response.set(reply.headers);
  if (reply.text) response.type(reply.text.contentType).send(reply.text.body);
  else if (json !== null) response.type('application/json').send(json);
  else response.end();
}

/** What a client may know of an error. The unexpected ones are logged, with `route` (its pattern, no ids) to find them by. */
export function replyTo(error: unknown, route: string, log: Log): Reply {
  if (error instanceof StoreUnavailableError || error instanceof OwnershipLostError) {
    return failure('unavailable', 'the database cannot be reached now; try again later');
  }
  const status = clientFault(error);
  if (status === 413) return bodyTooLarge();
  if (status === 404) return failure('not_found', 'there is nothing here');
  if (status !== null) return failure('bad_request', 'the request is malformed');
  return internalFailure(error, route, log);
}

/** A 500: the client gets an id, the log the rest under it. */
export function internalFailure(error: unknown, route: string, log: Log): Reply {
  const requestId = randomUUID();
  log.error({ request_id: requestId, route, ...describe(error) }, 'request failed');
  return { ...failure('internal', 'something went wrong here'), headers: { 'X-Request-Id': requestId } };
}

/** express and its parsers mark the errors that the client caused with a status of 400 to 499. */
function clientFault(error: unknown): number | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  return error.status >= 400 && error.status < 500 ? error.status : null;
}

/** Only these fields: errors of database layers carry their query, those of parsers the body. */
function describe(error: unknown): object {
  if (!(error instanceof Error)) return { error: typeof error };
  const cause = error.cause instanceof Error ? { cause: error.cause.message } : {};
  return { error: error.message, stack: error.stack, ...cause };
}
