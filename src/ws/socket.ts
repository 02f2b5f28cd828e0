/**
 * One WebSocket, between ws and its connection actor: frames become messages and refusals, the actor's
 * texts become frames. Holds what is per socket at this edge: the limits on what comes in, the heartbeat, and
 * whether something still waits to be written. What a message does is the actor's.
 */
import { isUtf8 } from 'node:buffer';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket } from 'ws';
import type { ConnectionInput } from '../../actors/control.js';
import type { Clock, CloseCode, Wire } from '../../actors/ports.js';
import type { Log, Telemetry } from '../../actors/telemetry.js';
import { Allowance } from './allowance.js';
import type { GameChecks } from './checks.js';
import { FramePress, LONGEST_PRESSED_BYTES } from './frame-press.js';
import { frameStart, textFrame, textFrameHeader } from './frames.js';
import type { Beating } from './heartbeat.js';
import { BINARY_REFUSED, type Parsed, parseMessage, parseSeq } from './parse.js';

/** What a socket is served with; one for all sockets of an edge. */
export interface SocketSettings {
  readonly maxMessagesPerSecond: number;
  readonly maxMessageBytes: number;
  readonly heartbeatMs: number;
  readonly idleTimeoutMs: number;
  /** Whole texts are read and written beside ws; false: all goes through it. */
  readonly fastSockets: boolean;
}
export interface SocketSurroundings {
  readonly settings: SocketSettings;
  readonly game: GameChecks;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly log: Log;
}

/** Up to this length, a text is cheaper to join with its header than to write behind it. */
const SHORT_TEXT = 2000;

/** One for all sockets: they are written to one after the other. */
const press = new FramePress();

/** The subprotocols, by their names on the wire. */
export const JSON_SUBPROTOCOL = 'gridstead.v1.json';
export const BINARY_SUBPROTOCOL = 'gridstead.v1.bin';

/** In the binary encoding, what is no state is its JSON behind this byte, in both directions. */
const JSON_KIND = '\0';

/** A close frame has room for this many bytes of reason. */
const MAX_REASON_BYTES = 123;

export class ClientSocket implements Wire, Beating {
  readonly encoding: Wire['encoding'];
  readonly #ws: WebSocket;
  /** The socket under the WebSocket. */
  readonly #raw: Duplex;
  readonly #surroundings: SocketSurroundings;
  readonly #allowance: Allowance;
  #input: ConnectionInput | null = null;
  #ended = false;
  /** A frame came since the last beat. */
  #heard = false;
  #silentMs = 0;
  #sincePingMs = 0;
  #ping: { readonly id: string; readonly sentAtMs: number } | null = null;
  #pings = 0;

  constructor(ws: WebSocket, raw: Duplex, surroundings: SocketSurroundings) {
    const { settings, clock } = surroundings;
    this.encoding = ws.protocol === BINARY_SUBPROTOCOL ? 'binary' : 'json';
    this.#ws = ws;
    this.#raw = raw;
    this.#surroundings = surroundings;
    this.#allowance = new Allowance(settings, clock);
  }

  /**
   * Listens, and hands what comes to `input`. Called in the same turn as the upgrade, before any frame can
   * have been read.
   */
  serve(input: ConnectionInput): void {
    this.#input = input;
    // Without this listener, three malformed bytes would end the process. ws itself closes with the right code.
    this.#ws.on('error', () => this.#end());
    this.#ws.on('close', () => this.#end());
    this.#ws.on('message', (frame, isBinary) => this.#onMessage(frame, isBinary));
    this.#ws.on('ping', () => this.#admitFrame());
    this.#ws.on('pong', (id) => this.#onPong(id.toString()));
    this.#raw.on('drain', () => this.#deliver((drained) => drained.drained()));
    // The first at once, so that a round trip is known early.
    this.#sendPing();
  }

  // ─── towards the client ───

  send(text: string): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return;
    if (this.encoding === 'binary') this.#sendParts(JSON_KIND, Buffer.from(text));
    else if (!this.#surroundings.settings.fastSockets) this.#ws.send(text);
    else if (text.length <= SHORT_TEXT) this.#raw.write(textFrame(text));
    else this.#writeBoth(textFrameHeader(Buffer.byteLength(text)), text);
  }

