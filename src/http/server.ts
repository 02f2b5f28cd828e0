/**
 * The HTTP server around the app: how long a client may take, an answer for bytes that are not HTTP, and its port.
 * WebSocket upgrades are taken by the socket edge, which attaches itself.
 */
import http, { type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { failure } from './reply.js';

/** Slow requests hold a socket and nothing else, and not for long. Milliseconds. */
export const HTTP_LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5_000,
  /** How often the first two are looked at: node's own 30 s would make of 10 s up to 40. */
  connectionsCheckingInterval: 1_000,
};
const MAX_HEADER_BYTES = 16_384;

/** It does not listen yet. `limits` is for tests, which do not want to wait. */
export function createHttpServer(app: RequestListener, limits = HTTP_LIMITS): Server {
  // requireHostHeader: node would answer a missing one itself, without our error shape; the app does it.
  const server = http.createServer({ ...limits, maxHeaderSize: MAX_HEADER_BYTES, requireHostHeader: false }, app);
  const newest = new WeakMap<Duplex, ServerResponse>();
  server.prependListener('request', (request, response) => newest.set(request.socket, response));
  // An expectation that node does not know would get an empty 417; for us it is a request like others.
  server.on('checkExpectation', app);
  server.on('clientError', (error, socket) => refuseBroken(error, socket, newest.get(socket)));
  return server;
}

/** The bytes were no HTTP, or did not come in time. Nothing after them can be understood, so the connection ends. */
function refuseBroken(error: NodeJS.ErrnoException, socket: Duplex, last: ServerResponse | undefined): void {
  const isAnswering = last?.headersSent && !last.writableFinished;
  // Into the middle of an answer nothing can be written.
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(failure('bad_request', 'this is not a request that can be read').json);
  const head = ['HTTP/1.1 400 Bad Request', 'Content-Type: application/json; charset=utf-8'];
  head.push(`Content-Length: ${Buffer.byteLength(body)}`, 'X-Content-Type-Options: nosniff', 'Connection: close');
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/** Resolves when it can be reached; rejects where the port is not to be had. */
export function listen(server: Server, { host, port }: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

/** Resolves when no socket of it is open any more. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

export function urlOf(server: Server, host: string): string {
  // A server that listens on TCP has this kind of address.
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
