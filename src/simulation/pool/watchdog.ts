/**
 * Sees from outside whether a worker's game code comes back. Shared memory says whose code runs; when
 * that has not changed for the budget, it hangs. What follows is the pool's decision.
 */
import type { Clock } from '../../../actors/ports.js';
import { CHANGES, RUNNING } from './protocol.js';

/** How many looks a budget has: a hang is noticed a quarter of a budget late at most. */
const LOOKS_PER_BUDGET = 4;
const LONGEST_LOOK_MS = 250;

export class Watchdog {
  #cancel: () => void = () => {};
  #seen = { changes: 0, sinceMs: 0 };

  constructor(
    private readonly deps: {
      readonly busy: Int32Array;
      readonly clock: Clock;
      readonly budgetMs: number;
      /** The mark that stood in shared memory for the whole budget. */
      onHang(mark: number): void;
    },
  ) {}

  start(): void {
    this.#seen = { changes: Atomics.load(this.deps.busy, CHANGES), sinceMs: this.deps.clock.monotonicMs() };
    this.#arm();
  }

  stop(): void {
    this.#cancel();
  }

  /** Whose code runs now; 0: nobody's. */
  get running(): number {
    return Atomics.load(this.deps.busy, RUNNING);
  }

  #arm(): void {
    const lookMs = Math.min(LONGEST_LOOK_MS, this.deps.budgetMs / LOOKS_PER_BUDGET);
    this.#cancel = this.deps.clock.after(lookMs, () => this.#look());
  }

  #look(): void {
    const { clock, busy, budgetMs } = this.deps;
    const changes = Atomics.load(busy, CHANGES);
    const nowMs = clock.monotonicMs();
    const mark = this.running;
    if (changes !== this.#seen.changes || mark === 0) this.#seen = { changes, sinceMs: nowMs };
    if (nowMs - this.#seen.sinceMs < budgetMs) return this.#arm();
    this.deps.onHang(mark);
  }
}
