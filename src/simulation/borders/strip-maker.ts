/**
 * Makes one zone's strip: whole when the zone is restored, and after that by what each tick changed. A tick's change
 * is staged with the tick, and stands or goes with it. Who has a copy of the strip is not this file's matter.
 */
import type { EntityId, TickNumber, ZoneId } from '../../../actors/ids.js';
import type { InboxRow, InboxSend, ZoneNeighbor } from '../../../actors/records.js';
import type { Area, Entity } from '../../../games/contract.js';
import { isFound } from '../entity-index.js';
import { deepFreeze } from '../plain-json.js';
import type { ResidentEntity } from '../resident-entity.js';
import type { Change } from '../undo-map.js';
import { type Departed, Strip, type StripChange } from './strip.js';

/** Entities in a strip. In a zone with more of them at its edges, those created last are not seen from beside it. */
export const MAX_STRIP_ENTITIES = 4_096;

type Entities = ReadonlyMap<EntityId, ResidentEntity>;
/** What left this zone, in what was sent or in what still waits to be taken. */
type Sent = Pick<InboxSend | InboxRow, 'to' | 'tick' | 'kind' | 'parcel'>;

export interface StripTick {
  readonly tick: TickNumber;
  /** Of the neighbors, in order: what they sent until then is taken in by this tick. */
  readonly through: readonly TickNumber[];
  /** All there are after the tick. */
  readonly entities: Entities;
  readonly changes: readonly Change<EntityId, ResidentEntity>[];
  readonly sends: readonly Sent[];
  /** Is this one certainly in the zone that it went to, or sent back by it? */
  hasArrived(departed: Departed): boolean;
}

export class StripMaker {
  /** As of the last tick that stands. */
  readonly strip: Strip;
  #neighbors: readonly ZoneNeighbor[];
  #windows: readonly Area[];
  #staged: StripChange | null = null;
  /** Entities near the edge that have no room in the strip. */
  #hidden: number;
  #hiddenStaged = 0;
  #isRelaid = false;

  constructor(
    private readonly cells: number,
    neighbors: readonly ZoneNeighbor[],
    restored: Pick<StripTick, 'tick' | 'through' | 'entities'> & { readonly departed: readonly Sent[] },
  ) {
    this.#neighbors = neighbors;
    this.#windows = neighbors.map((neighbor) => windowOn(neighbor, cells));
    const near = this.#near(restored.entities);
    this.#hidden = near.hidden;
    this.strip = new Strip({
      tick: restored.tick,
      neighbors: neighbors.map(({ id }) => id),
      through: restored.through,
      set: near.shown,
      gone: [],
      departed: restored.departed.flatMap((sent) => this.#departedOf(sent)).slice(-MAX_STRIP_ENTITIES),
    });
  }

  /** How many entities near the edge have no room in the strip, the staged tick included. */
  get hidden(): number {
    return this.#staged ? this.#hiddenStaged : this.#hidden;
  }

  /** What is on its way to a zone beside this one, the staged tick included. */
  get departed(): readonly Departed[] {
    return this.#staged?.departed ?? this.strip.departed;
  }

  /** The zones beside it are others from the next tick on. */
  lay(neighbors: readonly ZoneNeighbor[]): void {
    this.#neighbors = neighbors;
    this.#windows = neighbors.map((neighbor) => windowOn(neighbor, this.cells));
    this.#isRelaid = true;
  }

  stage(tick: StripTick): StripChange {
    const departed = this.#departedAfter(tick);
    this.#staged = {
      tick: tick.tick,
      ...(this.#isRelaid && { neighbors: this.#neighbors.map(({ id }) => id) }),
      through: tick.through,
      ...this.#changed(tick),
      ...(departed && { departed }),
    };
    return this.#staged;
  }

  /** The staged change stands. */
  adopt(): void {
    if (!this.#staged) return;
    if (this.#staged.neighbors) this.#isRelaid = false;
    this.#hidden = this.#hiddenStaged;
    this.strip.apply(this.#staged);
    this.#staged = null;
  }

  discard(): void {
    this.#staged = null;
  }

  #changed({ changes, entities }: StripTick): Pick<StripChange, 'set' | 'gone'> {
    const shown = this.strip.entities;
    const set: Entity[] = [];
    const gone: string[] = [];
    let size = shown.size;
    for (const { key, after } of changes) {
      if (after && this.#isNear(after)) {
        set.push(after);
        if (!shown.has(key)) size += 1;
      } else if (shown.has(key)) {
        gone.push(key);
        size -= 1;
      }
    }
    this.#hiddenStaged = 0;
    const isPlain = !this.#isRelaid && this.#hidden === 0 && size <= MAX_STRIP_ENTITIES;
    return isPlain ? { set, gone } : this.#anew(entities);
  }

  /** Looks at every entity of the zone: where its neighbors changed, and where the strip is full. */
  #anew(entities: Entities): Pick<StripChange, 'set' | 'gone'> {
    const near = this.#near(entities);
    this.#hiddenStaged = near.hidden;
    const after = new Set<string>(near.shown.map(({ id }) => id));
    return {
      set: near.shown.filter((entity) => this.strip.entities.get(entity.id) !== entity),
      gone: [...this.strip.entities.keys()].filter((id) => !after.has(id)),
    };
  }

  #near(entities: Entities): { readonly shown: readonly ResidentEntity[]; readonly hidden: number } {
    const near = [...entities.values()].filter((entity) => this.#isNear(entity));
    return { shown: near.slice(0, MAX_STRIP_ENTITIES), hidden: Math.max(0, near.length - MAX_STRIP_ENTITIES) };
  }

  #isNear(entity: Area): boolean {
    return this.#windows.some((window) => isFound(entity, window));
  }

  /** undefined: as before. One that came back is the zone's own again; what a full strip shows is what went last. */
  #departedAfter({ entities, sends, hasArrived }: StripTick): readonly Departed[] | undefined {
    const before = this.strip.departed;
    const sent = sends.flatMap((send) => this.#departedOf(send));
    if (before.length + sent.length === 0) return undefined;
    const anew = new Set(sent.map(({ entity }) => entity.id));
    const isBeside = (zone: ZoneId) => this.#neighbors.some(({ id }) => id === zone);
    const isGone = ({ entity }: Departed) => anew.has(entity.id) || entities.has(entity.id as EntityId); // it was this zone's own
    const stillOut = before.filter((departed) => isBeside(departed.to) && !isGone(departed) && !hasArrived(departed));
    if (stillOut.length === before.length && sent.length === 0) return undefined;
    return [...stillOut, ...sent].slice(-MAX_STRIP_ENTITIES);
  }

  /** Only to a zone beside this one is there a place for it here. */
  #departedOf({ to, tick, kind, parcel }: Sent): Departed[] {
    const neighbor = this.#neighbors.find(({ id }) => id === to);
    if (!neighbor || 'effect' in parcel) return [];
    const { id, width, height, metadata } = parcel.entity;
    const place = kind === 'returned' ? parcel.origin : parcel.entity;
    const { x, y } = { x: place.x + neighbor.dx, y: place.y + neighbor.dy };
    return [{ entity: Object.freeze({ id, x, y, width, height, metadata: deepFreeze(metadata) }), to, tick }];
  }
}

/** What is within so many cells of a zone, in the coordinates of the one that it lies beside. */
export function windowOn(zone: Pick<ZoneNeighbor, 'dx' | 'dy' | 'width' | 'height'>, cells: number): Area {
  return { x: zone.dx - cells, y: zone.dy - cells, width: zone.width + 2 * cells, height: zone.height + 2 * cells };
}
