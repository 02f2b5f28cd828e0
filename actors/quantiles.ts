/**
 * The newest few hundred durations and their quantiles, for /status and the actor tree.
 * Exact over a short window, where the histograms of /metrics are coarse over a long one.
 */

/** Keeps the newest `size` samples. Until one came, everything is 0. */
export class RollingQuantile {
  readonly #samples: Float64Array;
  #count = 0;
  #next = 0;
  #last = 0;

  constructor(size = 512) {
    this.#samples = new Float64Array(size);
  }

  /** The newest sample, in milliseconds. */
  get last(): number {
    return this.#last;
  }

  add(ms: number): void {
    this.#last = ms;
    this.#samples[this.#next] = ms;
    this.#next = (this.#next + 1) % this.#samples.length;
    this.#count = Math.min(this.#count + 1, this.#samples.length);
  }

  /** The smallest sample that at least the share `q` (0 to 1) of the window does not exceed. Sorts a copy: for reading, not for the tick. */
  quantile(q: number): number {
    const sorted = this.#samples.slice(0, this.#count).sort();
    const rank = Math.ceil(Math.min(1, Math.max(0, q)) * this.#count);
    return sorted[Math.max(0, rank - 1)] ?? 0;
  }
}
