/**
 * Sees from outside whether a worker's game code comes back, and whether it takes memory that the heap's limit does not
 * see (buffers). Shared memory says whose code runs; when that has not changed for the budget, it hangs. What follows is
 * the pool's decision.
 */
import type { Clock } from '../../../actors/ports.js';
import { CHANGES, RUNNING } from './protocol.js';

/** How many looks a budget has: a hang is noticed a quarter of a budget late at most. */
const LOOKS_PER_BUDGET = 4;
const LONGEST_LOOK_MS = 250;

export interface WatchdogDeps {
  readonly busy: Int32Array;
  readonly clock: Clock;
  readonly budgetMs: number;
  /** So much more memory the process may have while one and the same code runs. */
  readonly growthMb: number;
  residentMb(): number;
  /** The mark that stood in shared memory for the whole budget. */
  onHang(mark: number): void;
  /** The mark that stood there while the process grew. */
  onGrowth(mark: number): void;
}

interface Seen {
  readonly changes: number;
  readonly sinceMs: number;
  /** Read at the second look at the same code: hardly any runs so long. */
  readonly residentMb: number | null;
}

export class Watchdog {
  #cancel: () => void = () => {};
  #seen: Seen = { changes: 0, sinceMs: 0, residentMb: null };

  constructor(private readonly deps: WatchdogDeps) {}

  start(): void {
    this.#see(Atomics.load(this.deps.busy, CHANGES));
    this.#arm();
  }

  stop(): void {
    this.#cancel();
  }

  /** Whose code runs now; 0: nobody's. */
  get running(): number {
    return Atomics.load(this.deps.busy, RUNNING);
  }

  #see(changes: number): void {
    this.#seen = { changes, sinceMs: this.deps.clock.monotonicMs(), residentMb: null };
  }

  #arm(): void {
    const lookMs = Math.min(LONGEST_LOOK_MS, this.deps.budgetMs / LOOKS_PER_BUDGET);
    this.#cancel = this.deps.clock.after(lookMs, () => this.#look());
  }

  #look(): void {
    const { clock, busy, budgetMs, growthMb } = this.deps;
    const changes = Atomics.load(busy, CHANGES);
    const mark = this.running;
    if (changes !== this.#seen.changes || mark === 0) {
      this.#see(changes);
      return this.#arm();
    }
    if (clock.monotonicMs() - this.#seen.sinceMs >= budgetMs) return this.deps.onHang(mark);
    const residentMb = this.deps.residentMb();
    const beforeMb = this.#seen.residentMb ?? residentMb;
    if (residentMb - beforeMb > growthMb) return this.deps.onGrowth(mark);
    this.#seen = { ...this.#seen, residentMb: beforeMb };
    this.#arm();
  }
}
