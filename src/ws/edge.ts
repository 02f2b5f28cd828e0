/**
 * The WebSocket edge: decides which upgrade requests become sockets, proves who they are, and hands them to
 * the connection actors. A refused upgrade is answered in HTTP. What one socket says is `socket.ts`'s.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { Authenticate, ConnectionHost, Identity } from '../../actors/control.js';
import type { Clock } from '../../actors/ports.js';
import type { Log, Telemetry } from '../../actors/telemetry.js';
import { originAllowed } from '../http/origins.js';
import { asksForWebSocket, PlainRequests } from '../http/plain-requests.js';
import type { GameChecks } from './checks.js';
import { Heartbeat } from './heartbeat.js';
import { BINARY_SUBPROTOCOL, ClientSocket, JSON_SUBPROTOCOL, type SocketSettings } from './socket.js';
import { FrameSplitter } from './splitter.js';
import { readUpgrade, refusalText, type Upgrade, type UpgradeRefusal } from './upgrade.js';

export interface WebSocketEdgeSettings extends SocketSettings {
  readonly maxConnections: number;
  /** null: the server's own origin, and localhost. */
  readonly allowedOrigins: readonly string[] | null;
}

export interface WebSocketEdgeParts {
  readonly host: ConnectionHost;
  readonly authenticate: Authenticate;
  readonly game: GameChecks;
  /** Sockets on other paths than the clients': by path, who takes the upgrade once its origin has passed. */
  readonly others?: ReadonlyMap<string, (request: IncomingMessage, socket: Duplex, head: Buffer) => void>;
  readonly settings: WebSocketEdgeSettings;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly log: Log;
}

const PATH = '/ws';

/** How long a peer has to finish a closing handshake. */
const CLOSE_TIMEOUT_MS = 5000;
/** How long `close` waits for all peers before it ends their sockets. */
const STOP_TIMEOUT_MS = 2000;
/** How long a refused peer has to read the answer. */
const REFUSAL_LINGER_MS = 1000;
/** A message is small: whoever cuts it into more pieces than this wants to be expensive. */
const MAX_FRAGMENTS = 16;
const MAX_BUFFERED_CHUNKS = 1024;

const NOTHING = Buffer.alloc(0);

type Proof = { readonly identity: Identity | null; readonly badToken: boolean };

const UNAVAILABLE: UpgradeRefusal = { status: 503, code: 'unavailable', message: 'the server takes no connections now' };

export class WebSocketEdge {
  readonly #parts: WebSocketEdgeParts;
  readonly #server: WebSocketServer;
  readonly #heartbeat: Heartbeat;
  readonly #open = new Set<ClientSocket>();
  /** Upgrade requests whose token is being looked up. They count as connections, or many could wait at once. */
  readonly #pending = new Set<Duplex>();
  #accepting = true;
  #onEmpty: (() => void) | null = null;

