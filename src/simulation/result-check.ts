/**
 * What a game returned, turned from `unknown` into exact, frozen values, or refused.
 * Here is what can be said without the zone: shapes, numbers, reserved names. Whether ids are known and
 * places inside the zone is `apply-result.ts`. Messages are for the operator and say exactly what is wrong.
 */
import { parseUuid, type ZoneId } from '../../actors/ids.js';
import { RESERVED_MESSAGE_TYPES } from '../../actors/protocol.js';
import type { JsonObject } from '../../games/contract.js';
import { isObject, MalformedResultError, plainObject, show } from './plain-json.js';
import type { EntityPatch } from './resident-entity.js';

export interface CheckedCreate {
  /** null: the framework is to issue one. */
  readonly id: string | null;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly metadata: JsonObject;
}
export interface CheckedTransfer {
  readonly id: string;
  readonly toZone: ZoneId;
  readonly x: number;
  readonly y: number;
  /** Each player once. */
  readonly follow: readonly string[];
}
/** Everything plain, deep-frozen and free of what the contract forbids. */
export interface CheckedResult {
  readonly creates: readonly CheckedCreate[];
  readonly updates: readonly { readonly id: string; readonly patch: EntityPatch }[];
  readonly transfers: readonly CheckedTransfer[];
  readonly deletes: readonly string[];
  readonly events: readonly JsonObject[];
  readonly extras: JsonObject;
  /** `text`: ready to send; whom it is for is not part of it. */
  readonly messages: readonly { readonly playerId: string; readonly text: string }[];
  readonly documents: readonly { readonly playerId: string; readonly document: JsonObject | null }[];
  readonly sends: readonly { readonly toZone: ZoneId; readonly data: JsonObject }[];
  /** Counts to add, by name; those of 0 are left out. */
  readonly metrics: Readonly<Record<string, number>>;
  /** null: as it was. */
  readonly metadata: JsonObject | null;
  /** undefined: as it was. */
  readonly wakeAtMs: number | null | undefined;
}

/** Throws `MalformedResultError`; a result that never is (a promise) too. */
export function checkResult(raw: unknown): CheckedResult {
  if (raw instanceof Promise) {
    // Nobody waits for it: its rejection must not end the process.
    raw.catch(() => undefined);
    throw new MalformedResultError('onTick returned a promise; it must answer at once');
  }
  if (!isObject(raw)) throw new MalformedResultError(`onTick returned ${show(raw)}, not an object`);
  return {
    creates: list(raw.creates, 'creates', checkCreate),
    updates: checkUpdates(raw.updates),
    transfers: list(raw.transfers, 'transfers', checkTransfer),
    deletes: list(raw.deletes, 'deletes', text),
    events: list(raw.events, 'events', plainObject),
    extras: raw.extras === undefined ? EMPTY : checkExtras(raw.extras),
    messages: list(raw.messages, 'messages', checkMessage),
    documents: list(raw.playerStates, 'playerStates', checkDocument),
    sends: checkSends(raw.sends),
    metrics: raw.metrics === undefined ? NO_METRICS : checkMetrics(raw.metrics),
    metadata: raw.zoneMetadata === undefined ? null : plainObject(raw.zoneMetadata, 'zoneMetadata'),
    wakeAtMs: raw.wakeAt === undefined ? undefined : checkWakeAt(raw.wakeAt),
  };
}

/** Does it say anything that is to be kept? Counts are not: they are an operator's. */
export function isEmptyResult(result: CheckedResult): boolean {
  const { creates, updates, transfers, deletes, events, messages, documents, sends } = result;
  const isSilent = [creates, updates, transfers, deletes, events, messages, documents, sends].every((part) => part.length === 0);
  return isSilent && Object.keys(result.extras).length === 0 && result.metadata === null && result.wakeAtMs === undefined;
}

/** An entity to be made; its id, if it has one, is judged by whoever issued it. */
export function checkCreate(value: unknown, path: string): CheckedCreate {
  const create = object(value, path);
  return {
    id: create.id === undefined ? null : text(create.id, `${path}.id`),
    x: cell(create.x, `${path}.x`),
    y: cell(create.y, `${path}.y`),
    width: create.width === undefined ? 1 : size(create.width, `${path}.width`),
    height: create.height === undefined ? 1 : size(create.height, `${path}.height`),
    metadata: create.metadata === undefined ? EMPTY : plainObject(create.metadata, `${path}.metadata`),
  };
}

const EMPTY: JsonObject = Object.freeze({});
const NO_METRICS: CheckedResult['metrics'] = Object.freeze({});
/** Each is a row that its target has to take: a tick that sends more has gone astray. */
const MOST_SENDS = 1_000;
const METRIC_NAME = /^[a-z][a-z0-9_]{0,63}$/;
const RESERVED_EXTRAS = ['zone_id', 'entities', 'events'];
/** The last instant that a date can name: no store takes a later one. */
const LAST_TIME_MS = 8.64e15;

type CheckedUpdate = CheckedResult['updates'][number];

/** Most of what most ticks return: what is a move, and well-formed, costs no text that says where it stands. */
function checkUpdates(value: unknown): readonly CheckedUpdate[] {
  if (!Array.isArray(value)) return list(value, 'updates', checkUpdate);
  return Array.from(value, (update: unknown, index) => plainMove(update) ?? checkUpdate(update, `updates[${index}]`));
}

