/**
 * What is known in one place of the strips of zones, by zone: those of the zones hosted there and of the zones beside
 * them. What nobody there can see any more is forgotten. The same rule keeps the strips themselves in a thread, and
 * the main thread's list of which thread has what.
 */
import type { ZoneId } from '../../../actors/ids.js';

export class Board<Known> {
  readonly #known = new Map<ZoneId, Known>();
  /** Hosted zones, with those beside them. */
  readonly #hosted = new Map<ZoneId, readonly ZoneId[]>();
  /** How many hosted zones there are for which this one matters. */
  readonly #wanted = new Map<ZoneId, number>();

  get(zone: ZoneId): Known | undefined {
    return this.#known.get(zone);
  }

  /** Does nothing where nobody here can see that zone. */
  set(zone: ZoneId, known: Known): void {
    if (this.#wanted.has(zone)) this.#known.set(zone, known);
  }

  /** What is known of the zone is not to be relied on. */
  drop(zone: ZoneId): void {
    this.#known.delete(zone);
  }

  /** Is it hosted here, or beside one that is? */
  wants(zone: ZoneId): boolean {
    return this.#wanted.has(zone);
  }

  hosts(zone: ZoneId): boolean {
    return this.#hosted.has(zone);
  }

  host(zone: ZoneId, neighbors: readonly ZoneId[]): void {
    // First the new, then the old: what stays wanted is not forgotten in between.
    const before = this.#hosted.get(zone);
    this.#hosted.set(zone, neighbors);
    for (const wanted of [zone, ...neighbors]) this.#wanted.set(wanted, (this.#wanted.get(wanted) ?? 0) + 1);
    if (before) this.#release([zone, ...before]);
  }

  /** The zone is hosted here no more. */
  leave(zone: ZoneId): void {
    const neighbors = this.#hosted.get(zone);
    if (neighbors && this.#hosted.delete(zone)) this.#release([zone, ...neighbors]);
  }

  /** Of these zones, those that nothing is known of here. */
  unknown(zones: readonly ZoneId[]): readonly ZoneId[] {
    return zones.filter((zone) => !this.#known.has(zone));
  }

  /** The zone is no more. */
  forget(zone: ZoneId): void {
    this.leave(zone);
    for (const [hosted, neighbors] of this.#hosted) {
      if (neighbors.includes(zone))
        this.host(
          hosted,
          neighbors.filter((neighbor) => neighbor !== zone),
        );
    }
  }

  #release(zones: readonly ZoneId[]): void {
    for (const zone of zones) {
      const count = (this.#wanted.get(zone) ?? 0) - 1;
      if (count > 0) this.#wanted.set(zone, count);
      else {
        this.#wanted.delete(zone);
        this.#known.delete(zone);
      }
    }
  }
}
