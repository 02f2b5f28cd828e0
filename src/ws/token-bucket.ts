/**
 * How much one socket may do per second: a bucket that holds one second's worth and refills evenly.
 * What happens to the surplus is the caller's decision.
 */
import type { Clock } from '../../actors/ports.js';

export class TokenBucket {
  readonly #perSecond: number;
  readonly #clock: Clock;
  #tokens: number;
  #filledAtMs: number;

  /** Starts full. */
  constructor(perSecond: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#clock = clock;
    this.#tokens = perSecond;
    this.#filledAtMs = clock.monotonicMs();
  }

  /** Takes as many; false: there are not so many now, and none is taken. `nowMs`: where the caller has read the clock already. */
  take(count = 1, nowMs = this.#clock.monotonicMs()): boolean {
    this.#tokens = Math.min(this.#perSecond, this.#tokens + ((nowMs - this.#filledAtMs) / 1000) * this.#perSecond);
    this.#filledAtMs = nowMs;
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }
}
