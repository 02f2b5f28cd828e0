/**
 * A server small enough to be looked through, that speaks as much of the wire as the tools need: accounts, two
 * zones, walkers on a floor without walls, numbered intents and resume. It ticks when a test says so.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';

export const MEADOW = {
  id: '00000000-0000-4000-8000-000000000001',
  name: 'meadow',
  width: 40,
  height: 30,
  metadata: {},
  created_at: '',
  updated_at: '',
};
export const ORCHARD = {
  id: '00000000-0000-4000-8000-000000000002',
  name: 'orchard',
  width: 20,
  height: 20,
  metadata: {},
  created_at: '',
  updated_at: '',
};

interface FakePlayer {
  readonly name: string;
  ws: WebSocket | null;
  resumeToken: string;
  zone: typeof MEADOW | null;
  x: number;
  y: number;
  lastSeq: number;
  dropped: number[];
  queue: { seq: number; data: { type: string; dx?: number; dy?: number; text?: string } }[];
  /** Every intent that was applied, in order. */
  readonly applied: number[];
}

export class FakeServer {
  readonly #http = createServer((request, response) => void this.#rest(request, response));
  readonly #sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'gridstead.v1.json' });
  readonly players = new Map<string, FakePlayer>();
  readonly passwords = new Map<string, string>();
  readonly hellos: { token: string; resume?: string }[] = [];
  /** So many REST calls are told to come back later. */
  busy = 0;
  /** false: players are put nowhere when they join. */
  places = true;
  /** Upgrades are refused with this status; null: they are let in. */
  refuseWith: number | null = null;
  /** Every intent is answered with an error that says this; null: they are taken. */
  refuses: string | null = null;
  logouts = 0;
  /** Every `subscribe` that came, and how many `resync`s. */
  readonly subscribes: object[] = [];
  resyncs = 0;
  /** So many `subscribe`s are refused as too many. */
  limitSubscribes = 0;
  tickNumber = 100;
  #resumes = 0;

