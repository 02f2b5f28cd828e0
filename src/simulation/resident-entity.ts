/**
 * An entity as a zone holds it: what games see, and, in private fields, its age, its place in the
 * order of creation and its JSON. It never changes; a changed entity is another object.
 * So its text is made once for each change, however many viewers it goes to, and two states are compared by identity.
 */
import type { EntityId } from '../../actors/ids.js';
import type { StoredEntity } from '../../actors/ports.js';
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
  readonly #metadataJson: string;
  readonly #json: string;
  readonly #bytes: number;

  /** `stored.metadata` is deep-frozen already. `order` rises with creation within a zone. */
  constructor(stored: StoredEntity, order: number, metadataJson = JSON.stringify(stored.metadata)) {
    this.id = stored.id;
    this.x = stored.x;
    this.y = stored.y;
    this.width = stored.width;
    this.height = stored.height;
    this.metadata = stored.metadata;
    this.#order = order;
    this.#createdAtMs = stored.createdAtMs;
    this.#updatedAtMs = stored.updatedAtMs;
    this.#metadataJson = metadataJson;
    this.#json = `{"id":${JSON.stringify(stored.id)},"x":${stored.x},"y":${stored.y},"width":${stored.width},"height":${stored.height},"metadata":${metadataJson}}`;
    this.#bytes = Buffer.byteLength(this.#json);
    Object.freeze(this);
  }

  static is(value: unknown): value is ResidentEntity {
    return typeof value === 'object' && value !== null && #json in value;
  }

  /** Its text for clients: `{"id","x","y","width","height","metadata"}`. */
  static json(entity: ResidentEntity): string {
    return entity.#json;
  }

  /** Length of its text, UTF-8. */
  static bytes(entity: ResidentEntity): number {
    return entity.#bytes;
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
    const metadata = patch.metadata ?? entity.metadata;
    const metadataJson = metadata === entity.metadata ? entity.#metadataJson : JSON.stringify(metadata);
    const stored: StoredEntity = {
      id: entity.id,
      x: patch.x ?? entity.x,
      y: patch.y ?? entity.y,
      width: patch.width ?? entity.width,
      height: patch.height ?? entity.height,
      metadata,
      createdAtMs: entity.#createdAtMs,
      updatedAtMs: nowMs,
    };
    const after = new ResidentEntity(stored, entity.#order, metadataJson);
    return after.#json === entity.#json ? entity : after;
  }
}

// A game holds instances: what they inherit must not be a way into other zones.
Object.freeze(ResidentEntity.prototype);
Object.freeze(ResidentEntity);
