/**
 * What the tests of the socket edge share: an edge on a free port with a host that remembers what it was
 * told, clients that speak WebSocket, and peers that speak bytes.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import Joi from 'joi';
import { WebSocket } from 'ws';
import type { ClientMessage, ConnectionHost, ConnectionInput, Identity, Refusal } from '../../../actors/control.js';
import { newUuid, type PlayerId, type SessionId } from '../../../actors/ids.js';
import type { Wire } from '../../../actors/ports.js';
import type { CounterName, HistogramName, Log, Telemetry } from '../../../actors/telemetry.js';
import { gameChecks } from '../../../src/ws/checks.js';
import { WebSocketEdge, type WebSocketEdgeParts, type WebSocketEdgeSettings } from '../../../src/ws/edge.js';
import { FakeClock } from '../../support/fake-clock.js';
import { RawPeer, until, upgradeRequest } from '../../support/raw-peer.js';

export { frame, RawPeer, until, upgradeRequest } from '../../support/raw-peer.js';

export const ALICE: Identity = {
  player: newUuid<PlayerId>(),
  username: 'alice',
  session: newUuid<SessionId>(),
  expiresAtMs: null,
  role: 'player',
};

/** A connection that writes down all it is told, and answers each message and refusal with one line. */
export class RecordingConnection implements ConnectionInput {
  readonly messages: ClientMessage[] = [];
  readonly refusals: Refusal[] = [];
  readonly roundTrips: number[] = [];
  drains = 0;
  closes = 0;

  constructor(
    readonly wire: Wire,
    readonly proof: { readonly identity: Identity | null; readonly badToken: boolean },
  ) {}

  message(message: ClientMessage): void {
    this.messages.push(message);
    this.wire.send(JSON.stringify({ type: 'got', message }));
  }
  refused(refusal: Refusal): void {
    this.refusals.push(refusal);
    this.wire.send(
      JSON.stringify({ type: 'error', code: refusal.code, message: refusal.message, seq: refusal.seq ?? undefined }),
    );
  }
  roundTrip(ms: number): void {
    this.roundTrips.push(ms);
  }
  drained(): void {
    this.drains++;
  }
  closed(): void {
    this.closes++;
  }
}

export class RecordingHost implements ConnectionHost {
  readonly connections: RecordingConnection[] = [];

  accept(wire: Wire, proof: { readonly identity: Identity | null; readonly badToken: boolean }): ConnectionInput {
    const connection = new RecordingConnection(wire, proof);
    this.connections.push(connection);
    return connection;
  }
  count(): number {
    return this.connections.filter(({ closes }) => closes === 0).length;
  }
  get newest(): RecordingConnection {
    const newest = this.connections.at(-1);
    if (!newest) throw new Error('no connection was accepted');
    return newest;
  }
}

export class CountingTelemetry implements Telemetry {
  readonly counts = new Map<CounterName, number>();
  count(name: CounterName, by = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }
  observe(_name: HistogramName, _ms: number): void {}
  countForGame(): void {}
}

export const SILENT_LOG: Log = { debug() {}, info() {}, warn() {}, error() {} };

const SETTINGS: WebSocketEdgeSettings = {
  maxConnections: 100,
  maxMessageBytes: 16384,
  maxMessagesPerSecond: 200,
  heartbeatMs: 15_000,
  idleTimeoutMs: 45_000,
  fastSockets: true,
  allowedOrigins: null,
};

/** A game with one intent and one message type of its own. */
export const GAME = gameChecks({
  intents: { move: Joi.object({ type: 'move', dx: Joi.number().integer().required(), dy: Joi.number().integer().required() }) },
  messages: { fire: Joi.object({ type: 'fire', target: Joi.string().required() }) },
});

