/**
 * How durations spread, in fixed memory: counts by logarithmic steps, fine enough for quantiles of two digits.
 */

/** Each step is two percent wider than the one before. */
const STEP = Math.log(1.02);
/** From 0.01 ms to more than a day. */
const SMALLEST_MS = 0.01;
const STEPS = 1200;

export class Spread {
  readonly #counts = new Uint32Array(STEPS);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(ms: number): void {
    const step = Math.round(Math.log(Math.max(ms, SMALLEST_MS) / SMALLEST_MS) / STEP);
    const index = Math.min(STEPS - 1, step);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#count++;
  }

  /** The duration that the share `q` (0 to 1) of all does not exceed; null: there are none. */
  quantile(q: number): number | null {
    let left = Math.max(1, Math.ceil(q * this.#count));
    if (this.#count === 0) return null;
    for (let step = 0; step < STEPS; step++) {
      left -= this.#counts[step] ?? 0;
      if (left <= 0) return SMALLEST_MS * Math.exp(step * STEP);
    }
    return null;
  }
}

/** "12.3 ms"; "–" where there is nothing to say. */
export function milliseconds(ms: number | null): string {
  if (ms === null) return '–';
  return `${ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}