  static async start(): Promise<FakeServer> {
    const server = new FakeServer();
    server.#http.on('upgrade', (request, socket, head) => {
      if (server.refuseWith !== null) return socket.end(`HTTP/1.1 ${server.refuseWith} No\r\nContent-Length: 0\r\n\r\n`);
      return server.#sockets.handleUpgrade(request, socket, head, (ws) => server.#serve(ws));
    });
    server.#http.listen(0, '127.0.0.1');
    await once(server.#http, 'listening');
    return server;
  }

  get url(): string {
    // A TCP server that listens has an address with a port.
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  player(name: string): FakePlayer {
    const player = this.players.get(name);
    if (!player) throw new Error(`nobody called ${name} has joined`);
    return player;
  }

  /** Applies what waits, and shows it to everybody. */
  tick(by = 1): void {
    this.tickNumber += by;
    for (const player of this.players.values()) {
      const events = player.queue.map(({ seq, data }) => apply(player, seq, data));
      const consumed = player.queue.length > 0 ? player.lastSeq : undefined;
      player.queue = [];
      this.#show(player, events.flat(), consumed);
    }
  }

  /** Ticks until stopped. */
  ticking(everyMs: number): () => void {
    const timer = setInterval(() => this.tick(), everyMs);
    return () => clearInterval(timer);
  }

  /** As a kill: sockets go without a word, and what was queued is lost. */
  crash(): void {
    for (const player of this.players.values()) {
      player.queue = [];
      player.ws?.terminate();
    }
  }

  /** As a server that comes back too late: the socket goes, and so does all that could be resumed. */
  forget(name: string): void {
    const player = this.player(name);
    player.ws?.terminate();
    player.resumeToken = 'gone';
    player.zone = null;
  }

  handover(name: string): void {
    const player = this.player(name);
    send(player, { type: 'handover', from: { zone_id: MEADOW.id }, to: { zone_id: ORCHARD.id, x: 1, y: 1 } });
    Object.assign(player, { zone: ORCHARD, x: 1, y: 1 });
  }

  async stop(): Promise<void> {
    for (const ws of this.#sockets.clients) ws.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  async #rest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.busy > 0) {
      this.busy--;
      return answer(response, 429, { error: { code: 'rate_limited', message: 'later' } }, { 'Retry-After': '0' });
    }
    const { username = '', password = '' } = JSON.parse((await textOf(request)) || '{}');
    switch (`${request.method} ${request.url}`) {
      case 'POST /api/auth/register':
        if (this.passwords.has(username)) return answer(response, 409, { error: { code: 'conflict', message: 'taken' } });
        this.passwords.set(username, password);
        return answer(response, 201, {});
      case 'POST /api/auth/login':
        if (this.passwords.get(username) !== password)
          return answer(response, 401, { error: { code: 'unauthorized', message: 'no' } });
        return answer(response, 200, { token: `token-${username}` });
      case 'POST /api/auth/logout':
        this.logouts++;
        return answer(response, 204);
      case 'GET /api/zones':
        return answer(response, 200, { zones: [MEADOW, ORCHARD] });
      case `GET /api/zones/${ORCHARD.id}`:
        return answer(response, 200, ORCHARD);
      default:
        return answer(response, 404, { error: { code: 'not_found', message: 'no' } });
    }
  }

  #serve(ws: WebSocket): void {
    let player: FakePlayer | null = null;
    ws.on('error', () => {});
    ws.on('message', (frame) => {
      const message = JSON.parse(frame.toString());
      if (message.type === 'hello') player = this.#join(ws, message);
      else if (player) this.#obey(player, message);
    });
  }

  #join(ws: WebSocket, hello: { token: string; resume?: string }): FakePlayer {
    this.hellos.push(hello);
    const name = hello.token.slice('token-'.length);
    const known = this.players.get(name);
    const resumed = known !== undefined && hello.resume === known.resumeToken;
    const player: FakePlayer = resumed
      ? known
      : {
          name,
          ws,
          resumeToken: '',
          zone: null,
          x: 10,
          y: 10,
          lastSeq: 0,
          dropped: [],
          queue: [],
          applied: known?.applied ?? [],
        };
    player.ws = ws;
    player.resumeToken = `resume-${++this.#resumes}`;
    this.players.set(name, player);
    send(player, {
      type: 'join_ack',
      player_id: name,
      connection_id: 'c',
      resume_token: player.resumeToken,
      last_seq: player.lastSeq,
      dropped: player.dropped,
      server_time: new Date().toISOString(),
      tick_interval_ms: 20,
    });
    // A resume that does not work leaves the player nowhere.
    if (resumed && player.zone) this.#subscribe(player, player.zone);
    else if (this.places && hello.resume === undefined) this.#subscribe(player, MEADOW);
    return player;
  }

  #subscribe(player: FakePlayer, zone: typeof MEADOW): void {
    player.zone = zone;
    send(player, { type: 'subscribed', zone_id: zone.id, zone });
  }

  #onSubscribe(player: FakePlayer, message: { readonly zone_id?: string }): void {
    this.subscribes.push(message);
    if (this.limitSubscribes-- > 0) return send(player, { type: 'error', code: 'rate_limited', message: 'once a tick' });
    return this.#subscribe(player, message.zone_id === ORCHARD.id ? ORCHARD : MEADOW);
  }

  #obey(
    player: FakePlayer,
    message: { type: string; t?: unknown; zone_id?: string; seq: number; data: FakePlayer['queue'][number]['data'] },
  ): void {
    if (message.type === 'ping') send(player, { type: 'pong', t: message.t, server_time: new Date().toISOString() });
    if (message.type === 'subscribe') this.#onSubscribe(player, message);
    if (message.type === 'resync') this.resyncs++;
    if (message.type === 'unsubscribe') player.zone = null;
    if (message.type !== 'intent') return;
    if (this.refuses !== null)
      return send(player, { type: 'error', code: 'bad_request', message: this.refuses, seq: message.seq });
    player.queue.push({ seq: message.seq, data: message.data });
    send(player, { type: 'intent_received', seq: message.seq, zone_id: MEADOW.id, tick_number: this.tickNumber + 1 });
  }

  #show(player: FakePlayer, events: object[], ack: number | undefined): void {
    const { zone, x, y, name } = player;
    if (!zone) return;
    const walker = { id: `w-${name}`, x, y, width: 1, height: 1, metadata: { kind: 'walker', name, player: name } };
    const state = { zone_id: zone.id, sight: 8, you: { id: walker.id, x, y, items: ['apple'] }, entities: [walker], events };
    send(player, { type: 'tick', tick_number: this.tickNumber, zone_id: zone.id, state, ack });
  }
}

/** Tells one player's client something. */
export function send(player: FakePlayer, message: object): void {
  if (player.ws?.readyState === player.ws?.OPEN) player.ws?.send(JSON.stringify(message));
}

function apply(player: FakePlayer, seq: number, data: FakePlayer['queue'][number]['data']): object[] {
  player.lastSeq = seq;
  player.applied.push(seq);
  player.x += data.dx ?? 0;
  player.y += data.dy ?? 0;
  return data.type === 'say' ? [{ type: 'said', entity: `w-${player.name}`, name: player.name, text: data.text }] : [];
}

function answer(response: ServerResponse, status: number, body?: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(body && JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

const PATIENCE_MS = 5000;

/** Waits for something that other code brings about. Gives up, so that a test that fails ends too. */
export async function until(condition: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`waited in vain for ${condition}`);
    await pause(1);
  }
}
