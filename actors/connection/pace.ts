/**
 * One of a kind each tick: how often a client may subscribe and resync. Only what was granted
 * counts, by the moment it was asked for: who waits a tick for the answer may ask again at once.
 */
import type { TickNumber } from '../ids.js';
import type { Clock } from '../ports.js';

/** When something was asked for. */
export interface Moment {
  readonly tick: TickNumber;
  readonly atMs: number;
}

export class TickPace {
  readonly #granted = new Map<string, Moment>();

  constructor(
    private readonly deps: {
      readonly scheduler: { readonly next: TickNumber };
      readonly clock: Clock;
      readonly tickIntervalMs: number;
    },
  ) {}

  /** Now, if it may be granted; null: it was granted in this tick already. */
  ask(kind: string): Moment | null {
    const now = { tick: this.deps.scheduler.next, atMs: this.deps.clock.monotonicMs() };
    const last = this.#granted.get(kind);
    // While the world is paused no tick comes, and time stands in for it.
    const spent = last?.tick === now.tick && now.atMs - last.atMs < this.deps.tickIntervalMs;
    return spent ? null : now;
  }

  grant(kind: string, asked: Moment): void {
    this.#granted.set(kind, asked);
  }
}
