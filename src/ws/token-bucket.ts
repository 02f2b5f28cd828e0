/**
 * How much one socket may do per second: a bucket that holds one second's worth and refills evenly.
 * What happens to the surplus is the caller's decision.
 */
import type { Clock } from '../../actors/ports.js';

/** A bucket counts in thousandths of a token: for each token a second, one comes each millisecond. Whole numbers need no memory of their own. */
const PER_TOKEN = 1000;

export class TokenBucket {
  readonly #perSecond: number;
  readonly #clock: Clock;
  #thousandths: number;
  /** Whole milliseconds; what is left of one counts for the next time. */
  #filledAtMs: number;

  /** Starts full. `perSecond`: a whole number. */
  constructor(perSecond: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#clock = clock;
    this.#thousandths = perSecond * PER_TOKEN;
    this.#filledAtMs = Math.floor(clock.monotonicMs());
  }

  /** Takes as many; false: there are not so many now, and none is taken. `nowMs`: where the caller has read the clock already. */
  take(count = 1, nowMs = this.#clock.monotonicMs()): boolean {
    const now = Math.floor(nowMs);
    // After a second it is full in any case.
    const gained = Math.min(now - this.#filledAtMs, 1000) * this.#perSecond;
    const level = Math.min(this.#perSecond * PER_TOKEN, this.#thousandths + gained);
    const isEnough = level >= count * PER_TOKEN;
    this.#filledAtMs = now;
    this.#thousandths = isEnough ? level - count * PER_TOKEN : level;
    return isEnough;
  }
}
