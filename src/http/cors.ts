/**
 * What pages of other origins may do here: preflights are answered, allowed origins are echoed, and a
 * call that changes something from a page that is not allowed is refused before anything is read.
 * The decision itself is in `origins.ts`.
 */
import type { RequestHandler } from 'express';
import { originAllowed } from './origins.js';
import { failure } from './reply.js';
import { send } from './send.js';

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
const PREFLIGHT_HEADERS = {
  'Access-Control-Allow-Methods': 'GET, POST, DELETE',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type',
  'Access-Control-Max-Age': '600',
};

export function guardOrigin(allowed: readonly string[] | null): RequestHandler {
  return (request, response, next) => {
    const { origin, host } = request.headers;
    // Also without an Origin: a cache must not serve one page's answer to another.
    response.vary('Origin');
    const isAllowed = originAllowed(origin, host, allowed);
    if (origin !== undefined && isAllowed) {
      response.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': 'Retry-After' });
    }
    const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
    if (isPreflight && isAllowed) return send(response, { status: 204, headers: PREFLIGHT_HEADERS });
    if (!isAllowed && (isPreflight || !READS.has(request.method))) {
      return send(response, failure('forbidden', 'pages of this origin may not call this server'));
    }
    // A page that is not allowed may still ask; without our header its browser does not show it the answer.
    return next();
  };
}
