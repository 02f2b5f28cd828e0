/**
 * How often somebody may try: calls from one address, and wrong passwords for one name from one address.
 * The second never shuts a player out: from another address, and for another name, a right
 * password goes on working. Counts are kept in memory, a minute each; a restart forgets them.
 */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Telemetry } from '../../actors/telemetry.js';
import { addressGroup } from './addresses.js';

const WINDOW_S = 60;

export type Allowance = { readonly allowed: true } | { readonly allowed: false; readonly retryAfterS: number };

/** Calls that one address may make in a minute; for the HTTP edge. Counts what it refuses. */
export class AddressLimit {
  readonly #limiter: RateLimiterMemory | null;

  /** `perMinute` 0: no limit. */
  constructor(
    perMinute: number,
    private readonly telemetry: Telemetry,
  ) {
    this.#limiter = perMinute === 0 ? null : new RateLimiterMemory({ points: perMinute, duration: WINDOW_S });
  }

  async consume(address: string): Promise<Allowance> {
    if (!this.#limiter) return { allowed: true };
    try {
      await this.#limiter.consume(addressGroup(address));
      return { allowed: true };
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      this.telemetry.count('auth_rate_limited_total');
      return { allowed: false, retryAfterS: secondsLeft(refusal) };
    }
  }
}

/** Wrong passwords for one name from one address. */
export class FailureLimit {
  readonly #limiter: RateLimiterMemory;

  constructor(perMinute: number) {
    this.#limiter = new RateLimiterMemory({ points: perMinute, duration: WINDOW_S });
  }

  /** May this name be tried from there now? */
  async check(guess: string): Promise<Allowance> {
    const failures = await this.#limiter.get(guess);
    if (!failures || failures.msBeforeNext <= 0 || failures.remainingPoints > 0) return { allowed: true };
    return { allowed: false, retryAfterS: secondsLeft(failures) };
  }

  async failed(guess: string): Promise<void> {
    await this.#limiter.penalty(guess);
  }
}

/** What failures are counted by. An address has no space in it, so no two pairs run into one. */
export function guessOf(usernameKey: string, address: string): string {
  return `${addressGroup(address)} ${usernameKey}`;
}

function secondsLeft(refusal: RateLimiterRes): number {
  return Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
}
