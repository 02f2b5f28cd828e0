/**
 * WebSocket frames, both ways, without a library: a load generator that parses and checks as a real client does
 * would be the bottleneck. Masks what it sends; of what comes it hands on the first bytes only, unless asked for more.
 */

export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** As much of a frame as is looked at. Control frames are never larger, so those are always whole. */
const PEEK_BYTES = 125;

/** A text goes as text, bytes as binary. */
export type Message = string | Buffer;

/** One whole masked frame, ready for the socket. `key` must not be 0: servers skip the unmasking then. */
export function clientFrame(message: Message, key: number, opcode = typeof message === 'string' ? TEXT : BINARY): Buffer {
  const payload = typeof message === 'string' ? Buffer.from(message) : message;
  const { length } = payload;
  if (length > 0xffff) throw new Error('the generator sends small frames only');
  const start = length < 126 ? 6 : 8;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (length < 126 ? length : 126);
  if (length >= 126) frame.writeUInt16BE(length, 2);
  frame.writeUInt32BE(key >>> 0, start - 4);
  // The key is read back from the frame: byte i is masked with its byte i mod 4.
  for (let i = 0; i < length; i++) frame[start + i] = byteAt(payload, i) ^ byteAt(frame, start - 4 + (i & 3));
  return frame;
}

export interface FrameSink {
  /** Whether the next payload is wanted whole. */
  readonly whole: boolean;
  /**
   * A frame has come to its end. Of its `size` bytes of payload, those from `start` of `bytes` are there: all of
   * them, or the first 125. Valid during the call only.
   */
  frame(opcode: number, bytes: Buffer, start: number, size: number): void;
}

/** Cuts what comes from one server's socket into frames, however it was split on the way. */
export class FrameReader {
  readonly #sink: FrameSink;
  /** The beginning of a header, cut off by the end of a chunk. */
  #carry: Buffer | null = null;
  /** The frame whose end has not come yet. */
  #open: { readonly opcode: number; readonly size: number; readonly kept: Buffer; got: number } | null = null;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Takes what was read. `chunk` may be overwritten afterwards. */
  push(chunk: Buffer): void {
    const bytes = this.#carry ? Buffer.concat([this.#carry, chunk]) : chunk;
    this.#carry = null;
    let at = this.#open ? this.#continue(bytes) : 0;
    while (at < bytes.length) {
      const header = readHeader(bytes, at);
      if (!header) {
        this.#carry = Buffer.from(bytes.subarray(at));
        return;
      }
      at = this.#begin(header, bytes, at + header.length);
    }
  }

  /** Answers where the next frame begins. */
  #begin({ opcode, size }: Header, bytes: Buffer, start: number): number {
    const end = start + size;
    if (end <= bytes.length) {
      this.#sink.frame(opcode, bytes, start, size);
      return end;
    }
    const kept = Buffer.allocUnsafe(this.#sink.whole ? size : Math.min(size, PEEK_BYTES));
    bytes.copy(kept, 0, start);
    this.#open = { opcode, size, kept, got: bytes.length - start };
    return bytes.length;
  }

  #continue(bytes: Buffer): number {
    const open = this.#open;
    if (!open) return 0;
    const taken = Math.min(open.size - open.got, bytes.length);
    if (open.got < open.kept.length) bytes.copy(open.kept, open.got, 0, taken);
    open.got += taken;
    if (open.got === open.size) {
      this.#open = null;
      this.#sink.frame(open.opcode, open.kept, 0, open.size);
    }
    return taken;
  }
}

interface Header {
  readonly opcode: number;
  readonly size: number;
  readonly length: number;
}

/** null: there is not enough of it yet. */
function readHeader(bytes: Buffer, at: number): Header | null {
  const there = bytes.length - at;
  if (there < 2) return null;
  const first = byteAt(bytes, at);
  const short = byteAt(bytes, at + 1);
  // A server neither masks nor, in these protocols, cuts a message into pieces: what it counts as would be unclear.
  if (short >= 128 || first < 128 || (first & 15) === 0) throw new Error('a masked or fragmented frame from a server');
  const length = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (there < length) return null;
  const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
  return { opcode: first & 15, size, length };
}

function byteAt(bytes: Buffer, at: number): number {
  return bytes[at] ?? 0;
}
