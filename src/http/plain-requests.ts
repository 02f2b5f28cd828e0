/**
 * Requests that ask for a protocol that nobody here speaks (`Upgrade: h2c`, say). Such a wish is to be ignored, and the
 * request answered like any other (RFC 9110, 7.8). Node has given the socket away by then, so the request is put back in
 * front of what follows it, without the wish, and read once more.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** What is said to the next hop only, and belongs to the wish. */
const OF_THE_WISH = new Set(['upgrade', 'http2-settings']);

export class PlainRequests {
  readonly #newest = new WeakMap<Duplex, ServerResponse>();

  constructor(private readonly server: Server) {
    server.prependListener('request', (request, response) => this.#newest.set(request.socket, response));
  }

  /** Takes what an `upgrade` event brought. */
  answer(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const readAgain = () => {
      if (socket.destroyed) return;
      socket.unshift(Buffer.concat([Buffer.from(withoutWish(request), 'latin1'), head]));
      this.server.emit('connection', socket);
    };
    // Behind a request that is still being answered it waits for its turn: there is one socket for both answers.
    const before = this.#newest.get(socket);
    if (before && !before.writableFinished) before.once('close', readAgain);
    else readAgain();
  }
}

export function asksForWebSocket({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return /(^|,)\s*websocket\s*(,|$)/i.test(headers.upgrade ?? '');
}

function withoutWish({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', given = ''] = rawHeaders.slice(at, at + 2);
    const value = name.toLowerCase() === 'connection' ? otherOptions(given) : given;
    if (!OF_THE_WISH.has(name.toLowerCase()) && value !== '') lines.push(`${name}: ${value}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Of `close, Upgrade`: `close`. */
function otherOptions(value: string): string {
  const options = value.split(',').map((option) => option.trim());
  return options.filter((option) => !OF_THE_WISH.has(option.toLowerCase())).join(', ');
}
