/**
 * How the zones of a test world lie beside one another, and what each sees of the others: without an index, a strip or a
 * change, all that lies near enough, as the last tick left it.
 */
import type { BorderEntity, BorderSet, Entity, Neighbor, Zone } from '../../games/contract.js';
import { NaiveBorder } from './border.js';
import { NaiveEntities } from './entities.js';
import { frozen } from './strict.js';
import type { TestZone } from './test-zone.js';

export class Neighborhood {
  /** By zone: what lies beside it. */
  readonly #neighbors = new Map<string, readonly Neighbor[]>();
  /** By zone: what there was of it when the last tick began. */
  #seen: ReadonlyMap<string, Seen> = new Map();

  /** `cells`: how far a zone sees over its borders; 0: not at all. */
  constructor(private readonly cells: number) {}

  /** The origin of `b` lies at `dx`, `dy` of `a`. */
  connect(a: Zone, b: Zone, dx: number, dy: number): void {
    this.#lay(a, b, dx, dy);
    this.#lay(b, a, 0 - dx, 0 - dy);
  }

  #lay({ id }: Zone, { id: neighbor, name, width, height }: Zone, dx: number, dy: number): void {
    const others = (this.#neighbors.get(id) ?? []).filter((other) => other.id !== neighbor);
    const all = [...others, { id: neighbor, name, width, height, dx, dy }].sort((a, b) => a.dy - b.dy || a.dx - b.dx);
    this.#neighbors.set(id, frozen(all));
  }

  /** Nothing lies beside it any more. */
  remove({ id }: Zone): void {
    for (const [zone, beside] of this.#neighbors) this.#neighbors.set(zone, frozen(beside.filter((other) => other.id !== id)));
  }

  beside({ id }: Zone): readonly Neighbor[] {
    return this.#neighbors.get(id) ?? [];
  }

  /** Those that it sees, and that see it. */
  inSight(zone: Zone): readonly Neighbor[] {
    return this.cells > 0 ? this.beside(zone) : [];
  }

  /** From here on zones see one another as they are now. */
  lookAround(zones: Iterable<TestZone>): void {
    this.#seen = new Map(
      Array.from(zones, ({ zone, entities, inbox }) => {
        const arriving = inbox.filter(({ returned }) => !returned).map(({ entity }) => entity);
        return [zone.id, { entities: [...entities.values()], arriving }];
      }),
    );
  }

  /** What a zone sees over its borders. What it has itself is not seen there. */
  borderOf({ zone, entities: own, departed }: TestZone): BorderSet {
    const found = new Map<string, BorderEntity>();
    const { cells } = this;
    const sight = { x: -cells, y: -cells, width: zone.width + 2 * cells, height: zone.height + 2 * cells };
    for (const { id: zoneId, dx, dy } of this.inSight(zone)) {
      const { entities, arriving } = this.#seen.get(zoneId) ?? { entities: [], arriving: [] };
      const sent = departed.filter(({ toZone }) => toZone === zoneId).map(({ entity }) => entity);
      for (const entity of [...entities, ...arriving, ...sent]) {
        const shifted = frozen({ ...entity, x: entity.x + dx, y: entity.y + dy, zoneId, age: 1 });
        if (!own.has(entity.id) && new NaiveEntities([shifted]).inArea(sight).length > 0) found.set(entity.id, shifted);
      }
    }
    return new NaiveBorder([...found.values()]);
  }
}

/** A zone as it was after the last tick. `arriving`: what is on its way there, and counts as there. */
interface Seen {
  readonly entities: readonly Entity[];
  readonly arriving: readonly Entity[];
}
