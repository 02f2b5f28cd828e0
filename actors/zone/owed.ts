/**
 * What a zone has shown and not written: the ticks since its last commit, where PERSIST_EVERY_TICKS is above 1, and a wish to
 * be woken that is earlier than the one in its row. Who writes, a tick or somebody between two (`unwritten.ts`), takes it along.
 */
import type { ZoneCommit } from '../records.js';

/** The part of a commit that ticks shown before they were written still owe. */
export type Unwritten = Pick<ZoneCommit, 'rows' | 'metadata' | 'wakeAtMs'>;

const NOTHING: Unwritten = { rows: [] };

export class Owed {
  /** What the zone's row has of its wish. */
  storedWakeAtMs: number | null = null;
  #unwritten: Unwritten = NOTHING;

  /** How many ticks. */
  get rows(): number {
    return this.#unwritten.rows.length;
  }

  add(tick: Unwritten): void {
    this.#unwritten = behind(this.#unwritten, tick);
  }

  /**
   * What the next write of this zone must have in front, now in the hands of that write: two writes at once must not
   * both have it, or the second would be taken for a repetition of the first.
   */
  take(): Unwritten {
    const unwritten = this.#unwritten;
    this.#unwritten = NOTHING;
    return unwritten;
  }

  /** It was not written after all. */
  giveBack(unwritten: Unwritten): void {
    this.#unwritten = behind(unwritten, this.#unwritten);
  }

  /**
   * What a commit must say of a wish; undefined: nothing. In a row that is too early it costs a zone that was killed one tick for nothing,
   * and the checkpoint that it goes to sleep with puts it right; too late would be wrong. So one that moves on with every tick is not
   * written with every tick.
   */
  wishToStore(wakeAtMs: number | null | undefined): number | undefined {
    if (wakeAtMs === undefined || wakeAtMs === null) return undefined;
    return this.storedWakeAtMs === null || wakeAtMs < this.storedWakeAtMs ? wakeAtMs : undefined;
  }

  /** What `wishToStore` answered is in the row. */
  wishStored(wakeAtMs: number | undefined): void {
    if (wakeAtMs !== undefined) this.storedWakeAtMs = wakeAtMs;
  }
}

/** What two ticks owe, one after the other. */
export function behind(first: Unwritten, second: Unwritten): Unwritten {
  if (first === NOTHING) return second;
  return {
    rows: [...first.rows, ...second.rows],
    metadata: second.metadata ?? first.metadata,
    wakeAtMs: second.wakeAtMs === undefined ? first.wakeAtMs : second.wakeAtMs,
  };
}
