/**
 * A zone's *strip*: what the zones beside it may see of it, as of its last committed tick, in its own coordinates.
 * It changes by what a committed tick changed, wherever a copy of it is kept. What is in it is `strip-maker.ts`,
 * its text between threads `strip-codec.ts`, what another zone sees of it `scene.ts`.
 */
import type { TickNumber, ZoneId } from '../../../actors/ids.js';
import type { Entity } from '../../../games/contract.js';

/** An entity that the zone has sent to one beside it: shown in its place until it is certainly seen there. */
export interface Departed {
  /** In the coordinates of the zone that it left. */
  readonly entity: Entity;
  readonly to: ZoneId;
  /** Of the zone that it left. */
  readonly tick: TickNumber;
}

/** From one committed tick to a later one; a whole strip is the change of an empty one. */
export interface StripChange {
  readonly tick: TickNumber;
  /** The zones beside it; absent: as before. */
  readonly neighbors?: readonly ZoneId[];
  /** For each neighbor in order: whatever that one sent up to this tick of its own has been taken in, or sent back. */
  readonly through: readonly TickNumber[];
  readonly set: readonly Entity[];
  readonly gone: readonly string[];
  /** Absent: as before. */
  readonly departed?: readonly Departed[];
}

export class Strip {
  #tick: TickNumber = 0;
  #neighbors: readonly ZoneId[] = [];
  #through: readonly TickNumber[] = [];
  #departed: readonly Departed[] = [];
  readonly #entities = new Map<string, Entity>();
  #sorted: readonly Entity[] | null = null;

  constructor(whole: StripChange) {
    this.apply(whole);
  }

  /** The committed tick that it is of. */
  get tick(): TickNumber {
    return this.#tick;
  }
  get neighbors(): readonly ZoneId[] {
    return this.#neighbors;
  }
  get through(): readonly TickNumber[] {
    return this.#through;
  }
  get departed(): readonly Departed[] {
    return this.#departed;
  }
  get entities(): ReadonlyMap<string, Entity> {
    return this.#entities;
  }

  apply({ tick, neighbors, through, set, gone, departed }: StripChange): void {
    this.#tick = tick;
    this.#through = through;
    if (neighbors) this.#neighbors = neighbors;
    if (departed) this.#departed = departed;
    if (set.length + gone.length > 0) this.#sorted = null;
    for (const id of gone) this.#entities.delete(id);
    for (const entity of set) this.#entities.set(entity.id, entity);
  }

  /** By id: copies that came about in different ways must not differ in their order. */
  sorted(): readonly Entity[] {
    this.#sorted ??= [...this.#entities.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return this.#sorted;
  }

  /** Has this zone, as it is here, taken in (or sent back) all that `from` sent at `tick`? */
  hasTaken(from: ZoneId, tick: TickNumber): boolean {
    return (this.#through[this.#neighbors.indexOf(from)] ?? 0) >= tick;
  }

  /** All of it, as the change of an empty strip. */
  whole(): StripChange {
    return {
      tick: this.#tick,
      neighbors: this.#neighbors,
      through: this.#through,
      set: this.sorted(),
      gone: [],
      departed: this.#departed,
    };
  }
}
