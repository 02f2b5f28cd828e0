/**
 * An entity as a zone holds it: what games see, and, in private fields, its age, its place in the
 * order of creation and its JSON. It never changes; a changed entity is another object.
 * So its text is made at most once for each change, however many viewers it goes to, and two states are compared by identity.
 */
import type { EntityId } from '../../actors/ids.js';
import type { StoredEntity } from '../../actors/records.js';
import type { Entity, JsonObject } from '../../games/contract.js';

/** What an update changes; absent fields stay. */
export type EntityPatch = {
  readonly x?: number | undefined;
  readonly y?: number | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Deep-frozen plain JSON. */
  readonly metadata?: JsonObject | undefined;
};

/** The private parts are read by static functions, so that nothing but the six fields shows on what a game is given. */
export class ResidentEntity implements Entity {
  readonly id: EntityId;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly metadata: JsonObject;
  readonly #order: number;
  readonly #createdAtMs: number;
  readonly #updatedAtMs: number;
  readonly #form: EntityForm;
  #json: string | null = null;
  #shown: unknown = null;

  /** `stored.metadata` is deep-frozen already. `order` rises with creation within a zone. */
  constructor(stored: StoredEntity, order: number, form = formOf(stored)) {
    this.id = stored.id;
    this.x = stored.x;
    this.y = stored.y;
    this.width = stored.width;
    this.height = stored.height;
    this.metadata = stored.metadata;
    this.#order = order;
    this.#createdAtMs = stored.createdAtMs;
    this.#updatedAtMs = stored.updatedAtMs;
    this.#form = form;
    Object.freeze(this);
  }

  static is(value: unknown): value is ResidentEntity {
    return typeof value === 'object' && value !== null && #json in value;
  }

  /** Its text for clients: `{"id","x","y","width","height","metadata"}`. */
  static json(entity: ResidentEntity): string {
    entity.#json ??= `${entity.#form.head}${entity.x},"y":${entity.y}${entity.#form.tail}`;
    return entity.#json;
  }

  /** Length of its text, UTF-8. */
  static bytes(entity: ResidentEntity): number {
    return entity.#form.bytes + `${entity.x}`.length + `${entity.y}`.length;
  }

  /** Are these two states of one entity that differ in where it is, and in nothing else? */
  static hasOnlyMoved(before: ResidentEntity, after: ResidentEntity): boolean {
    return before.#form === after.#form && before.#order === after.#order;
  }

  /** What it is to all viewers, made once: `make` is always the same. */
  static shownAs<Shown>(entity: ResidentEntity, make: (entity: ResidentEntity) => Shown): Shown {
    entity.#shown ??= make(entity);
    return entity.#shown as Shown; // made by the same `make`
  }

  static order(entity: ResidentEntity): number {
    return entity.#order;
  }

  static createdAtMs(entity: ResidentEntity): number {
    return entity.#createdAtMs;
  }

  static updatedAtMs(entity: ResidentEntity): number {
    return entity.#updatedAtMs;
  }

  static stored(entity: ResidentEntity): StoredEntity {
    const { id, x, y, width, height, metadata } = entity;
    return { id, x, y, width, height, metadata, createdAtMs: entity.#createdAtMs, updatedAtMs: entity.#updatedAtMs };
  }

  /** The entity after an update; the very same object when the update changes nothing. */
  static patched(entity: ResidentEntity, patch: EntityPatch, nowMs: number): ResidentEntity {
    const { x = entity.x, y = entity.y, width = entity.width, height = entity.height, metadata = entity.metadata } = patch;
    const keepsSize = width === entity.width && height === entity.height;
    const keepsForm = keepsSize && (metadata === entity.metadata || JSON.stringify(metadata) === entity.#form.metadataJson);
    if (keepsForm && x === entity.x && y === entity.y) return entity;
    const kept = keepsForm ? entity.metadata : metadata;
    const { id } = entity;
    const stored = { id, x, y, width, height, metadata: kept, createdAtMs: entity.#createdAtMs, updatedAtMs: nowMs };
    return new ResidentEntity(stored, entity.#order, keepsForm ? entity.#form : formOf(stored));
  }
}

/** What a move leaves as it is of an entity's text. */
interface EntityForm {
  readonly head: string;
  readonly tail: string;
  readonly metadataJson: string;
  /** Of both together, UTF-8, with what stands between the coordinates. */
  readonly bytes: number;
}

function formOf({ id, width, height, metadata }: Omit<StoredEntity, 'x' | 'y'>): EntityForm {
  const metadataJson = JSON.stringify(metadata);
  const head = `{"id":${JSON.stringify(id)},"x":`;
  const tail = `,"width":${width},"height":${height},"metadata":${metadataJson}}`;
  return { head, tail, metadataJson, bytes: Buffer.byteLength(head) + ',"y":'.length + Buffer.byteLength(tail) };
}

// A game holds instances: what they inherit must not be a way into other zones.
Object.freeze(ResidentEntity.prototype);
Object.freeze(ResidentEntity);
