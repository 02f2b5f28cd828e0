/**
 * Upgrade requests as text: what one asks for, and what a refused one is answered. Functions without state;
 * who is let in is decided in `edge.ts`.
 */
import { type IncomingMessage, STATUS_CODES } from 'node:http';

/** What an upgrade request says. `token` '' is a token too: an empty one. */
export interface Upgrade {
  readonly path: string;
  readonly origin: string | undefined;
  readonly host: string | undefined;
  /** From `Authorization: Bearer`, else from `?token=`; null: a `hello` will bring it. */
  readonly token: string | null;
}

export function readUpgrade({ url = '/', headers }: Pick<IncomingMessage, 'url' | 'headers'>): Upgrade {
  const [path = '', query = ''] = splitOnce(url, '?');
  const bearer = /^Bearer(?:\s+(.*))?$/i.exec(headers.authorization ?? '');
  return {
    path,
    // Version 8 of the protocol, which ws still speaks, had a name of its own for it.
    origin: headers.origin ?? headers['sec-websocket-origin']?.toString(),
    host: headers.host,
    token: bearer ? (bearer[1] ?? '').trim() : new URLSearchParams(query).get('token'),
  };
}

/** Why an upgrade is refused, in the shape of all HTTP errors of this server. */
export interface UpgradeRefusal {
  readonly status: 400 | 403 | 404 | 503;
  readonly code: 'bad_request' | 'forbidden' | 'not_found' | 'unavailable';
  readonly message: string;
}

/** The whole HTTP answer. */
export function refusalText({ status, code, message }: UpgradeRefusal): string {
  const body = JSON.stringify({ error: { code, message } });
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    'Sec-WebSocket-Version: 13',
    '',
    body,
  ].join('\r\n');
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
