/**
 * What was delivered within a window, player by player: how many states, how large, how far apart. A player's share is
 * counted from its first state in the window to its last, so that where the window's edges fall between ticks is no matter.
 */
import { Histogram } from './histogram.js';

/** A player that has heard nothing for this many periods at the end of the window is missing something. */
const STALE_PERIODS = 1.5;

export interface Delivered {
  readonly states: number;
  readonly stateBytes: number;
  /** Of the states that were due; at most 1. */
  readonly share: number;
  readonly intervalP50Ms: number | null;
  readonly intervalP99Ms: number | null;
}

export class Tally {
  readonly #startMs: number;
  readonly #periodMs: number;
  readonly #intervals = new Histogram();
  /** NaN: nothing in this window yet. */
  readonly #firstMs: Float64Array;
  readonly #lastMs: Float64Array;
  readonly #counts: Uint32Array;
  #states = 0;
  #stateBytes = 0;

  constructor(players: number, periodMs: number, startMs: number) {
    this.#startMs = startMs;
    this.#periodMs = periodMs;
    this.#firstMs = new Float64Array(players).fill(Number.NaN);
    this.#lastMs = new Float64Array(players);
    this.#counts = new Uint32Array(players);
  }

  state(player: number, size: number, nowMs: number): void {
    this.#states++;
    this.#stateBytes += size;
    if (Number.isNaN(this.#firstMs[player])) this.#firstMs[player] = nowMs;
    else {
      this.#intervals.add(nowMs - (this.#lastMs[player] ?? nowMs));
      this.#counts[player] = (this.#counts[player] ?? 0) + 1;
    }
    this.#lastMs[player] = nowMs;
  }

  /** Closes the window. */
  close(endMs: number): Delivered {
    let due = 0;
    let got = 0;
    for (let player = 0; player < this.#counts.length; player++) {
      due += this.#spanMs(player, endMs) / this.#periodMs;
      got += this.#counts[player] ?? 0;
    }
    return {
      states: this.#states,
      stateBytes: this.#stateBytes,
      share: due > 0 ? Math.min(1, got / due) : 0,
      intervalP50Ms: this.#intervals.quantile(0.5),
      intervalP99Ms: this.#intervals.quantile(0.99),
    };
  }

  /** The time for which this player had states coming. Counts silence at the end as an interval. */
  #spanMs(player: number, endMs: number): number {
    const first = this.#firstMs[player] ?? Number.NaN;
    const heardAt = Number.isNaN(first) ? this.#startMs : (this.#lastMs[player] ?? this.#startMs);
    const began = Number.isNaN(first) ? this.#startMs : first;
    if (endMs - heardAt <= STALE_PERIODS * this.#periodMs) return heardAt - began;
    this.#intervals.add(endMs - heardAt);
    return endMs - began;
  }
}
