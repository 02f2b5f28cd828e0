/**
 * Due times of ticks on a monotonic clock, without drift: each tick is due one period after the
 * last one was *due*, not after it ran. What one tick costs never moves the next.
 */
import type { Clock } from '../ports.js';

export interface TickDue {
  /** How late the tick begins against its schedule. */
  readonly driftMs: number;
  /** Periods that passed unused before it, because the process was late. */
  readonly skipped: number;
}

export class TickTimer {
  #cancel: (() => void) | null = null;
  #dueMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly periodMs: number,
    private readonly onDue: (due: TickDue) => void,
  ) {}

  /** The first tick is due one period from now. */
  start(): void {
    this.#dueMs = this.clock.monotonicMs() + this.periodMs;
    this.#arm();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #arm(): void {
    const delayMs = Math.max(0, this.#dueMs - this.clock.monotonicMs());
    this.#cancel = this.clock.after(delayMs, () => this.#fire());
  }

  #fire(): void {
    const driftMs = this.clock.monotonicMs() - this.#dueMs;
    // Timers may come a fraction early; a whole tick early they never come.
    if (driftMs < -1) return this.#arm();
    // A laptop waking from sleep must not replay an hour of ticks: skip them, and say so.
    const skipped = Math.max(0, Math.floor(driftMs / this.periodMs));
    this.#dueMs += (skipped + 1) * this.periodMs;
    this.#arm();
    this.onDue({ driftMs: Math.max(0, driftMs - skipped * this.periodMs), skipped });
  }
}
