/**
 * Notices blinks: an entity that was well within sight is missing from a state, and is there again soon after.
 * One that stays away has gone, which is its right; one near the edge of sight may come and go.
 */

/** Nearer to the edge of sight than this, an entity may have walked out of it between two states. */
const EDGE_CM = 300;
/** Who is away for longer has gone and come back. */
const BLINK_TICKS = 60;

export interface Place {
  readonly x: number;
  readonly z: number;
}

export class Sightings {
  #last = new Map<string, Place>();
  /** Who is missing, and since which tick. */
  readonly #missing = new Map<string, number>();

  /** Answers how many blinked: they are back. */
  look(tick: number, from: Place, sightCm: number, entities: readonly (Place & { readonly id: string })[]): number {
    const now = new Map(entities.map(({ id, x, z }) => [id, { x, z }]));
    let blinks = 0;
    for (const [id, since] of this.#missing) {
      const isBack = now.has(id);
      if (isBack && tick - since <= BLINK_TICKS) blinks++;
      if (isBack || tick - since > BLINK_TICKS) this.#missing.delete(id);
    }
    for (const [id, { x, z }] of this.#last) {
      const distance = Math.sqrt((x - from.x) ** 2 + (z - from.z) ** 2);
      if (!now.has(id) && distance <= sightCm - EDGE_CM) this.#missing.set(id, tick);
    }
    this.#last = now;
    return blinks;
  }
}
