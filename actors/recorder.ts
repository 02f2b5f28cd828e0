/**
 * What happens in the world while somebody looks: each tick of the zones that are looked at with what it cost, and all
 * failures and handovers. Nothing is kept for nobody; what is not fetched in time is dropped, oldest first, and counted.
 */
import type { Costs } from './costs.js';
import type { PlayerId, TickNumber, ZoneId } from './ids.js';

/** `atMs`: milliseconds since 1970. */
export type Happening =
  | { readonly type: 'tick'; readonly zone: ZoneId; readonly tick: TickNumber; readonly atMs: number; readonly costs: Costs }
  | { readonly type: 'missed'; readonly zone: ZoneId; readonly tick: TickNumber; readonly atMs: number }
  | { readonly type: 'failed'; readonly zone: ZoneId; readonly atMs: number; readonly message: string }
  | {
      readonly type: 'handover';
      readonly zone: ZoneId;
      readonly to: ZoneId;
      readonly player: PlayerId;
      readonly atMs: number;
    };

/** One who looks. */
export interface Recording {
  /** Whose ticks are wanted from now on. */
  follow(zones: Iterable<ZoneId>): void;
  /** What came up since the last call, in order; `lost`: how much more there was. */
  take(): { readonly happenings: readonly Happening[]; readonly lost: number };
  close(): void;
}

/** Between two looks; some hundred ticks of as many zones as fit on a screen. */
const MOST_KEPT = 20_000;

export class Recorder {
  readonly #open = new Set<Kept>();

  /** false: whatever is recorded now, nobody will see it. */
  get watched(): boolean {
    return this.#open.size > 0;
  }

  record(happening: Happening): void {
    for (const recording of this.#open) recording.add(happening);
  }

  open(): Recording {
    const recording = new Kept(() => this.#open.delete(recording));
    this.#open.add(recording);
    return recording;
  }
}

class Kept implements Recording {
  #followed: ReadonlySet<ZoneId> = new Set();
  #happenings: Happening[] = [];
  #lost = 0;

  constructor(readonly close: () => void) {}

  follow(zones: Iterable<ZoneId>): void {
    this.#followed = new Set(zones);
  }

  add(happening: Happening): void {
    const isTick = happening.type === 'tick' || happening.type === 'missed';
    if (isTick && !this.#followed.has(happening.zone)) return;
    this.#happenings.push(happening);
    if (this.#happenings.length <= MOST_KEPT) return;
    // Half at a time: to shift each would move all the others, again and again.
    this.#lost += this.#happenings.splice(0, MOST_KEPT / 2).length;
  }

  take(): { readonly happenings: readonly Happening[]; readonly lost: number } {
    const taken = { happenings: this.#happenings, lost: this.#lost };
    this.#happenings = [];
    this.#lost = 0;
    return taken;
  }
}
