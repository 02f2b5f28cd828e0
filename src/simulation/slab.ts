/**
 * Room for what steps answer in bytes, many pieces in one buffer: one for each would cost more than what is in it, most of
 * all where it changes threads.
 */

/** As much as the zones of a small world answer in one tick. */
const USUAL_BYTES = 2 ** 17;

export class Slab {
  #bytes = Buffer.alloc(0);
  #used = 0;

  /** `bytes`: how large each buffer is; 0: as large as what it was asked for. */
  constructor(private readonly bytes = USUAL_BYTES) {}

  /** So many bytes to be written, which are nobody else's. What is in them is not said. */
  room(length: number): Buffer {
    // A buffer that has gone to another thread has no length here any more: not even nothing can be had of it.
    if (this.#bytes.length === 0 || this.#bytes.length - this.#used < length) {
      this.#bytes = Buffer.allocUnsafeSlow(Math.max(this.bytes, length));
      this.#used = 0;
    }
    this.#used += length;
    return this.#bytes.subarray(this.#used - length, this.#used);
  }
}
