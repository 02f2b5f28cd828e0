/**
 * A player's connection that survives the loss of its socket: joins, resumes, sends again what may have been
 * lost, and comes back by itself with growing pauses. The recipe is that of docs/protocol.md; what the
 * messages mean to a game is the listener's.
 */
import { WebSocket } from 'ws';
import { IntentLedger, type NumberedIntent, type SettledIntent } from './intent-ledger.js';
import { readServerMessage, type ServerMessage } from './server-message.js';

export type Link =
  | { readonly type: 'connecting' }
  | { readonly type: 'joined' }
  /** The socket is gone; the next try is that far away. */
  | { readonly type: 'lost'; readonly code: number; readonly retryInMs: number }
  /** It will not come back by itself. */
  | { readonly type: 'ended'; readonly code: number; readonly reason: string };

export interface WorldListener {
  message(message: ServerMessage): void;
  /** Once for each intent that was sent. */
  settled(intent: SettledIntent): void;
  link(link: Link): void;
}

export interface WorldClientOptions {
  /** Where the server is, as `http://host:port`. */
  readonly url: string;
  readonly token: string;
  readonly listener: WorldListener;
  /** The zone to ask for where the server puts the player nowhere. */
  readonly home: () => Promise<string | null>;
  readonly random?: () => number;
  /** The shortest pause before a reconnect. */
  readonly firstPauseMs?: number;
  /** How long after a join the server has to put the player into a zone. */
  readonly lobbyPatienceMs?: number;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;
const LOBBY_PATIENCE_MS = 1000;
const PING_EVERY_MS = 1000;
/** Each ping is answered, so this much silence is a dead connection. */
const SILENCE_LIMIT_MS = 10_000;
const CLOSE_PATIENCE_MS = 1000;

/** The session is over, somebody else took over, or this client did what it must not: trying again changes nothing. */
const FINAL_CODES: ReadonlySet<number> = new Set([1008, 1009, 4401, 4409]);

export class WorldClient {
  readonly #options: WorldClientOptions;
  readonly #ledger = new IntentLedger();
  #ws: WebSocket | null = null;
  #joined = false;
  #closing = false;
  #resumeToken: string | null = null;
  #zoneId: string | null = null;
  /** Something of a zone came since the last join. */
  #placed = false;
  #attempt = 0;
  #heardAtMs = 0;
  #rttMs: number | null = null;
  #tickIntervalMs: number | null = null;
  readonly #timers: { retry?: NodeJS.Timeout; ping?: NodeJS.Timeout; lobby?: NodeJS.Timeout } = {};

  constructor(options: WorldClientOptions) {
    this.#options = options;
  }

  /** The newest round trip; null: none yet. */
  get rttMs(): number | null {
    return this.#rttMs;
  }

  /** As the server says it; null before the first join. */
  get tickIntervalMs(): number | null {
    return this.#tickIntervalMs;
  }

