/**
 * Stands between a socket and ws, and takes out what games send all the time: whole, masked frames of text. All
 * other bytes go to ws untouched and in order, so that pings, fragments, close codes and errors stay what they are with ws
 * alone. Whenever it is not plain that a frame is harmless, ws has the rest of that socket. Needs a
 * `WebSocketServer` without extensions. What a text means, and what is sent, is left to `socket.ts`.
 */
import { isUtf8 } from 'node:buffer';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { onBytes } from './bytes.js';

/** Called with each text that is taken out, in the order of the frames, those that ws tells of included. */
export type TextListener = (text: string) => void;

type Written = (error: Error | null | undefined) => void;

// First bytes of a frame: the bit for "final", and the opcode. Those that are not here close the socket, one way or another.
const FINAL = 0x80;
const CONTINUATION = 0x00;
const TEXT = 0x01;
const BINARY = 0x02;
const PING = 0x09;
const PONG = 0x0a;
const WHOLE_TEXT = FINAL | TEXT;
const HARMLESS: ReadonlySet<number> = new Set([
  ...[CONTINUATION, TEXT, BINARY].flatMap((opcode) => [opcode, FINAL | opcode]),
  FINAL | PING,
  FINAL | PONG,
]);

// The second byte: the bit for "masked", and the length or where it stands.
const MASKED = 0x80;
const IN_TWO_BYTES = 126;
const IN_EIGHT_BYTES = 127;

export class FrameSplitter extends Duplex {
  readonly #raw: Duplex;
  readonly #maxBytes: number;
  #ws: WebSocket | null = null;
  #onText: TextListener = () => {};
  /** The beginning of a header that cannot be read yet: one to three bytes. */
  #held: Buffer | null = null;
  /** What is still to come of a frame whose beginning ws has. */
  #missingBytes = 0;
  /** ws has the first pieces of a message. */
  #midMessage = false;
  /**
   * Messages, pings and pongs that ws has been given and has not told of: no frame is taken before them. ws never
   * tells of one that is an error, so after an error none is taken any more.
   */
  #owed = 0;
  #surrendered = false;

  /** To be handed to `handleUpgrade` in place of `raw`. `maxBytes`: the `maxPayload` of ws. */
  constructor(raw: Duplex, maxBytes: number) {
    super();
    this.#raw = raw;
    this.#maxBytes = maxBytes;
    // What ws sees is not a net.Socket, and so it leaves these two to us.
    if (raw instanceof Socket) raw.setNoDelay(true).setTimeout(0);
    // The peer went while its upgrade was being considered: ws looks for that, and gives up.
    if (!raw.readable || !raw.writable) this.destroy();
  }

