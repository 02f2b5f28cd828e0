/**
 * A state as viewers were shown it: enough to say, a tick later, what has changed since. Entities of
 * the zone are kept as they are (they never change); what a game made up for a view is copied.
 */
import type { TickNumber } from '../../../actors/ids.js';
import { ResidentEntity } from '../resident-entity.js';

/** An entity in a view: one of the zone's, or anything with an id that the game made for it. */
export interface ShownEntity {
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly json: string;
  /** The zone's entity behind it; null: there is none. */
  readonly resident: ResidentEntity | null;
}

/** Its parts are made when they are asked for: a viewer who is only ever sent whole states needs the text alone. */
export class ShownState {
  #json: string | null = null;
  #entities: ReadonlyMap<string, ShownEntity> | null | undefined;

  /**
   * `items`: what the state has under `entities`; null: no array. `others`: its other keys, as JSON.
   * `itemsJson`: the text of the items without brackets, where somebody has it already.
   */
  constructor(
    readonly tick: TickNumber,
    private readonly items: readonly unknown[] | null,
    readonly others: ReadonlyMap<string, string>,
    private readonly itemsJson: () => string = () => (items ?? []).map(itemJson).join(','),
    /** Several viewers may be shown this very state. */
    readonly isShared = false,
  ) {}

  /** By id; null: the state has no array of entities with distinct ids, and is only ever sent whole. */
  get entities(): ReadonlyMap<string, ShownEntity> | null {
    if (this.#entities === undefined) {
      this.#entities = this.items && !this.others.has('unset') ? shownEntities(this.items) : null;
    }
    return this.#entities;
  }

  /** The whole state, as JSON. */
  json(): string {
    if (this.#json !== null) return this.#json;
    const parts = Array.from(this.others, ([key, json]) => `${JSON.stringify(key)}:${json}`);
    if (this.items) parts.push(`"entities":[${this.itemsJson()}]`);
    this.#json = `{${parts.join(',')}}`;
    return this.#json;
  }
}

function itemJson(item: unknown): string {
  if (ResidentEntity.is(item)) return ResidentEntity.json(item);
  return (isFixed(item) ? shownEntity(item)?.json : undefined) ?? JSON.stringify(item) ?? 'null';
}

/** A resident entity shows its six fields and nothing else. Its text is made only for who is sent it. */
class ShownResident implements ShownEntity {
  readonly id: string;
  readonly fields: ShownEntity['fields'];

  constructor(readonly resident: ResidentEntity) {
    this.id = resident.id;
    this.fields = resident as unknown as ShownEntity['fields']; // what can be read of it by name are those six
  }

  get json(): string {
    return ResidentEntity.json(this.resident);
  }

  static of(resident: ResidentEntity): ShownResident {
    return new ShownResident(resident);
  }
}

/** What this item of `entities` is shown as; null: it has no id to be known by. */
export function shownEntity(item: unknown): ShownEntity | null {
  if (ResidentEntity.is(item)) return ResidentEntity.shownAs(item, ShownResident.of);
  if (!isFixed(item)) return readEntity(item);
  const known = shownBefore.get(item);
  if (known) return known;
  const shown = readEntity(item);
  if (shown) shownBefore.set(item, shown);
  return shown;
}

/** What games made for views and can never change: read once, however many viewers are shown it, and in how many ticks. */
const shownBefore = new WeakMap<object, ShownEntity>();

/** A frozen record of plain values. */
function isFixed(item: unknown): item is object {
  if (typeof item !== 'object' || item === null || !Object.isFrozen(item)) return false;
  if (shownBefore.has(item)) return true;
  const parts = Object.values(Object.getOwnPropertyDescriptors(item));
  return (
    Object.getPrototypeOf(item) === Object.prototype &&
    parts.every((part) => 'value' in part && Object(part.value) !== part.value)
  );
}

function readEntity(item: unknown): ShownEntity | null {
  const json: string | undefined = JSON.stringify(item);
  const fields: unknown = json === undefined ? null : JSON.parse(json);
  if (typeof fields !== 'object' || fields === null || !('id' in fields) || typeof fields.id !== 'string') return null;
  return { id: fields.id, fields: fields as Readonly<Record<string, unknown>>, json: json ?? '', resident: null };
}

/** The entities by id; null where an item has none, or one that was there before. */
export function shownEntities(items: readonly unknown[]): ReadonlyMap<string, ShownEntity> | null {
  const shown = new Map<string, ShownEntity>();
  for (const item of items) {
    const entity = shownEntity(item);
    // `unset` means something in a delta: with a field of that name it could not be told from it.
    if (!entity || (!entity.resident && 'unset' in entity.fields)) return null;
    shown.set(entity.id, entity);
  }
  return shown.size === items.length ? shown : null;
}
