/**
 * What one zone sees over its border at one moment: the strips of the zones beside it, in its own coordinates, each
 * entity once. What the zone itself has is not among them, and of two with one id the later state wins: so what
 * crosses a border neither blinks nor shows twice.
 */
import type { TickNumber, ZoneId } from '../../../actors/ids.js';
import type { ZoneNeighbor } from '../../../actors/records.js';
import type { Area, BorderEntity, Entity } from '../../../games/contract.js';
import { isFound } from '../entity-index.js';
import type { Departed, Strip } from './strip.js';

/** A zone beside the one that looks. */
export interface Side {
  readonly neighbor: ZoneNeighbor;
  /** What of it can be seen, in its own coordinates. */
  readonly window: Area;
  /** What its entities were last seen as: one that did not change, at the same age, is the same object again. */
  readonly seen: WeakMap<Entity, BorderEntity>;
}

export interface Moment {
  readonly zone: ZoneId;
  readonly tick: TickNumber;
  /** What can be seen from the zone at all, in its own coordinates. */
  readonly sight: Area;
  readonly sides: readonly Side[];
  /** Has the zone that looks taken in (or sent back) all that `from` sent at `tick`? */
  hasTaken(from: ZoneId, tick: TickNumber): boolean;
  stripOf(zone: ZoneId): Strip | undefined;
}

export class Scene {
  #seen: ReadonlyMap<string, BorderEntity> | null = null;

  constructor(private readonly moment: Moment) {}

  /** `own`: what the zone itself has at that moment, and what it has sent to others. */
  look(own: { has(id: string): boolean }, departed: readonly Departed[]): ReadonlyMap<string, BorderEntity> {
    this.#seen ??= this.#overTheBorder();
    const onTheirWay = departed.filter((each) => !this.#hasArrived(this.moment.zone, each));
    if (onTheirWay.length === 0 && !hasAny(this.#seen, own)) return this.#seen;
    const seen = new Map([...this.#seen].filter(([id]) => !own.has(id)));
    for (const { entity, to, tick } of onTheirWay) {
      if (!own.has(entity.id) && isFound(entity, this.moment.sight)) put(seen, inPlace(entity, to, this.#age(tick)));
    }
    return seen;
  }

  #overTheBorder(): ReadonlyMap<string, BorderEntity> {
    const seen = new Map<string, BorderEntity>();
    const strips = this.moment.sides.flatMap((side) => {
      const strip = this.moment.stripOf(side.neighbor.id);
      return strip ? { side, strip } : [];
    });
    for (const { side, strip } of strips) this.#strip(side, strip, seen);
    for (const { side, strip } of strips) {
      for (const departed of strip.departed) {
        if (this.#hasArrived(side.neighbor.id, departed)) continue;
        if (isFound(departed.entity, side.window))
          put(seen, shifted(departed.entity, side, departed.to, this.#age(departed.tick)));
      }
    }
    return seen;
  }

  #strip(side: Side, strip: Strip, seen: Map<string, BorderEntity>): void {
    const age = this.#age(strip.tick);
    for (const entity of strip.sorted()) {
      if (!isFound(entity, side.window)) continue;
      const known = side.seen.get(entity);
      if (known?.age === age) put(seen, known);
      else {
        const fresh = shifted(entity, side, side.neighbor.id, age);
        side.seen.set(entity, fresh);
        put(seen, fresh);
      }
    }
  }

  /** Only zones that can be seen from here are asked: of another, the one that sent it is taken at its word. */
  #hasArrived(from: ZoneId, { to, tick }: Departed): boolean {
    const { zone, sides, hasTaken, stripOf } = this.moment;
    if (to === zone) return hasTaken(from, tick);
    return sides.some(({ neighbor }) => neighbor.id === to) && stripOf(to)?.hasTaken(from, tick) === true;
  }

  /** A zone that missed ticks may be behind one beside it: what it sees is then no older than itself. */
  #age(tick: TickNumber): number {
    return Math.max(0, this.moment.tick - tick);
  }
}

function hasAny(seen: ReadonlyMap<string, BorderEntity>, own: { has(id: string): boolean }): boolean {
  for (const id of seen.keys()) if (own.has(id)) return true;
  return false;
}

/** Of two with one id, the later is seen. */
function put(seen: Map<string, BorderEntity>, entity: BorderEntity): void {
  const other = seen.get(entity.id);
  if (!other || other.age > entity.age) seen.set(entity.id, entity);
}

function shifted(entity: Entity, { neighbor: { dx, dy } }: Side, zoneId: ZoneId, age: number): BorderEntity {
  const { id, x, y, width, height, metadata } = entity;
  return Object.freeze({ id, x: x + dx, y: y + dy, width, height, metadata, zoneId, age });
}

function inPlace({ id, x, y, width, height, metadata }: Entity, zoneId: ZoneId, age: number): BorderEntity {
  return Object.freeze({ id, x, y, width, height, metadata, zoneId, age });
}