  /** From now on reads from the socket, after `head`. Called in the same turn as the upgrade that made `ws`. */
  start(ws: WebSocket, head: Buffer, onText: TextListener): void {
    this.#ws = ws;
    this.#onText = onText;
    const told = () => {
      this.#owed--;
    };
    ws.on('message', told).on('ping', told).on('pong', told);
    if (head.length > 0) this.#raw.unshift(head);
    onBytes(this.#raw, (bytes) => this.#onData(bytes));
    this.#raw
      .on('end', () => this.push(null))
      .on('error', (error) => this.destroy(error))
      .on('close', () => this.destroy());
  }

  // ─── from the peer ───

  #onData(bytes: Buffer): void {
    if (this.#held) {
      bytes = Buffer.concat([this.#held, bytes]);
      this.#held = null;
    }
    // A frame of which ws has the beginning is ws's to the end, so no byte is ever copied twice, however small the chunks are.
    let at = Math.min(this.#missingBytes, bytes.length);
    if (at > 0) {
      this.#missingBytes -= at;
      this.#pass(bytes.subarray(0, at));
    }
    while (at < bytes.length) at = this.#onFrame(bytes, at);
  }

  /** Does with the frame at `at` what is to be done with it; answers where the next one begins. */
  #onFrame(bytes: Buffer, at: number): number {
    if (this.#surrendered || this.#ws?.readyState !== WebSocket.OPEN) return this.#surrender(bytes, at);
    const here = bytes.length - at;
    if (here < 2) return this.#hold(bytes, at);
    const first = bytes[at] ?? 0;
    const second = bytes[at + 1] ?? 0;
    let length = second - MASKED;
    if (length < 0 || length === IN_EIGHT_BYTES || !HARMLESS.has(first)) return this.#surrender(bytes, at);
    let payloadAt = at + 6;
    if (length === IN_TWO_BYTES) {
      // ws needs no more than two bytes to find fault with some frames, but with this kind it waits too.
      if (here < 4) return first === WHOLE_TEXT && !this.#midMessage ? this.#hold(bytes, at) : this.#surrender(bytes, at);
      length = bytes.readUInt16BE(at + 2);
      payloadAt = at + 8;
    }
    if (length > this.#maxBytes) return this.#surrender(bytes, at);
    const end = payloadAt + length;
    if (first === WHOLE_TEXT && end <= bytes.length && this.#nothingBefore()) return this.#take(bytes, at, payloadAt, end);
    return this.#passFrame(bytes, at, end, first);
  }

  /** Is ws through with all that it was given, and not paused? */
  #nothingBefore(): boolean {
    return this.#owed === 0 && !this.#midMessage && this.readableFlowing === true;
  }

  #take(bytes: Buffer, at: number, payloadAt: number, end: number): number {
    const isAscii = unmask(bytes, payloadAt, end);
    if (isAscii) this.#onText(bytes.toString('latin1', payloadAt, end));
    else if (isUtf8(bytes.subarray(payloadAt, end))) this.#onText(bytes.toString('utf8', payloadAt, end));
    else {
      // ws closes with the right code. It is unmasked by now, so the mask becomes one that changes nothing.
      bytes.fill(0, payloadAt - 4, payloadAt);
      return this.#surrender(bytes, at);
    }
    return end;
  }

  #passFrame(bytes: Buffer, at: number, end: number, first: number): number {
    if (first >= FINAL) this.#owed++;
    if (first <= BINARY) this.#midMessage = true;
    else if (first <= (FINAL | BINARY)) this.#midMessage = false;
    const to = Math.min(end, bytes.length);
    this.#missingBytes = end - to;
    this.#pass(bytes.subarray(at, to));
    return to;
  }

  #hold(bytes: Buffer, at: number): number {
    // A copy: a part of the chunk would keep all of it in memory.
    this.#held = Buffer.from(bytes.subarray(at));
    return bytes.length;
  }

  /** For good: a frame closes the socket, is too long, or is of a kind that ws alone can judge. */
  #surrender(bytes: Buffer, at: number): number {
    this.#surrendered = true;
    this.#pass(bytes.subarray(at));
    return bytes.length;
  }

  #pass(bytes: Buffer): void {
    if (!this.push(bytes)) this.#raw.pause();
  }

  override _read(): void {
    this.#raw.resume();
  }

  // ─── to the peer: what ws writes is in the socket's own buffer at once, in order with what is written beside it ───

  override write(chunk: unknown, encoding?: BufferEncoding | Written, done?: Written): boolean {
    if (typeof encoding === 'function') return this.#raw.write(chunk, encoding);
    return this.#raw.write(chunk, encoding ?? 'utf8', done);
  }

  override cork(): void {
    this.#raw.cork();
  }

  override uncork(): void {
    this.#raw.uncork();
  }

  override _write(chunk: unknown, encoding: BufferEncoding, done: Written): void {
    this.#raw.write(chunk, encoding, done);
  }

  override _final(done: () => void): void {
    this.#raw.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#raw.destroy();
    done(error);
  }
}

/** Unmasks the payload from `from` to `to` by the four bytes before it, in place. Is all of it ASCII? */
function unmask(bytes: Buffer, from: number, to: number): boolean {
  let seen = 0;
  for (let at = from; at < to; at++) {
    const byte = (bytes[at] ?? 0) ^ (bytes[from - 4 + ((at - from) & 3)] ?? 0);
    bytes[at] = byte;
    seen |= byte;
  }
  return seen < 0x80;
}
