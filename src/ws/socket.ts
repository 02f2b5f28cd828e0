/**
 * One WebSocket, between ws and its connection actor: frames become messages and refusals, the actor's
 * texts become frames. Holds what is per socket at this edge: the limits on what comes in, the heartbeat, and
 * whether something still waits to be written. What a message does is the actor's.
 */
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { ConnectionInput } from '../../actors/control.js';
import type { Clock, CloseCode, Wire } from '../../actors/ports.js';
import type { Log, Telemetry } from '../../actors/telemetry.js';
import type { GameChecks } from './checks.js';
import type { Beating } from './heartbeat.js';
import { BINARY_REFUSED, type Parsed, parseMessage, parseSeq } from './parse.js';
import { TokenBucket } from './token-bucket.js';

/** What a socket is served with; one for all sockets of an edge. */
export interface SocketSettings {
  readonly maxMessagesPerSecond: number;
  readonly maxMessageBytes: number;
  readonly heartbeatMs: number;
  readonly idleTimeoutMs: number;
}
export interface SocketSurroundings {
  readonly settings: SocketSettings;
  readonly game: GameChecks;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly log: Log;
}

/**
 * Each refused message is still answered, and each ping too. Whoever sends this many times the limit
 * (frames of every kind together) is flooding, and loses the socket: what a flood costs stays bounded.
 */
const FLOOD_FACTOR = 10;
/** With a very low limit, this many frames a second are no flood yet. */
const LEAST_FLOOD_PER_SECOND = 2000;

/** A close frame has room for this many bytes of reason. */
const MAX_REASON_BYTES = 123;

export class ClientSocket implements Wire, Beating {
  readonly #ws: WebSocket;
  readonly #surroundings: SocketSurroundings;
  readonly #messages: TokenBucket;
  readonly #frames: TokenBucket;
  readonly #characters: TokenBucket;
  #input: ConnectionInput | null = null;
  #ended = false;
  /** Something was left in the buffers after a send. */
  #behind = false;
  /** A frame came since the last beat. */
  #heard = false;
  #silentMs = 0;
  #sincePingMs = 0;
  #ping: { readonly id: string; readonly sentAtMs: number } | null = null;
  #pings = 0;

  constructor(ws: WebSocket, surroundings: SocketSurroundings) {
    const { settings, clock } = surroundings;
    this.#ws = ws;
    this.#surroundings = surroundings;
    this.#messages = new TokenBucket(settings.maxMessagesPerSecond, clock);
    this.#frames = new TokenBucket(Math.max(FLOOD_FACTOR * settings.maxMessagesPerSecond, LEAST_FLOOD_PER_SECOND), clock);
    // As much as the longest messages within the limit make: who keeps to that never meets this one, and
    // what it costs to read the numbers of the surplus is bounded by what the messages themselves may cost.
    this.#characters = new TokenBucket(settings.maxMessagesPerSecond * settings.maxMessageBytes, clock);
  }

  /**
   * Listens, and hands what comes to `input`. Called in the same turn as the upgrade, before any frame can
   * have been read. `raw` is the socket under the WebSocket.
   */
  serve(input: ConnectionInput, raw: Duplex): void {
    this.#input = input;
    // Without this listener, three malformed bytes would end the process. ws itself closes with the right code.
    this.#ws.on('error', () => this.#end());
    this.#ws.on('close', () => this.#end());
    this.#ws.on('message', (frame, isBinary) => this.#onMessage(frame, isBinary));
    this.#ws.on('ping', () => this.#admitFrame());
    this.#ws.on('pong', (id) => this.#onPong(id.toString()));
    raw.on('drain', () => this.#afterWrite());
    // The first at once, so that a round trip is known early.
    this.#sendPing();
  }

  // ─── towards the client ───

  send(text: string): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#ws.send(text, this.#afterWrite);
    if (this.#ws.bufferedAmount > 0) this.#behind = true;
  }

  bufferedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  /** Starts the closing handshake; ws ends the socket when the peer does not finish it in time. */
  close(code: CloseCode, reason: string): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#ws.close(code, Buffer.byteLength(reason) <= MAX_REASON_BYTES ? reason : '');
  }

  /** Ends the socket at once, without a closing handshake. */
  terminate(): void {
    this.#ws.terminate();
  }

  // An own property: it is handed to ws with every send, and must not be made anew each time.
  readonly #afterWrite = (): void => {
    if (!this.#behind || this.#ws.bufferedAmount > 0) return;
    this.#behind = false;
    this.#deliver((input) => input.drained());
  };

  // ─── from the client ───

  #onMessage(frame: RawData, isBinary: boolean): void {
    if (!this.#admitFrame()) return;
    const text = isBinary ? null : frame.toString();
    if (text !== null && !this.#characters.take(text.length)) return this.close(1008, 'flood');
    if (this.#messages.take()) this.#hand(text === null ? BINARY_REFUSED : parseMessage(text, this.#surroundings.game));
    else this.#refuseSurplus(text === null ? null : parseSeq(text));
  }

  #hand(parsed: Parsed): void {
    this.#deliver((input) => (parsed.type === 'message' ? input.message(parsed.message) : input.refused(parsed.refusal)));
  }

  #refuseSurplus(seq: number | null): void {
    const message = `more than ${this.#surroundings.settings.maxMessagesPerSecond} messages in a second`;
    this.#deliver((input) => input.refused({ code: 'rate_limited', message, seq, malformed: false }));
  }

  #onPong(id: string): void {
    // A pong that answers nothing is a sign of life all the same (some clients send such), and no round trip.
    if (!this.#admitFrame() || this.#ping?.id !== id) return;
    const ms = this.#surroundings.clock.monotonicMs() - this.#ping.sentAtMs;
    this.#ping = null;
    this.#deliver((input) => input.roundTrip(ms));
  }

  /** Any frame shows that the client is there. false: it comes too late, or floods. */
  #admitFrame(): boolean {
    this.#heard = true;
    if (this.#ws.readyState !== this.#ws.OPEN) return false;
    if (this.#frames.take()) return true;
    this.close(1008, 'flood');
    return false;
  }

  // ─── the heartbeat ───

  beat(elapsedMs: number): void {
    const { heartbeatMs, idleTimeoutMs } = this.#surroundings.settings;
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#silentMs = this.#heard ? 0 : this.#silentMs + elapsedMs;
    this.#heard = false;
    this.#sincePingMs += elapsedMs;
    if (this.#silentMs > idleTimeoutMs) this.#closeIdle();
    else if (this.#sincePingMs >= heartbeatMs) this.#sendPing();
  }

  #closeIdle(): void {
    this.#surroundings.telemetry.count('connections_idle_total');
    this.close(4408, 'idle');
  }

  #sendPing(): void {
    this.#sincePingMs = 0;
    this.#ping = { id: String(++this.#pings), sentAtMs: this.#surroundings.clock.monotonicMs() };
    if (this.#ws.readyState === this.#ws.OPEN) this.#ws.ping(this.#ping.id, false, this.#afterWrite);
  }

  // ─── the end ───

  #end(): void {
    if (this.#ended) return;
    this.#deliver((input) => input.closed());
    this.#ended = true;
  }

  /** A bug behind one socket costs that socket, not the process with everybody else's. */
  #deliver(call: (input: ConnectionInput) => void): void {
    if (this.#ended || !this.#input) return;
    try {
      call(this.#input);
    } catch (error) {
      this.#surroundings.log.error({ err: error }, 'connection failed');
      this.close(1011, 'internal error');
    }
  }
}
