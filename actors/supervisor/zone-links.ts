/**
 * Which zones lie side by side, as far as somebody can see from one into the other.
 */
import type { ZoneId } from '../ids.js';
import type { ZoneLink } from '../records.js';

export class ZoneLinks {
  readonly #beside = new Map<ZoneId, ZoneId[]>();

  /** All there are, in both directions. */
  constructor(links: readonly ZoneLink[]) {
    for (const { zone, neighbor } of links) this.#beside.set(zone, [...this.beside(zone), neighbor]);
  }

  /** Zones that can be seen from this one, and from which it can be seen. */
  beside(zone: ZoneId): readonly ZoneId[] {
    return this.#beside.get(zone) ?? NONE;
  }

  /** The zone is no more. */
  delete(zone: ZoneId): void {
    for (const neighbor of this.beside(zone)) {
      this.#beside.set(
        neighbor,
        this.beside(neighbor).filter((other) => other !== zone),
      );
    }
    this.#beside.delete(zone);
  }
}

const NONE: readonly ZoneId[] = [];