/** An edge on a free port of this machine. `token-alice` is a token; `down` finds the store away. */
export class EdgeUnderTest {
  readonly host = new RecordingHost();
  readonly clock = new FakeClock();
  readonly telemetry = new CountingTelemetry();
  readonly edge: WebSocketEdge;
  readonly #server: Server;
  readonly #raws: Socket[] = [];
  readonly #clients: Client[] = [];

  private constructor(settings: Partial<WebSocketEdgeSettings>, parts: Partial<WebSocketEdgeParts>) {
    this.edge = new WebSocketEdge({
      host: this.host,
      authenticate: async (token) => {
        if (token === 'down') throw new Error('store away');
        return token === 'token-alice' ? ALICE : null;
      },
      game: GAME,
      settings: { ...SETTINGS, ...settings },
      clock: this.clock,
      telemetry: this.telemetry,
      log: SILENT_LOG,
      ...parts,
    });
    this.#server = createServer((_request, response) => response.end('plain'));
    this.edge.attach(this.#server);
  }

  static async start(
    settings: Partial<WebSocketEdgeSettings> = {},
    parts: Partial<WebSocketEdgeParts> = {},
  ): Promise<EdgeUnderTest> {
    const tested = new EdgeUnderTest(settings, parts);
    tested.#server.listen(0, '127.0.0.1');
    await once(tested.#server, 'listening');
    return tested;
  }

  get port(): number {
    // A TCP server that listens has an address with a port.
    return (this.#server.address() as AddressInfo).port;
  }

  /** A WebSocket client; resolves once it is open. */
  async client(options: { path?: string; protocols?: string[]; headers?: Record<string, string> } = {}): Promise<Client> {
    const client = this.dial(options);
    await once(client.ws, 'open');
    return client;
  }

  /** A WebSocket client that may not get in. */
  dial({
    path = '/ws',
    protocols = [],
    headers = {},
  }: {
    path?: string;
    protocols?: string[];
    headers?: Record<string, string>;
  } = {}) {
    const client = new Client(new WebSocket(`ws://127.0.0.1:${this.port}${path}`, protocols, { headers }));
    this.#clients.push(client);
    return client;
  }

  /** A TCP peer that has sent `text`. */
  async raw(text: string | Buffer): Promise<RawPeer> {
    const socket = connect(this.port, '127.0.0.1');
    this.#raws.push(socket);
    await once(socket, 'connect');
    socket.write(text);
    return new RawPeer(socket);
  }

  /** A TCP peer whose upgrade has been accepted, ready to send frames of its own making. */
  async rawWebSocket(): Promise<RawPeer> {
    const peer = await this.raw(upgradeRequest());
    await peer.until((text) => text.includes('\r\n\r\n'));
    return peer;
  }

  async stop(): Promise<void> {
    for (const socket of this.#raws) socket.destroy();
    for (const { ws } of this.#clients) ws.terminate();
    await this.edge.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A client that keeps what it gets: JSON parsed, binary messages as bytes. */
export class Client {
  readonly received: unknown[] = [];
  #closed: Promise<{ code: number; reason: string }>;
  #refused: Promise<{ status: number; body: string; headers: Record<string, unknown> }>;

  constructor(readonly ws: WebSocket) {
    ws.on('message', (data, isBinary) => this.received.push(isBinary ? data : JSON.parse(data.toString())));
    ws.on('error', () => {});
    this.#closed = new Promise((resolve) => {
      ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    this.#refused = new Promise((resolve) => {
      ws.on('unexpected-response', (_request, response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
      });
    });
  }

  closed(): Promise<{ code: number; reason: string }> {
    return this.#closed;
  }
  refused(): Promise<{ status: number; body: string; headers: Record<string, unknown> }> {
    return this.#refused;
  }
  /** Sends, and resolves with the next thing that comes back. */
  async ask(message: unknown): Promise<unknown> {
    const before = this.received.length;
    this.ws.send(typeof message === 'string' ? message : JSON.stringify(message));
    await until(() => this.received.length > before);
    return this.received[before];
  }
}
