/**
 * How late this process's own timers come: a tool that measures a server says nothing about what is shorter than that.
 */
import { Spread } from './spread.js';

const EVERY_MS = 20;

/** Measures from `new` until `stop`. */
export class OwnDelay {
  readonly spread = new Spread();
  readonly #timer: NodeJS.Timeout;

  constructor() {
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.spread.add(Math.max(0, now - last - EVERY_MS));
      last = now;
    }, EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
