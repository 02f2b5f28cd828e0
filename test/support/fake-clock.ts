/**
 * Time that a test turns by hand.
 * Timers fire in the order in which they are due, each with the clock standing at its own time, as
 * a real event loop does when it is punctual. Nothing happens by itself, so a test never sleeps.
 */
import type { Clock } from '../../actors/ports.js';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly call: () => void;
}

/** Starts at monotonic 0 and, unless told otherwise, at midnight of 1 January 2026. */
export class FakeClock implements Clock {
  #monotonicMs = 0;
  #epochOffsetMs: number;
  #timers: Timer[] = [];
  #made = 0;

  constructor(epochMs: number = Date.UTC(2026, 0, 1)) {
    this.#epochOffsetMs = epochMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  epochMs(): number {
    return this.#epochOffsetMs + this.#monotonicMs;
  }

  after(delayMs: number, call: () => void): () => void {
    const timer: Timer = { dueMs: this.#monotonicMs + Math.max(0, delayMs), order: this.#made++, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Timers that wait; a test asserts 0 to show that nothing was left behind. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  /** Moves both times on and fires what becomes due, timers set on the way included. */
  advance(ms: number): void {
    const untilMs = this.#monotonicMs + ms;
    while (this.#fireNext(untilMs));
    this.#monotonicMs = untilMs;
  }

  /** As `advance`, but lets promises settle before the first timer, after each, and at the end. */
  async advanceAsync(ms: number): Promise<void> {
    const untilMs = this.#monotonicMs + ms;
    do await settle();
    while (this.#fireNext(untilMs));
    this.#monotonicMs = untilMs;
    await settle();
  }

  /** Sets the wall clock without any time passing: what an operator or a time server does. */
  jumpEpoch(byMs: number): void {
    this.#epochOffsetMs += byMs;
  }

  /** As a process that was stopped sees it: the time has passed, and only now do timers get their turn. */
  stall(ms: number): void {
    this.#monotonicMs += ms;
    const untilMs = this.#monotonicMs;
    while (this.#fireNext(untilMs));
  }

  #fireNext(untilMs: number): boolean {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs > untilMs) continue;
      if (!next || timer.dueMs < next.dueMs || (timer.dueMs === next.dueMs && timer.order < next.order)) next = timer;
    }
    if (!next) return false;
    this.#timers.splice(this.#timers.indexOf(next), 1);
    this.#monotonicMs = Math.max(this.#monotonicMs, next.dueMs);
    next.call();
    return true;
  }
}

/** One turn of the event loop: every promise that can settle by itself has settled. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
