/**
 * Reads what the server writes: varints, texts and ids, in order. Whatever the bytes are, it ends in a
 * value or a `ProtocolError`, and never reads beyond them.
 */
import { ProtocolError } from './protocol-error.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export class ByteReader {
  #at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get left(): number {
    return this.bytes.length - this.#at;
  }

  byte(): number {
    const value = this.bytes[this.#at];
    if (value === undefined) throw new ProtocolError('the message ends too early');
    this.#at += 1;
    return value;
  }

  varuint(): number {
    let value = 0;
    let factor = 1;
    for (let read = 0; read < 8; read += 1) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) {
        if (!Number.isSafeInteger(value)) break;
        return value;
      }
      factor *= 128;
    }
    throw new ProtocolError('a number is too large');
  }

  varint(): number {
    const value = this.varuint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A number of things that follow, each of at least one byte. */
  count(): number {
    const count = this.varuint();
    if (count > this.left) throw new ProtocolError('the message announces more than it has');
    return count;
  }

  text(): string {
    return this.utf8(this.varuint());
  }

  utf8(length: number): string {
    try {
      return utf8.decode(this.#take(length));
    } catch (error) {
      throw error instanceof ProtocolError ? error : new ProtocolError('a text is not UTF-8');
    }
  }

  uuid(): string {
    const hex = Array.from(this.#take(16), (byte) => HEX[byte]).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  #take(length: number): Uint8Array {
    if (length > this.left) throw new ProtocolError('the message ends too early');
    this.#at += length;
    return this.bytes.subarray(this.#at - length, this.#at);
  }
}