  sendParts(head: string, body: Uint8Array): void {
    if (this.#ws.readyState === WebSocket.OPEN) this.#sendParts(head, body);
  }

  together(write: () => void): void {
    this.#raw.cork();
    write();
    this.#raw.uncork();
  }

  /** The body goes to other sockets too, as a rule to the one that is written to next. */
  #sendParts(head: string, body: Uint8Array): void {
    const isBinary = this.encoding === 'binary';
    if (!this.#surroundings.settings.fastSockets)
      this.#ws.send(Buffer.concat([Buffer.from(head, 'latin1'), body]), { binary: isBinary });
    else if (body.length <= LONGEST_PRESSED_BYTES) press.write(this.#raw, isBinary, head, body);
    else this.#writeBoth(frameStart(isBinary, head, body.length), body);
  }

  /** What waits in the socket, whoever wrote it: neither ws nor what is between it and the socket keeps anything back. */
  bufferedBytes(): number {
    return this.#raw.writableLength;
  }

  /** A whole frame in one system call. ws too writes whole frames only, each in one go: they cannot get into one another. */
  #writeBoth(beginning: Uint8Array, rest: Uint8Array | string): void {
    this.#raw.cork();
    this.#raw.write(beginning);
    this.#raw.write(rest);
    this.#raw.uncork();
  }

  /** Starts the closing handshake; ws ends the socket when the peer does not finish it in time. */
  close(code: CloseCode, reason: string): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return;
    this.#ws.close(code, Buffer.byteLength(reason) <= MAX_REASON_BYTES ? reason : '');
  }

  /** Ends the socket at once, without a closing handshake. */
  terminate(): void {
    this.#ws.terminate();
  }

  // ─── from the client ───

  /** A text of the client: from ws, or read beside it. */
  receive(text: string): void {
    const judged = this.#judge(text.length);
    if (judged === 'within') this.#hand(parseMessage(text, this.#surroundings.game));
    else if (judged === 'surplus') this.#refuseSurplus(parseSeq(text));
  }

  #onMessage(frame: RawData, isBinary: boolean): void {
    if (!isBinary) return this.receive(frame.toString());
    const text = this.encoding === 'binary' ? textOfKindJson(frame) : null;
    if (text !== null) return this.receive(text);
    const judged = this.#judge(0);
    if (judged === 'within') this.#hand(BINARY_REFUSED);
    else if (judged === 'surplus') this.#refuseSurplus(null);
  }

  /** null: it comes too late, or floods. */
  #judge(characters: number): 'within' | 'surplus' | null {
    this.#heard = true;
    if (this.#ws.readyState !== WebSocket.OPEN) return null;
    const judged = this.#allowance.message(characters, this.#surroundings.clock.monotonicMs());
    if (judged !== 'flood') return judged;
    this.close(1008, 'flood');
    return null;
  }

  #hand(parsed: Parsed): void {
    if (this.#ended || !this.#input) return;
    try {
      if (parsed.type === 'message') this.#input.message(parsed.message);
      else this.#input.refused(parsed.refusal);
    } catch (error) {
      this.#failed(error);
    }
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
    if (this.#ws.readyState !== WebSocket.OPEN) return false;
    if (this.#allowance.frame(this.#surroundings.clock.monotonicMs())) return true;
    this.close(1008, 'flood');
    return false;
  }

  // ─── the heartbeat ───

  beat(elapsedMs: number): void {
    const { heartbeatMs, idleTimeoutMs } = this.#surroundings.settings;
    if (this.#ws.readyState !== WebSocket.OPEN) return;
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
    if (this.#ws.readyState === WebSocket.OPEN) this.#ws.ping(this.#ping.id, false);
  }

  // ─── the end ───

  #end(): void {
    this.#deliver((input) => input.closed());
    this.#ended = true;
  }

  #deliver(call: (input: ConnectionInput) => void): void {
    if (this.#ended || !this.#input) return;
    try {
      call(this.#input);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** A bug behind one socket costs that socket, not the process with everybody else's. */
  #failed(error: unknown): void {
    this.#surroundings.log.error({ err: error }, 'connection failed');
    this.close(1011, 'internal error');
  }
}

/** What a binary message carries as JSON; null: it is of no kind that clients send, or not UTF-8. */
function textOfKindJson(frame: RawData): string | null {
  const bytes = Array.isArray(frame) ? Buffer.concat(frame) : Buffer.from(frame as Buffer); // ws hands out Buffers unless told otherwise
  return bytes[0] === 0 && isUtf8(bytes.subarray(1)) ? bytes.toString('utf8', 1) : null;
}