  /** Connects, and stays connected until `close` or an end that is final. */
  start(): void {
    this.#options.listener.link({ type: 'connecting' });
    const ws = new WebSocket(new URL('/ws', this.#options.url.replace(/^http/, 'ws')), 'gridstead.v1.json');
    let refusedWith: number | null = null;
    this.#ws = ws;
    ws.on('open', () => this.#hello(ws));
    ws.on('message', (frame) => this.#onFrame(frame.toString()));
    ws.on('ping', () => this.#heard());
    // What went wrong shows in the close that follows.
    ws.on('error', () => {});
    ws.on('unexpected-response', (_request, { statusCode }) => {
      refusedWith = statusCode ?? null;
      ws.terminate();
    });
    ws.on('close', (code, reason) => this.#onClose(code, reason.toString(), refusedWith));
  }

  /**
   * Sends an intent, now or as soon as there is a connection. Answers its number; null: too many wait
   * already, and this one was not taken.
   */
  intent(data: object): number | null {
    const intent = this.#ledger.add(data);
    if (intent && this.#joined) this.#sendIntent(intent);
    return intent?.seq ?? null;
  }

  subscribe(zoneId: string): void {
    this.#send({ type: 'subscribe', zone_id: zoneId });
  }

  /** Ends the connection for good; resolves when the socket is gone. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#stopTimers();
    clearTimeout(this.#timers.retry);
    const ws = this.#ws;
    if (!ws || ws.readyState === ws.CLOSED) return;
    const gone = new Promise((resolve) => ws.once('close', resolve));
    ws.close(1000);
    const impatience = setTimeout(() => ws.terminate(), CLOSE_PATIENCE_MS);
    await gone;
    clearTimeout(impatience);
  }

  #hello(ws: WebSocket): void {
    this.#heard();
    const resume = this.#resumeToken ?? undefined;
    ws.send(JSON.stringify({ type: 'hello', token: this.#options.token, resume }));
    this.#timers.ping = setInterval(() => this.#pulse(ws), PING_EVERY_MS);
  }

  #pulse(ws: WebSocket): void {
    if (performance.now() - this.#heardAtMs > SILENCE_LIMIT_MS) ws.terminate();
    else this.#ping();
  }

  #ping(): void {
    if (this.#joined) this.#send({ type: 'ping', t: performance.now() });
  }

  #onFrame(text: string): void {
    this.#heard();
    const message = readServerMessage(text);
    if (!message || this.#closing) return;
    this.#follow(message);
    this.#options.listener.message(message);
  }

  #follow(message: ServerMessage): void {
    switch (message.type) {
      case 'join_ack':
        this.#tickIntervalMs = message.tick_interval_ms;
        this.#onJoined(message.resume_token, { lastSeq: message.last_seq, dropped: message.dropped });
        break;
      case 'subscribed':
        this.#placedIn(message.zone_id);
        break;
      case 'handover':
        this.#placedIn(message.to.zone_id);
        break;
      case 'tick':
        this.#placedIn(message.zone_id);
        if (message.ack !== undefined) this.#settle(this.#ledger.acknowledge(message.ack));
        break;
      case 'error':
        if (message.seq !== undefined) this.#settle(this.#ledger.refuse(message.seq));
        if (message.code === 'zone_deleted') this.#lookForHome(null);
        break;
      case 'pong':
        if (typeof message.t === 'number') this.#rttMs = performance.now() - message.t;
        break;
    }
  }

  #onJoined(resumeToken: string, report: { lastSeq: number; dropped: readonly number[] }): void {
    this.#resumeToken = resumeToken;
    this.#joined = true;
    this.#attempt = 0;
    const { settled, resend } = this.#ledger.rejoin(report);
    this.#options.listener.link({ type: 'joined' });
    this.#settle(settled);
    for (const intent of resend) this.#sendIntent(intent);
    // It also is the message after the join that makes the new resume token the one that counts.
    this.#ping();
    this.#lookForHome(this.#zoneId);
  }

  #placedIn(zoneId: string): void {
    this.#zoneId = zoneId;
    this.#placed = true;
  }

  /** Games may place a player when it joins, and a resume does. Where neither happens soon, asks for a zone. */
  #lookForHome(last: string | null): void {
    this.#placed = false;
    clearTimeout(this.#timers.lobby);
    this.#timers.lobby = setTimeout(() => {
      if (!this.#placed) void this.#goHome(last);
    }, this.#options.lobbyPatienceMs ?? LOBBY_PATIENCE_MS);
  }

  async #goHome(last: string | null): Promise<void> {
    // A server that cannot say now will be asked again after the next join.
    const zoneId = last ?? (await this.#options.home().catch(() => null));
    if (zoneId !== null && !this.#placed) this.subscribe(zoneId);
  }

  #settle(settled: readonly SettledIntent[]): void {
    for (const intent of settled) this.#options.listener.settled(intent);
  }

  #onClose(code: number, reason: string, refusedWith: number | null): void {
    this.#joined = false;
    this.#stopTimers();
    if (this.#closing) return;
    const refused = refusedWith !== null && refusedWith < 500;
    if (refused) this.#options.listener.link({ type: 'ended', code, reason: `refused with HTTP ${refusedWith}` });
    else if (FINAL_CODES.has(code)) this.#options.listener.link({ type: 'ended', code, reason });
    else this.#retryLater(code);
  }

  #retryLater(code: number): void {
    const firstMs = this.#options.firstPauseMs ?? FIRST_PAUSE_MS;
    const retryInMs = reconnectPauseMs(this.#attempt++, firstMs, this.#options.random ?? Math.random);
    this.#timers.retry = setTimeout(() => this.start(), retryInMs);
    this.#options.listener.link({ type: 'lost', code, retryInMs });
  }

  #stopTimers(): void {
    clearInterval(this.#timers.ping);
    clearTimeout(this.#timers.lobby);
  }

  #heard(): void {
    this.#heardAtMs = performance.now();
  }

  #sendIntent({ seq, data }: NumberedIntent): void {
    this.#send({ type: 'intent', data, seq });
  }

  #send(message: object): void {
    if (this.#ws?.readyState === WebSocket.OPEN) this.#ws.send(JSON.stringify(message));
  }
}

/**
 * How long to wait before try number `attempt` (from 0): twice as long each time, up to a bound, and the
 * last half by chance, so that the clients of a server that comes back do not all come at once.
 */
export function reconnectPauseMs(attempt: number, firstMs: number, random: () => number): number {
  const fullMs = Math.min(LONGEST_PAUSE_MS, firstMs * 2 ** Math.min(attempt, 16));
  return fullMs / 2 + (fullMs / 2) * random();
}
