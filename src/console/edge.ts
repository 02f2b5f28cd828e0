/**
 * The consoles' own WebSocket beside the clients': a few sockets, for the debug role only.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { ConsoleChannel, type ConsoleDeps } from './channel.js';

export const CONSOLE_PATH = '/console/ws';

/** Each makes the world read itself twice a second. */
const MOST_CONSOLES = 16;
const MAX_MESSAGE_BYTES = 16_384;

export class ConsoleEdge {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });

  constructor(private readonly deps: ConsoleDeps) {}

  /** Takes an upgrade whose origin has passed. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      if (this.#server.clients.size > MOST_CONSOLES) ws.close(1013, 'too many consoles');
      else new ConsoleChannel(ws, this.deps);
    });
  }

  close(): void {
    for (const client of this.#server.clients) client.close(1001, 'server stopping');
    this.#server.close();
  }
}
