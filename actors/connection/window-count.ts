/** How many of something came lately: the reason to put up with a few, and not with many. */
import type { Clock } from '../ports.js';

export class WindowCount {
  #atMs: number[] = [];

  constructor(
    private readonly windowMs: number,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {}

  /** One more; answers how many there were within the window, this one included. */
  add(): number {
    const nowMs = this.clock.monotonicMs();
    this.#atMs = [...this.#atMs.filter((atMs) => nowMs - atMs < this.windowMs), nowMs];
    return this.#atMs.length;
  }
}
