/**
 * Somebody else's pages on this machine, for a real browser: each has the client library, from a server of ours by its script
 * tag, and nothing more. No policy of ours is over them.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export class ForeignPages {
  private constructor(private readonly server: Server) {}

  static async start(): Promise<ForeignPages> {
    const server = createServer(({ url = '' }, response) => {
      const [, library] = url.split('?');
      response.setHeader('Content-Type', 'text/html');
      response.end(`<!doctype html><title>traveller</title><script src="${library}/client/gridstead.js"></script>`);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ForeignPages(server);
  }

  /** The page with the library of that server. */
  with(serverUrl: string): string {
    // A server that listens on a port has an address with a port.
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/?${serverUrl}`;
  }

  close(): void {
    this.server.close();
  }
}
