/**
 * Reads what the simulation wrote before: checkpoint and journal bodies, JSON with a version.
 * A body that is damaged, of another version, or not what its row says stops the restore with an error that says
 * what is wrong; nothing is guessed. What the fields mean is `zone-codec.ts` and `journal-record.ts`.
 */
import { WorldError } from '../../actors/errors.js';
import type { EntityId, PlayerId, TickNumber, ZoneId } from '../../actors/ids.js';
import type { HeldPlayer, SeqMark, StoredEntity } from '../../actors/records.js';
import type { JsonObject } from '../../games/contract.js';
import { deepFreeze, isObject } from './plain-json.js';

/** Raised when what is written changes its form; older forms are then read beside the newest. */
export const BODY_VERSION = 1;

/** A stored body cannot be read: damaged, or written by another version of the server. */
export class CorruptBodyError extends WorldError {
  readonly code = 'ZONE_BODY_CORRUPT';
  constructor(
    readonly zone: ZoneId,
    readonly tick: TickNumber,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`stored state of zone ${zone} at tick ${tick} cannot be read: ${message}`, options);
  }
}

/** What is wrong within a body; `readBody` adds of which. */
class BodyError extends Error {}

/** Parses a body of this kind and hands its fields to `read`. Throws `CorruptBodyError`. */
export function readBody<Answer>(
  source: { readonly zone: ZoneId; readonly tick: TickNumber; readonly body: Uint8Array },
  kind: 'checkpoint' | 'tick',
  read: (fields: BodyFields) => Answer,
): Answer {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(source.body).toString('utf8'));
    const fields = new BodyFields(parsed, 'body');
    const version = fields.integer('v');
    if (version !== BODY_VERSION) throw new BodyError(`it has version ${version}, and this server reads ${BODY_VERSION}`);
    if (fields.text('kind') !== kind) throw new BodyError(`it is a ${fields.text('kind')}, not a ${kind}`);
    if (fields.integer('tick') !== source.tick) throw new BodyError(`it says tick ${fields.integer('tick')}`);
    return read(fields);
  } catch (error) {
    const isOurs = error instanceof BodyError || error instanceof SyntaxError;
    if (!isOurs) throw error;
    throw new CorruptBodyError(source.zone, source.tick, error.message, { cause: error });
  }
}

/** One object of a body, read field by field. */
export class BodyFields {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #where: string;

  constructor(value: unknown, where: string) {
    if (!isObject(value)) throw new BodyError(`${where} is not an object`);
    this.#fields = value;
    this.#where = where;
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  integer(name: string): number {
    return integer(this.#fields[name], this.#path(name));
  }

  /** A time; milliseconds since 1970. */
  time(name: string): number {
    return time(this.#fields[name], this.#path(name));
  }

  timeOrNull(name: string): number | null {
    return this.#fields[name] === null ? null : this.time(name);
  }

  text(name: string): string {
    const value = this.#fields[name];
    if (typeof value !== 'string') throw new BodyError(`${this.#path(name)} is not a text`);
    return value;
  }

  /** Deep-frozen. */
  object(name: string): JsonObject {
    return frozenObject(this.#fields[name], this.#path(name));
  }

  /** [] when the field is absent. */
  list<Item>(name: string, read: (value: unknown, where: string) => Item): readonly Item[] {
    const value = this.#fields[name] ?? [];
    if (!Array.isArray(value)) throw new BodyError(`${this.#path(name)} is not a list`);
    return value.map((item: unknown, index) => read(item, `${this.#path(name)}[${index}]`));
  }

  #path(name: string): string {
    return `${this.#where}.${name}`;
  }
}

export function integer(value: unknown, where: string): number {
  if (!Number.isSafeInteger(value)) throw new BodyError(`${where} is not a whole number`);
  return Number(value);
}

export function time(value: unknown, where: string): number {
  if (!Number.isFinite(value)) throw new BodyError(`${where} is not a time`);
  return Number(value);
}

/** Deep-frozen, or null. */
export function documentOf(value: unknown, where: string): JsonObject | null {
  return value === null ? null : frozenObject(value, where);
}

export function entityIdOf(value: unknown, where: string): EntityId {
  if (typeof value !== 'string') throw new BodyError(`${where} is not an id`);
  return value as EntityId; // written from an EntityId
}

/** `[createdAtMs, updatedAtMs, {id, x, y, width, height, metadata}]` */
export function entityOf(value: unknown, where: string): StoredEntity {
  const [created, updated, fields] = tuple(value, where, 3);
  const entity = new BodyFields(fields, where);
  return {
    id: entityIdOf(entity.text('id'), where),
    x: entity.integer('x'),
    y: entity.integer('y'),
    width: entity.integer('width'),
    height: entity.integer('height'),
    metadata: entity.object('metadata'),
    createdAtMs: time(created, where),
    updatedAtMs: time(updated, where),
  };
}

export function heldPlayerOf(value: unknown, where: string): HeldPlayer {
  const fields = new BodyFields(value, where);
  return {
    id: fields.text('id') as PlayerId, // written from a PlayerId
    username: fields.text('username'),
    number: fields.integer('number'),
    stay: fields.integer('stay'),
    document: documentOf(isObject(value) ? value.document : undefined, `${where}.document`),
    mark: markOf(isObject(value) ? value.mark : undefined, `${where}.mark`),
  };
}

export function markOf(value: unknown, where: string): SeqMark {
  const fields = new BodyFields(value, where);
  return { run: fields.integer('run'), highest: fields.integer('highest'), dropped: fields.list('dropped', integer) };
}

/** A list of exactly `length` values, or of up to `most`. */
export function tuple(value: unknown, where: string, length: number, most = length): readonly unknown[] {
  if (!Array.isArray(value) || value.length < length || value.length > most) {
    throw new BodyError(`${where} is not a list of ${length}`);
  }
  return value;
}

function frozenObject(value: unknown, where: string): JsonObject {
  if (!isObject(value)) throw new BodyError(`${where} is not an object`);
  return deepFreeze(value) as JsonObject; // it came out of JSON.parse
}
