/**
 * When each player sends: once each period, the players spread evenly over it, as people are who know nothing of one
 * another. A generator that is late makes up for at most one period, and says how late it was.
 */
import type { Histogram } from './histogram.js';

/** Timers are no finer than a millisecond, and each costs something. */
const SLOT_MS = 2;

export class Pace {
  readonly #players: number;
  readonly #periodMs: number;
  readonly #slots: number;
  readonly #startMs: number;
  /** The next slot to be served, counted from the start. */
  #next = 0;

  constructor(players: number, periodMs: number, startMs: number) {
    this.#players = players;
    this.#periodMs = periodMs;
    this.#slots = Math.max(1, Math.round(periodMs / SLOT_MS));
    this.#startMs = startMs;
  }

  get nextAtMs(): number {
    return this.#startMs + (this.#next * this.#periodMs) / this.#slots;
  }

  /** Calls `send` for each player whose turn has come. `lag` is told how late each slot was. */
  advance(nowMs: number, send: (player: number) => void, lag: Histogram): void {
    const due = Math.floor(((nowMs - this.#startMs) * this.#slots) / this.#periodMs);
    // What is older than a period is left out: those players have sent nothing in it, and that shows as lag.
    if (due - this.#next >= this.#slots) this.#next = due - this.#slots + 1;
    while (this.#next <= due) {
      lag.add(Math.max(0, nowMs - this.nextAtMs));
      for (let player = this.#next % this.#slots; player < this.#players; player += this.#slots) send(player);
      this.#next++;
    }
  }
}
