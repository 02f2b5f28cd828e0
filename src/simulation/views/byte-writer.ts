/**
 * Bytes in the order in which they are written, in one buffer that grows. Numbers are varints: seven
 * bits a byte, lowest first; signed ones zigzag. Both hold every safe integer.
 */

const INITIAL_BYTES = 4096;
const MOST_KEPT_BYTES = 2 ** 20;

export class ByteWriter {
  #bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  /** 0 to 2^53 − 1. */
  varuint(value: number): void {
    this.#room(8);
    let rest = value;
    // Above 2^31 the bit operators of the language would cut.
    while (rest >= 0x80000000) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** −2^52 to 2^52 − 1. */
  varint(value: number): void {
    this.varuint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** The length in bytes, then UTF-8. */
  text(text: string): void {
    this.varuint(Buffer.byteLength(text));
    this.utf8(text);
  }

  /** UTF-8, without a length. */
  utf8(text: string): void {
    this.#room(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  /** The sixteen bytes of a UUID in its lower-case form. */
  uuid(id: string): void {
    this.#room(16);
    this.#length += this.#bytes.write(id.replaceAll('-', ''), this.#length, 'hex');
  }

  append(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** What was written, copied to where `roomFor` says: to a buffer of its own, unless told otherwise. */
  take(roomFor = (bytes: number): Uint8Array => new Uint8Array(bytes)): Uint8Array {
    const taken = roomFor(this.#length);
    taken.set(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    // One that was large once is not kept for ever.
    if (this.#bytes.length > MOST_KEPT_BYTES) this.#bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
    return taken;
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + bytes));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
