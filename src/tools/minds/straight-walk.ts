/**
 * The frontier game, for bots: straight on over border after border, and back where the world ends. It notices who blinks,
 * and how long a handover takes.
 */
import type { JsonObject } from '../../../client/index.js';
import type { CrossingTally } from './crossing-tally.js';
import type { Mind, Shown, Wish } from './mind.js';
import { Sightings } from './sightings.js';

/** It says again where it goes every so many states, so that acks can be measured. */
const SAY_AGAIN_VIEWS = 10;
/** So long, a turn may not show yet. */
const TURN_VIEWS = 10;

export class StraightWalk implements Mind {
  readonly #sightings = new Sightings();
  #heading: { x: number; z: number };
  #views = 0;
  #lastTick: number | null = null;
  #crossedAtMs: number | null = null;
  #turnsFromView = Number.POSITIVE_INFINITY;

  /** `random`: [0, 1), its own for each bot. */
  constructor(
    private readonly tally: CrossingTally,
    random: () => number,
  ) {
    const along = random() < 0.5 ? -1 : 1;
    const aside = (random() < 0.5 ? -1 : 1) * (0.1 + random() / 2);
    this.#heading = random() < 0.5 ? { x: along, z: aside } : { x: aside, z: along };
    // Not all of them in the same tick.
    this.#views = Math.floor(random() * SAY_AGAIN_VIEWS);
  }

  crossed(atMs: number): void {
    this.#crossedAtMs = atMs;
    this.tally.handovers++;
  }

  wishes({ tick, state, atMs }: Shown): readonly Wish[] {
    const self = objectOf(state.player);
    if (!self) return [];
    this.#measure(tick, atMs);
    this.#look(tick, self, state);
    const turned = this.#turnBack(self);
    this.#views++;
    const isTime = this.#views % SAY_AGAIN_VIEWS === 0;
    return turned || isTime ? [{ form: 'message', data: { type: 'input', dt: 0.1, intent: { ...this.#heading } } }] : [];
  }

  #measure(tick: number, atMs: number): void {
    if (this.#crossedAtMs !== null) {
      this.tally.latencies.add(atMs - this.#crossedAtMs);
      if (this.#lastTick !== null) this.tally.crossed(tick - this.#lastTick);
    }
    this.#crossedAtMs = null;
    this.#lastTick = tick;
  }

  #look(tick: number, self: JsonObject, { entities, sight_cm: sightCm }: JsonObject): void {
    const seen = (Array.isArray(entities) ? entities : []).flatMap((entity) => {
      const { id, x, z } = objectOf(entity) ?? {};
      return { id: String(id), x: Number(x), z: Number(z) };
    });
    this.tally.views++;
    this.tally.seen += seen.length;
    this.tally.blinks += this.#sightings.look(tick, { x: Number(self.x), z: Number(self.z) }, Number(sightCm), seen);
  }

  /** Where it came no further, the world ends. Before its first step, and until its turn can show, it is stuck nowhere. */
  #turnBack({ vx, vz }: JsonObject): boolean {
    if (vx !== 0 && vz !== 0) this.#turnsFromView = Math.min(this.#turnsFromView, this.#views);
    if (this.#views < this.#turnsFromView || (vx !== 0 && vz !== 0)) return false;
    const { x, z } = this.#heading;
    this.#heading = { x: vx === 0 ? -x : x, z: vz === 0 ? -z : z };
    this.#turnsFromView = this.#views + TURN_VIEWS;
    return true;
  }
}

function objectOf(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}
