/**
 * What one socket may send: messages within its limit are read, the surplus is refused, and a flood of surplus costs the
 * socket. What refusing costs is bounded by this; who is told what is `socket.ts`'s.
 */
import type { Clock } from '../../actors/ports.js';
import { TokenBucket } from './token-bucket.js';

/**
 * Each refused message is still answered, and each ping too. Whoever sends this many times the limit (frames of every kind
 * together) is flooding, and loses the socket.
 */
const FLOOD_FACTOR = 10;
/** With a very low limit, this many frames a second are no flood yet. */
const LEAST_FLOOD_PER_SECOND = 2000;

export interface AllowanceSettings {
  readonly maxMessagesPerSecond: number;
  readonly maxMessageBytes: number;
}

export class Allowance {
  readonly #messages: TokenBucket;
  readonly #surplus: TokenBucket;
  readonly #surplusCharacters: TokenBucket;

  constructor({ maxMessagesPerSecond, maxMessageBytes }: AllowanceSettings, clock: Clock) {
    this.#messages = new TokenBucket(maxMessagesPerSecond, clock);
    const floodPerSecond = Math.max(FLOOD_FACTOR * maxMessagesPerSecond, LEAST_FLOOD_PER_SECOND);
    this.#surplus = new TokenBucket(floodPerSecond - maxMessagesPerSecond, clock);
    // To read the number of a refused message may cost as much as the messages within the limit do, and no more.
    this.#surplusCharacters = new TokenBucket(maxMessagesPerSecond * maxMessageBytes, clock);
  }

  /** A message of so many characters came. What nearly always comes is within the limit, and asks nothing else. */
  message(characters: number, nowMs: number): 'within' | 'surplus' | 'flood' {
    if (this.#messages.take(1, nowMs)) return 'within';
    return this.#surplus.take(1, nowMs) && this.#surplusCharacters.take(characters, nowMs) ? 'surplus' : 'flood';
  }

  /** A frame came that is no message: false where there are too many of them. */
  frame(nowMs: number): boolean {
    return this.#surplus.take(1, nowMs);
  }
}
