/** The contract's set of what is seen over a border, without an index. Who sees what there is in `neighborhood.ts`. */
import type { Area, BorderEntity, BorderSet } from '../../games/contract.js';
import { NaiveEntities } from './entities.js';

/** The contract's set over a list. */
export class NaiveBorder implements BorderSet {
  readonly #set: NaiveEntities;

  constructor(private readonly list: readonly BorderEntity[] = []) {
    this.#set = new NaiveEntities(list);
  }
  get size(): number {
    return this.list.length;
  }
  [Symbol.iterator](): Iterator<BorderEntity> {
    return this.list[Symbol.iterator]();
  }
  get(id: string): BorderEntity | undefined {
    return this.list.find((entity) => entity.id === id);
  }
  inArea(area: Area): BorderEntity[] {
    const ids = new Set(this.#set.inArea(area).map(({ id }) => id));
    return this.list.filter(({ id }) => ids.has(id));
  }
}
