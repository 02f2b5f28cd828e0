/** What zones laid side by side see of one another, without an index, a strip or a change: all that lies near enough, as the last tick left it. */
import type { Area, BorderEntity, BorderSet, Entity, Neighbor, Zone } from '../../games/contract.js';
import { NaiveEntities } from './entities.js';
import { frozen } from './strict.js';

/** A zone as it was after the last tick. `arriving`: what is on its way there, and counts as there. */
export interface Seen {
  readonly entities: Iterable<Entity>;
  readonly arriving: readonly Entity[];
}

/** Of `zone`, by where the others lie. `own`: what is in the zone itself, and therefore not seen over its border. */
export function bordering(
  zone: Zone,
  cells: number,
  neighbors: readonly Neighbor[],
  seen: (zoneId: string) => Seen,
  own: (id: string) => boolean,
): BorderSet {
  const found = new Map<string, BorderEntity>();
  const sight = { x: -cells, y: -cells, width: zone.width + 2 * cells, height: zone.height + 2 * cells };
  for (const { id: zoneId, dx, dy } of neighbors) {
    const { entities, arriving } = seen(zoneId);
    for (const entity of [...entities, ...arriving]) {
      const shifted = frozen({ ...entity, x: entity.x + dx, y: entity.y + dy, zoneId, age: 1 });
      if (!own(entity.id) && new NaiveEntities([shifted]).inArea(sight).length > 0) found.set(entity.id, shifted);
    }
  }
  return new NaiveBorder([...found.values()]);
}

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