/** null: it is none, or not well-formed. */
function plainMove(update: unknown): CheckedUpdate | null {
  if (!isObject(update)) return null;
  const { id, x, y, width, height, metadata } = update;
  if (width !== undefined || height !== undefined || metadata !== undefined) return null;
  if (typeof id !== 'string' || id === '' || !Number.isSafeInteger(x) || !Number.isSafeInteger(y)) return null;
  return { id, patch: { x: Number(x) + 0, y: Number(y) + 0, width, height, metadata } };
}

function checkUpdate(value: unknown, path: string): CheckedUpdate {
  const update = object(value, path);
  const { x, y, width, height, metadata } = update;
  return {
    id: text(update.id, `${path}.id`),
    patch: {
      x: x === undefined ? x : cell(x, `${path}.x`),
      y: y === undefined ? y : cell(y, `${path}.y`),
      width: width === undefined ? width : size(width, `${path}.width`),
      height: height === undefined ? height : size(height, `${path}.height`),
      metadata: metadata === undefined ? metadata : plainObject(metadata, `${path}.metadata`),
    },
  };
}

function checkTransfer(value: unknown, path: string): CheckedTransfer {
  const transfer = object(value, path);
  return {
    id: text(transfer.id, `${path}.id`),
    toZone: zone(transfer.toZone, `${path}.toZone`),
    // Whether the other zone is large enough is seen there, and is no fault; but no zone has a cell below 0.
    x: size(transfer.x, `${path}.x`),
    y: size(transfer.y, `${path}.y`),
    follow: [...new Set(list(transfer.follow, `${path}.follow`, text))],
  };
}

function checkMessage(value: unknown, path: string): { readonly playerId: string; readonly text: string } {
  const { playerId, type, ...fields } = object(value, path);
  const name = text(type, `${path}.type`);
  if (RESERVED_MESSAGE_TYPES.has(name)) throw new MalformedResultError(`${path}.type is ${show(name)}, a type of the protocol`);
  const message = { type: name, ...plainObject(fields, path) };
  return { playerId: text(playerId, `${path}.playerId`), text: JSON.stringify(message) };
}

function checkDocument(value: unknown, path: string): { readonly playerId: string; readonly document: JsonObject | null } {
  const { playerId, state } = object(value, path);
  return {
    playerId: text(playerId, `${path}.playerId`),
    document: state === null ? null : plainObject(state, `${path}.state`),
  };
}

function checkSends(value: unknown): CheckedResult['sends'] {
  const sends = list(value, 'sends', (item, path) => {
    const { toZone, data } = object(item, path);
    return { toZone: zone(toZone, `${path}.toZone`), data: plainObject(data, `${path}.data`) };
  });
  if (sends.length > MOST_SENDS) throw new MalformedResultError(`sends has ${sends.length} items, more than ${MOST_SENDS}`);
  return sends;
}

function checkMetrics(value: unknown): CheckedResult['metrics'] {
  const metrics: Record<string, number> = {};
  for (const [name, by] of Object.entries(object(value, 'metrics'))) {
    if (!METRIC_NAME.test(name)) throw new MalformedResultError(`metrics has ${show(name)}, which is no name for one`);
    if (typeof by !== 'number' || !Number.isFinite(by) || by < 0)
      throw new MalformedResultError(`metrics.${name} is ${show(by)}, not a number from 0`);
    if (by > 0) metrics[name] = by;
  }
  return metrics;
}

function checkExtras(value: unknown): JsonObject {
  const extras = plainObject(value, 'extras');
  const reserved = RESERVED_EXTRAS.find((key) => Object.hasOwn(extras, key));
  if (reserved) throw new MalformedResultError(`extras has a key named ${reserved}, which is the framework's`);
  return extras;
}

function checkWakeAt(value: unknown): number | null {
  if (value === null) return null;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new MalformedResultError(`wakeAt is ${show(value)}, not a time in milliseconds or null`);
  }
  return Math.min(Math.max(Math.ceil(value), 0), LAST_TIME_MS);
}

/** A list of checked items; [] when it is absent. */
function list<Item>(value: unknown, path: string, check: (item: unknown, path: string) => Item): readonly Item[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new MalformedResultError(`${path} is ${show(value)}, not an array`);
  // Not `map`: it passes over the holes of a sparse array.
  return Array.from(value, (item: unknown, index) => check(item, `${path}[${index}]`));
}

function object(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw new MalformedResultError(`${path} is ${show(value)}, not an object`);
  return value;
}

function text(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '')
    throw new MalformedResultError(`${path} is ${show(value)}, not a non-empty string`);
  return value;
}

/** Whether there is such a zone is seen by the store, and is no fault; but nothing else has an id like this. */
function zone(value: unknown, path: string): ZoneId {
  const id = parseUuid<ZoneId>(text(value, path));
  if (!id) throw new MalformedResultError(`${path} is ${show(value)}, which can be no zone's id`);
  return id;
}

function cell(value: unknown, path: string): number {
  if (!Number.isSafeInteger(value)) throw new MalformedResultError(`${path} is ${show(value)}, not a whole number of cells`);
  // Adding 0 turns -0 into 0, as JSON does.
  return Number(value) + 0;
}

function size(value: unknown, path: string): number {
  const cells = cell(value, path);
  if (cells < 0) throw new MalformedResultError(`${path} is ${cells}, below 0`);
  return cells;
}
