/**
 * A state as viewers were shown it: enough to say, a tick later, what has changed since. Entities of
 * the zone are kept as they are (they never change); what a game made up for a view is copied.
 */
import type { TickNumber } from '../../../actors/ids.js';
import { ResidentEntity } from '../resident-entity.js';
import type { ChangeRecord } from './binary-body.js';
import type { EntityChange } from './state-diff.js';

/** An entity in a view: one of the zone's, or anything with an id that the game made for it. */
export interface ShownEntity {
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly json: string;
  /** The zone's entity behind it; null: there is none. */
  readonly resident: ResidentEntity | null;
  /** Of one that many viewers are shown: what was worked out for one of them and serves the others. null: nothing is kept. */
  readonly notes: Notes | null;
}

/** About an entity as what another has become. */
export interface Notes {
  /** The difference that was asked for last. */
  change: EntityChange | null;
  /** The same, as bytes. */
  record: ChangeRecord | null;
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
  return fixedEntity(item)?.json ?? JSON.stringify(item) ?? 'null';
}

/** A resident entity shows its six fields and nothing else. Its text is made only for who is sent it. */
class ShownResident implements ShownEntity {
  readonly id: string;
  readonly fields: ShownEntity['fields'];
  /** What changed of it is seen at a glance: see `hasOnlyMoved`. */
  readonly notes = null;

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

/** What a game made up for views and can never change. Its text is made only for who is sent it. */
class ShownFixed implements ShownEntity {
  readonly resident = null;
  readonly notes: Notes = { change: null, record: null };
  #json: string | null = null;

  constructor(
    readonly id: string,
    readonly fields: ShownEntity['fields'],
  ) {}

  get json(): string {
    this.#json ??= JSON.stringify(this.fields);
    return this.#json;
  }
}

/** What this item of `entities` is shown as; null: it has no id to be known by. */
export function shownEntity(item: unknown): ShownEntity | null {
  if (ResidentEntity.is(item)) return ResidentEntity.shownAs(item, ShownResident.of);
  return fixedEntity(item) ?? readEntity(item);
}

/** Can it be written without fail, and always the same? Then nobody has to try. */
export function isSurelyJson(item: unknown): boolean {
  return ResidentEntity.is(item) || fixedEntity(item) !== null;
}

/** Read once, however many viewers are shown it, and in how many ticks. null: it might be another when it is read again. */
function fixedEntity(item: unknown): ShownFixed | null {
  if (typeof item !== 'object' || item === null) return null;
  const known = fixedBefore.get(item);
  if (known) return known;
  if (!isFixed(item) || typeof item.id !== 'string') return null;
  const shown = new ShownFixed(item.id, item);
  fixedBefore.set(item, shown);
  return shown;
}

const fixedBefore = new WeakMap<object, ShownFixed>();

/** A frozen record of values that are the same as JSON: it is its own copy. */
function isFixed(item: object): item is Readonly<Record<string, unknown>> {
  if (!Object.isFrozen(item) || Object.getPrototypeOf(item) !== Object.prototype) return false;
  return Object.values(Object.getOwnPropertyDescriptors(item)).every(
    (part) => part.enumerable === true && 'value' in part && isJsonScalar(part.value),
  );
}

function isJsonScalar(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  return typeof value === 'string' || typeof value === 'boolean' || value === null;
}

function readEntity(item: unknown): ShownEntity | null {
  const json: string | undefined = JSON.stringify(item);
  const fields: unknown = json === undefined ? null : JSON.parse(json);
  if (typeof fields !== 'object' || fields === null || !('id' in fields) || typeof fields.id !== 'string') return null;
  return { id: fields.id, fields: fields as Readonly<Record<string, unknown>>, json: json ?? '', resident: null, notes: null };
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
