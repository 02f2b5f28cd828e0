/**
 * What became of one player's numbered intents, as far as a connection can be asked.
 * Numbers go up; one at or below the last one taken is answered with its fate and never queued
 * again. What was durably applied is the zone's business (`mark.ts`): this is memory of one run.
 */
import type { SeqMark } from '../records.js';

/** Ranges remembered. Beyond, the oldest is forgotten and counts as applied: it was reported when it was dropped, and a second application would be worse. */
const MAX_RANGES = 1024;

export class SeqLedger {
  #highest = 0;
  /** Numbers that will never be applied: disjoint, ascending ranges, both ends included. */
  readonly #dropped: [from: number, to: number][] = [];

  constructor(
    readonly run: number,
    mark: SeqMark,
  ) {
    this.learn(mark);
  }

  /** What a zone knew and the player's row did not: the numbers of this run up to the mark's highest are settled. */
  learn(mark: SeqMark): void {
    if (mark.run !== this.run || mark.highest <= this.#highest) return;
    for (const seq of mark.dropped) if (seq > this.#highest) this.#drop(seq, seq);
    this.#highest = mark.highest;
  }

  /** The last number taken, queued or not; 0: none. */
  get highest(): number {
    return this.#highest;
  }

  /** 'taken': it is queued or applied. */
  fate(seq: number): 'fresh' | 'taken' | 'dropped' {
    if (seq > this.#highest) return 'fresh';
    return this.#dropped.some(([from, to]) => from <= seq && seq <= to) ? 'dropped' : 'taken';
  }

  /** A fresh number is queued; those passed over are dropped. */
  take(seq: number): void {
    if (seq > this.#highest + 1) this.#drop(this.#highest + 1, seq - 1);
    this.#highest = Math.max(this.#highest, seq);
  }

  /** This number will not be applied: refused at the door, or dropped after it was queued. */
  refuse(seq: number): void {
    if (seq > this.#highest) this.take(seq);
    if (this.fate(seq) === 'taken') this.#drop(seq, seq);
  }

  #drop(from: number, to: number): void {
    const last = this.#dropped.at(-1);
    if (last && last[1] + 1 === from) last[1] = to;
    else this.#dropped.push([from, to]);
    if (this.#dropped.length > MAX_RANGES) this.#dropped.shift();
  }
}
