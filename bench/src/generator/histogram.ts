/** Times in milliseconds, counted in tenths: as many as there are, in little memory, with quantiles at the end. */

const PER_MS = 10;
/** Everything longer counts as this long. */
const LONGEST_MS = 20_000;

export class Histogram {
  readonly #counts = new Uint32Array(LONGEST_MS * PER_MS + 1);
  #total = 0;
  #largestMs = 0;

  add(ms: number): void {
    const bucket = Math.min(this.#counts.length - 1, Math.max(0, Math.round(ms * PER_MS)));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total++;
    if (ms > this.#largestMs) this.#largestMs = ms;
  }

  get total(): number {
    return this.#total;
  }

  get largestMs(): number {
    return this.#largestMs;
  }

  /** The least value that this share of all values does not exceed; null: there are none. */
  quantile(share: number): number | null {
    if (this.#total === 0) return null;
    const wanted = Math.max(1, Math.ceil(share * this.#total));
    let seen = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= wanted) return bucket / PER_MS;
    }
    return LONGEST_MS;
  }
}
