/**
 * Decodes `gridstead.v1.bin`: a binary message in, the JSON message that it stands for out. No
 * dependency, for browsers and Node.js. It remembers what the handles of the current zone stand for, so
 * one decoder goes with one connection and sees every binary message of it, in order.
 */
import { ByteReader } from './byte-reader.js';
import { ProtocolError } from './protocol-error.js';

export type JsonObject = { [key: string]: unknown };
/** Any message of the server, read from its binary form. */
export type ServerMessage = JsonObject & { type: string };

const JSON_MESSAGE = 0;
const TICK = 1;
const DELTA = 2;

const REGULAR = 1;
const HAS_ZONE_ID = 2;
const HAS_NO_EVENTS = 4;

const UUID_ID = 1;
const POSITION = 2;
const SIZE = 4;
const METADATA = 8;
const MORE = 16;

const HAS_OTHERS = 1;
const HAS_GONE = 2;
const HAS_ADDED = 4;

const MOVED_X = 1;
const MOVED_Y = 2;
const RESIZED = 4;
const REPLACED = 8;

/** So many entities that went out of sight are remembered; the one that went first is forgotten first. */
const REMEMBERED_GONE = 1024;

export class BinaryDecoder {
  #zone: string | null = null;
  #tick = 0;
  #ack = 0;
  /** Entities in sight by handle, with all their fields: what differences start from. */
  #known = new Map<number, JsonObject>();
  /** Those that were in sight once, and may come back. */
  #gone = new Map<number, JsonObject>();

  /** Throws `ProtocolError`, and nothing else, for bytes that no server sends. */
  decode(bytes: Uint8Array): ServerMessage {
    const reader = new ByteReader(bytes);
    const kind = reader.byte();
    if (kind === JSON_MESSAGE) return messageOf(reader);
    const ackSteps = reader.varuint();
    if (kind !== TICK && kind !== DELTA) throw new ProtocolError(`a message of kind ${kind} is unknown`);
    const message = kind === TICK ? this.#whole(reader) : this.#delta(reader);
    if (reader.left > 0) throw new ProtocolError('the message is longer than its contents');
    if (ackSteps === 0) return message;
    this.#ack += ackSteps;
    return { ...message, ack: this.#ack };
  }

  #whole(reader: ByteReader): ServerMessage {
    this.#tick = reader.varuint();
    const zone = reader.uuid();
    this.#zone = zone;
    this.#known = new Map();
    this.#gone = new Map();
    const flags = reader.byte();
    const message = { type: 'tick', tick_number: this.#tick, zone_id: zone };
    if ((flags & REGULAR) === 0) return { ...message, state: objectOf(reader.text()) };
    const state: JsonObject = {};
    if (flags & HAS_ZONE_ID) state.zone_id = zone;
    if (flags & HAS_NO_EVENTS) state.events = [];
    assign(state, othersOf(reader));
    state.entities = this.#entities(reader);
    return { ...message, state };
  }

  #delta(reader: ByteReader): ServerMessage {
    if (this.#zone === null) throw new ProtocolError('a delta came before a whole state');
    const base = this.#tick;
    this.#tick += reader.varuint();
    const flags = reader.byte();
    const state: JsonObject = flags & HAS_OTHERS ? othersOf(reader) : {};
    const gone = flags & HAS_GONE ? this.#goings(reader) : [];
    const added = flags & HAS_ADDED ? this.#entities(reader) : [];
    state.entities = { set: [...added, ...this.#changes(reader)], gone };
    return { type: 'delta', tick_number: this.#tick, base, zone_id: this.#zone, state };
  }

  #entities(reader: ByteReader): JsonObject[] {
    return Array.from({ length: reader.count() }, () => this.#entity(reader));
  }

  #entity(reader: ByteReader): JsonObject {
    const handle = reader.varuint();
    const mask = reader.byte();
    const entity: JsonObject = { id: mask & UUID_ID ? reader.uuid() : reader.text() };
    if (mask & POSITION) {
      entity.x = reader.varint();
      entity.y = reader.varint();
    }
    if (mask & SIZE) {
      entity.width = reader.varuint();
      entity.height = reader.varuint();
    }
    if (mask & METADATA) entity.metadata = parsed(reader.text());
    if (mask & MORE) assign(entity, objectOf(reader.text()));
    this.#gone.delete(handle);
    this.#known.set(handle, entity);
    return copyOf(entity);
  }

  #goings(reader: ByteReader): unknown[] {
    let handle = 0;
    return Array.from({ length: reader.count() }, () => {
      handle += reader.varuint();
      const entity = this.#known.get(handle);
      if (!entity) throw new ProtocolError(`entity ${handle} is not in sight`);
      this.#known.delete(handle);
      this.#remember(handle, entity);
      return entity.id;
    });
  }

  #remember(handle: number, entity: JsonObject): void {
    this.#gone.delete(handle);
    this.#gone.set(handle, entity);
    if (this.#gone.size <= REMEMBERED_GONE) return;
    for (const oldest of this.#gone.keys()) {
      this.#gone.delete(oldest);
      return;
    }
  }

  /** To the end of the message. */
  #changes(reader: ByteReader): JsonObject[] {
    const changes: JsonObject[] = [];
    let handle = 0;
    while (reader.left > 0) {
      const head = reader.varuint();
      handle += Math.floor(head / 16);
      changes.push(this.#change(reader, handle, head % 16));
    }
    return changes;
  }

  /** One that comes back into sight is told whole. */
  #change(reader: ByteReader, handle: number, mask: number): JsonObject {
    const inSight = this.#known.get(handle);
    const entity = inSight ?? this.#gone.get(handle);
    if (!entity) throw new ProtocolError(`entity ${handle} was never introduced`);
    const change = changeOf(reader, entity, mask);
    const { unset, ...fields } = change;
    assign(entity, fields);
    for (const key of Array.isArray(unset) ? unset : []) delete entity[String(key)];
    if (inSight) return change;
    this.#gone.delete(handle);
    this.#known.set(handle, entity);
    return copyOf(entity);
  }
}

function changeOf(reader: ByteReader, entity: JsonObject, mask: number): JsonObject {
  const change: JsonObject = { id: entity.id };
  if (mask & MOVED_X) change.x = numberOf(entity.x) + reader.varint();
  if (mask & MOVED_Y) change.y = numberOf(entity.y) + reader.varint();
  if (mask & RESIZED) {
    change.width = reader.varuint();
    change.height = reader.varuint();
  }
  if (mask & REPLACED) assign(change, othersOf(reader));
  return change;
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw new ProtocolError('a position is no number');
  return value;
}

/** The caller may keep and change what it is given. */
function copyOf(entity: JsonObject): JsonObject {
  const copy: JsonObject = {};
  assign(copy, entity);
  return copy;
}

function messageOf(reader: ByteReader): ServerMessage {
  const message = objectOf(reader.utf8(reader.left));
  if (typeof message.type !== 'string') throw new ProtocolError('a message has no type');
  return { ...message, type: message.type };
}

function othersOf(reader: ByteReader): JsonObject {
  const length = reader.varuint();
  return length === 0 ? {} : objectOf(reader.utf8(length));
}

function objectOf(json: string): JsonObject {
  const value = parsed(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ProtocolError('an object was expected');
  return value as JsonObject; // just checked
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new ProtocolError('a part of the message is not JSON');
  }
}

/** As Object.assign, but a key named __proto__ stays a key. */
function assign(target: JsonObject, source: JsonObject): void {
  for (const key of Object.keys(source)) {
    Object.defineProperty(target, key, { value: source[key], writable: true, enumerable: true, configurable: true });
  }
}
