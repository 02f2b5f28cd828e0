/**
 * The entities of other zones as a game may ask for them. They are put together when somebody first asks: a game that
 * does not look over the border in a tick, or a view that shows nothing of it, pays nothing.
 */
import type { Area, BorderEntity, BorderSet } from '../../../games/contract.js';
import { isFound } from '../entity-index.js';

export class SeenBorder implements BorderSet {
  readonly #look: () => ReadonlyMap<string, BorderEntity>;
  #seen: ReadonlyMap<string, BorderEntity> | null = null;

  constructor(look: () => ReadonlyMap<string, BorderEntity>) {
    this.#look = look;
    Object.freeze(this);
  }

  get size(): number {
    return this.#all().size;
  }

  [Symbol.iterator](): Iterator<BorderEntity> {
    return this.#all().values();
  }

  get(id: string): BorderEntity | undefined {
    return this.#all().get(id);
  }

  /** Looks at each: a border has few, and cells may be as small as centimetres, which no grid of buckets is good at. */
  inArea(area: Area): BorderEntity[] {
    const found: BorderEntity[] = [];
    for (const entity of this.#all().values()) if (isFound(entity, area)) found.push(entity);
    return found;
  }

  #all(): ReadonlyMap<string, BorderEntity> {
    this.#seen ??= this.#look();
    return this.#seen;
  }
}

// Games hold an instance; its class is shared by all zones.
Object.freeze(SeenBorder.prototype);
Object.freeze(SeenBorder);

/** Of a zone that nothing lies beside, and of a game that does not look over borders. */
export const NO_BORDER: BorderSet = new SeenBorder(() => new Map());