  constructor(parts: WebSocketEdgeParts) {
    const { settings, clock } = parts;
    this.#parts = parts;
    this.#heartbeat = new Heartbeat(clock, Math.min(settings.heartbeatMs, settings.idleTimeoutMs));
    this.#server = new WebSocketServer(serverOptions(settings));
    // Bad method, key, version or subprotocol header: ws has found out, the answer is ours.
    this.#server.on('wsClientError', (error, _socket, request) => {
      this.#refuse(request.socket, { status: 400, code: 'bad_request', message: error.message });
    });
  }

  /** Takes the upgrade requests of `server`, on every path; those to other protocols than WebSocket it gives back. */
  attach(server: Server): void {
    const plain = new PlainRequests(server);
    server.on('upgrade', (request, socket, head) => {
      // First of all: a peer that resets the connection now must not end the process.
      socket.on('error', () => socket.destroy());
      if (asksForWebSocket(request)) this.#onUpgrade(request, socket, head);
      else plain.answer(request, socket, head);
    });
  }

  /** From now on every upgrade is answered 503. Open sockets stay. */
  stopAccepting(): void {
    this.#accepting = false;
  }

  /** Closes all sockets with 1001. Resolves when they are gone, which takes at most two seconds and a bit. */
  async close(): Promise<void> {
    this.stopAccepting();
    for (const socket of this.#pending) socket.destroy();
    for (const socket of this.#open) socket.close(1001, 'server stopping');
    if (this.#open.size === 0) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#parts.clock.after(STOP_TIMEOUT_MS, () => this.#terminateAll());
      this.#onEmpty = () => {
        cancel();
        resolve();
      };
    });
  }

  #terminateAll(): void {
    for (const socket of this.#open) socket.terminate();
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const upgrade = readUpgrade(request);
    const refusal = this.#refusalOf(upgrade);
    const other = this.#parts.others?.get(upgrade.path);
    if (refusal) this.#refuse(socket, refusal);
    else if (other) other(request, socket, head);
    else {
      this.#admit(request, socket, head, upgrade.token).catch((error) => {
        this.#parts.log.error({ err: error }, 'connection could not be accepted');
        socket.destroy();
      });
    }
  }

  /** What can be said before anybody's token is looked at; null: nothing against it. */
  #refusalOf({ path, origin, host }: Upgrade): UpgradeRefusal | null {
    if (path !== PATH && !this.#parts.others?.has(path))
      return { status: 404, code: 'not_found', message: `WebSockets are at ${PATH}` };
    if (!originAllowed(origin, host, this.#parts.settings.allowedOrigins)) {
      return { status: 403, code: 'forbidden', message: 'this origin may not connect' };
    }
    return this.#hasRoom() ? null : UNAVAILABLE;
  }

  #hasRoom(): boolean {
    return this.#accepting && this.#open.size + this.#pending.size < this.#parts.settings.maxConnections;
  }

  /**
   * The answer 101 waits for the token's check. Until then nobody reads from the socket, so that frames sent
   * early wait in the kernel: none is lost, and none is looked at before its connection is there.
   */
  async #admit(request: IncomingMessage, socket: Duplex, head: Buffer, token: string | null): Promise<void> {
    this.#pending.add(socket);
    const proof = await this.#prove(token);
    this.#pending.delete(socket);
    if (!proof || !this.#accepting) this.#refuse(socket, UNAVAILABLE);
    else this.#upgrade(request, socket, head, proof);
  }

  #upgrade(request: IncomingMessage, raw: Duplex, head: Buffer, proof: Proof): void {
    const { fastSockets, maxMessageBytes } = this.#parts.settings;
    if (!fastSockets) return this.#server.handleUpgrade(request, raw, head, (ws) => this.#serve(ws, raw, proof));
    const splitter = new FrameSplitter(raw, maxMessageBytes);
    this.#server.handleUpgrade(request, splitter, NOTHING, (ws) => {
      const socket = this.#serve(ws, raw, proof);
      splitter.start(ws, head, (text) => socket.receive(text));
    });
  }

  /** null: nobody can say now. */
  async #prove(token: string | null): Promise<Proof | null> {
    if (token === null) return { identity: null, badToken: false };
    try {
      const identity = await this.#parts.authenticate(token);
      return { identity, badToken: identity === null };
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'token of an upgrade could not be checked');
      return null;
    }
  }

  #serve(ws: WebSocket, raw: Duplex, proof: Proof): ClientSocket {
    const socket = new ClientSocket(ws, raw, this.#parts);
    this.#open.add(socket);
    ws.on('close', () => this.#gone(socket));
    socket.serve(this.#parts.host.accept(socket, proof));
    this.#heartbeat.add(socket);
    return socket;
  }

  #gone(socket: ClientSocket): void {
    this.#heartbeat.remove(socket);
    this.#open.delete(socket);
    if (this.#open.size === 0) this.#onEmpty?.();
  }

  #refuse(socket: Duplex, refusal: UpgradeRefusal): void {
    this.#parts.telemetry.count('connections_refused_total');
    this.#parts.log.debug({ status: refusal.status, reason: refusal.message }, 'upgrade refused');
    if (socket.destroyed) return;
    // What the peer still sends is read and thrown away: a close with unread bytes would take the answer along.
    socket.resume();
    socket.end(refusalText(refusal));
    const cancel = this.#parts.clock.after(REFUSAL_LINGER_MS, () => socket.destroy());
    socket.once('close', cancel);
  }
}

function serverOptions(settings: WebSocketEdgeSettings): ServerOptions {
  // Its type declarations do not know `closeTimeout` yet.
  const options: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    clientTracking: false,
    // Compression is off: it would let a small frame unpack into a large one.
    perMessageDeflate: false,
    maxPayload: settings.maxMessageBytes,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    skipUTF8Validation: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    // An offer of unknown ones gets none: whether to go on without is the client's to say.
    handleProtocols: (offered) => [...offered].find((name) => name === JSON_SUBPROTOCOL || name === BINARY_SUBPROTOCOL) ?? false,
  };
  return options;
}
