/**
 * Decodes `gridstead.v1.bin`: a binary message in, the JSON message that it stands for out. No
 * dependency, for browsers and Node.js. It remembers what the handles of the current zone stand for, so
 * one decoder goes with one connection and sees every binary message of it, in order.
 */
import { ByteReader } from './byte-reader.js';
import { ProtocolError } from './protocol-error.js';

export type JsonObject = { [key: string]: unknown };
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

const MOVED_X = 1;
const MOVED_Y = 2;
const RESIZED = 4;
const REPLACED = 8;

/** What is known of an entity by its handle: what differences start from. */
interface Known {
  readonly id: string;
  x: number;
  y: number;
}

export class BinaryDecoder {
  #zone: string | null = null;
  #known = new Map<number, Known>();

  /** Throws `ProtocolError`, and nothing else, for bytes that no server sends. */
  decode(bytes: Uint8Array): ServerMessage {
    const reader = new ByteReader(bytes);
    const kind = reader.byte();
    if (kind === JSON_MESSAGE) return messageOf(reader);
    const ack = reader.varuint();
    if (kind !== TICK && kind !== DELTA) throw new ProtocolError(`a message of kind ${kind} is unknown`);
    const message = kind === TICK ? this.#tick(reader) : this.#delta(reader);
    if (reader.left > 0) throw new ProtocolError('the message is longer than its contents');
    return ack === 0 ? message : { ...message, ack };
  }

  #tick(reader: ByteReader): ServerMessage {
    const tick = reader.varuint();
    const zone = reader.uuid();
    this.#zone = zone;
    this.#known = new Map();
    const flags = reader.byte();
    if ((flags & REGULAR) === 0) return { type: 'tick', tick_number: tick, zone_id: zone, state: objectOf(reader.text()) };
    const state: JsonObject = {};
    if (flags & HAS_ZONE_ID) state.zone_id = zone;
    if (flags & HAS_NO_EVENTS) state.events = [];
    assign(state, othersOf(reader));
    state.entities = this.#entities(reader);
    return { type: 'tick', tick_number: tick, zone_id: zone, state };
  }

  #delta(reader: ByteReader): ServerMessage {
    if (this.#zone === null) throw new ProtocolError('a delta came before a whole state');
    const tick = reader.varuint();
    const base = tick - reader.varuint();
    const state: JsonObject = {};
    assign(state, othersOf(reader));
    const gone = this.#gone(reader);
    const set = [...this.#entities(reader), ...this.#changes(reader)];
    state.entities = { set, gone };
    return { type: 'delta', tick_number: tick, base, zone_id: this.#zone, state };
  }

  #entities(reader: ByteReader): JsonObject[] {
    return Array.from({ length: reader.count() }, () => this.#entity(reader));
  }

  #entity(reader: ByteReader): JsonObject {
    const handle = reader.varuint();
    const mask = reader.byte();
    const entity: JsonObject = { id: mask & UUID_ID ? reader.uuid() : reader.text() };
    const known: Known = { id: String(entity.id), x: 0, y: 0 };
    if (mask & POSITION) {
      entity.x = known.x = reader.varint();
      entity.y = known.y = reader.varint();
    }
    if (mask & SIZE) {
      entity.width = reader.varuint();
      entity.height = reader.varuint();
    }
    if (mask & METADATA) entity.metadata = parsed(reader.text());
    if (mask & MORE) assign(entity, objectOf(reader.text()));
    this.#known.set(handle, known);
    noteFields(known, entity);
    return entity;
  }

  #gone(reader: ByteReader): string[] {
    let handle = 0;
    return Array.from({ length: reader.count() }, () => {
      handle += reader.varuint();
      const known = this.#find(handle);
      this.#known.delete(handle);
      return known.id;
    });
  }

  #changes(reader: ByteReader): JsonObject[] {
    let handle = 0;
    return Array.from({ length: reader.count() }, () => {
      const head = reader.varuint();
      handle += Math.floor(head / 16);
      return this.#change(reader, this.#find(handle), head % 16);
    });
  }

  #change(reader: ByteReader, known: Known, mask: number): JsonObject {
    const change: JsonObject = { id: known.id };
    if (mask & MOVED_X) change.x = known.x += reader.varint();
    if (mask & MOVED_Y) change.y = known.y += reader.varint();
    if (mask & RESIZED) {
      change.width = reader.varuint();
      change.height = reader.varuint();
    }
    if (mask & REPLACED) assign(change, othersOf(reader));
    noteFields(known, change);
    return change;
  }

  #find(handle: number): Known {
    const known = this.#known.get(handle);
    if (!known) throw new ProtocolError(`entity ${handle} was never introduced`);
    return known;
  }
}

/** A position that came as JSON is what the next difference starts from, too. */
function noteFields(known: Known, { x, y }: JsonObject): void {
  if (typeof x === 'number') known.x = x;
  if (typeof y === 'number') known.y = y;
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
