/**
 * A zone's entities as a game may ask for them: read-only, answers in the order of creation.
 * It looks at the zone as it is at that moment; which moment that is (before a tick, staged,
 * committed) is decided by whoever lets the game run.
 */
import type { Area, Entity, EntitySet } from '../../games/contract.js';
import type { EntityIndex } from './entity-index.js';
import { ResidentEntity } from './resident-entity.js';

export class ResidentEntitySet implements EntitySet {
  readonly #entities: ReadonlyMap<string, ResidentEntity>;
  readonly #index: EntityIndex<ResidentEntity>;

  constructor(entities: ReadonlyMap<string, ResidentEntity>, index: EntityIndex<ResidentEntity>) {
    this.#entities = entities;
    this.#index = index;
    Object.freeze(this);
  }

  get size(): number {
    return this.#entities.size;
  }

  [Symbol.iterator](): Iterator<Entity> {
    return this.#entities.values();
  }

  get(id: string): Entity | undefined {
    return this.#entities.get(id);
  }

  at(x: number, y: number): Entity[] {
    return inOrder(this.#index.at(x, y));
  }

  inArea(area: Area): Entity[] {
    return inOrder(this.#index.inArea(area));
  }

  overlapping(entity: Entity): Entity[] {
    return inOrder(this.#index.overlapping(entity).filter((other) => other.id !== entity.id));
  }
}

// Games hold an instance; its class is shared by all zones.
Object.freeze(ResidentEntitySet.prototype);
Object.freeze(ResidentEntitySet);

/** Up to so many are put in order where they are: nearly every question is small, and a general sort makes copies. */
const FEW = 64;

function inOrder(entities: ResidentEntity[]): ResidentEntity[] {
  if (entities.length > FEW) return entities.sort((a, b) => ResidentEntity.order(a) - ResidentEntity.order(b));
  for (const [index, entity] of entities.entries()) insert(entities, index, entity);
  return entities;
}

/** Moves the entity at `index` to its place among those before it, which are in order. */
function insert(entities: ResidentEntity[], index: number, entity: ResidentEntity): void {
  const order = ResidentEntity.order(entity);
  let at = index;
  for (; at > 0; at--) {
    const before = entities[at - 1];
    if (!before || ResidentEntity.order(before) < order) break;
    entities[at] = before;
  }
  entities[at] = entity;
}
