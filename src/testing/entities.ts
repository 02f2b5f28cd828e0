/** The contract's entity set without an index, and which area covers which. The bench and tests of the real index compare with it. */
import type { Area, Entity, EntitySet } from '../../games/contract.js';
import { frozen } from './strict.js';

/** The contract's set over a list: looks at every entity for every question. */
export class NaiveEntities implements EntitySet {
  constructor(readonly list: readonly Entity[]) {
    frozen(list);
  }
  get size(): number {
    return this.list.length;
  }
  [Symbol.iterator](): Iterator<Entity> {
    return this.list[Symbol.iterator]();
  }
  get(id: string): Entity | undefined {
    return this.list.find((entity) => entity.id === id);
  }
  at(x: number, y: number): Entity[] {
    return this.inArea({ x, y, width: 1, height: 1 });
  }
  inArea(area: Area): Entity[] {
    return this.list.filter((entity) => overlap(area, hasSize(entity) ? entity : { ...entity, width: 1, height: 1 }));
  }
  overlapping(entity: Entity): Entity[] {
    return this.list.filter((other) => other.id !== entity.id && overlap(other, entity));
  }
}

function overlap(a: Area, b: Area): boolean {
  const apart = a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height;
  return hasSize(a) && hasSize(b) && !apart;
}

function hasSize({ width, height }: Area): boolean {
  return width > 0 && height > 0;
}
