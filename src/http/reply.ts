/**
 * What a route answers, as a value: a status with JSON or text, and the one shape that every refusal has.
 * Sending it is in `mount.ts`; which refusal fits is decided by the routes.
 */

/** An answer before it is sent. `json` undefined with no `text`: an empty body (204). */
export interface Reply {
  readonly status: number;
  readonly json?: unknown;
  readonly text?: { readonly body: string; readonly contentType: string };
  readonly headers?: Readonly<Record<string, string>>;
}

/** The codes a REST error can have, each with its status. */
export const ERROR_STATUS = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  payload_too_large: 413,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const;
export type ErrorCode = keyof typeof ERROR_STATUS;

/** One complaint about a request: where in it, and what was expected there. */
export interface Detail {
  readonly path: string;
  readonly message: string;
}

/** What a check found: the value in its exact type, or the answer that refuses the request. */
export type Checked<Value> = { readonly type: 'ok'; readonly value: Value } | { readonly type: 'refused'; readonly reply: Reply };

export function ok(json: unknown, status = 200): Reply {
  return { status, json };
}

export const NO_CONTENT: Reply = { status: 204 };

/** A refusal in the shape of the contract. `details` [] is the same as none. */
export function failure(code: ErrorCode, message: string, details: readonly Detail[] = []): Reply {
  const status = ERROR_STATUS[code];
  const json = { error: { code, message, ...(details.length > 0 && { details: details.slice(0, MAX_DETAILS) }) } };
  // A 401 must name the scheme that would help (RFC 9110, 15.5.2).
  return code === 'unauthorized' ? { status, json, headers: { 'WWW-Authenticate': 'Bearer' } } : { status, json };
}

/** A 429 that says when to come back; whole seconds, at least one. */
export function tooMany(message: string, retryAfterS: number): Reply {
  return { ...failure('rate_limited', message), headers: { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterS))) } };
}

/** A body of thousands of unknown keys is not answered with thousands of complaints. */
const MAX_DETAILS = 20;
