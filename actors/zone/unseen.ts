/**
 * The events of committed ticks that not everybody in a zone has been shown: between two snapshots, or while somebody lagged. Who
 * shows them keeps them as well, but is lost when the zone is restored; the incarnation that follows goes on from these.
 */
import type { TickNumber } from '../ids.js';
import type { UnseenEvents } from '../records.js';

/** Ticks with events that are kept; of what is older nobody hears. */
const KEPT_TICKS = 64;

export class Unseen {
  #ticks: UnseenEvents[] = [];

  get ticks(): readonly UnseenEvents[] {
    return this.#ticks;
  }

  /** `events`: of a committed tick, '' where it had none; null: everybody has been shown it, and all before it. */
  note(tick: TickNumber, events: string | null): void {
    if (events === null) {
      if (this.#ticks.length > 0) this.#ticks = [];
    } else if (events !== '') {
      this.#ticks.push({ tick, events });
      if (this.#ticks.length > KEPT_TICKS) this.#ticks.shift();
    }
  }
}
