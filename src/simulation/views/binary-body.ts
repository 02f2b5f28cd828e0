/**
 * Bodies of `tick` and `delta` messages in `gridstead.v1.bin`: everything after the kind and the
 * player's own ack, which the sender puts in front. The layout is described in docs/protocol.md; the
 * decoder is client/binary.ts.
 */
import type { ZoneId } from '../../../actors/ids.js';
import { ResidentEntity } from '../resident-entity.js';
import { ByteWriter } from './byte-writer.js';
import type { ShownEntity, ShownState } from './shown-state.js';
import { changeOf, type EntityChange, type StateDiff } from './state-diff.js';

/** Flags of a whole state. */
const REGULAR = 1;
const HAS_ZONE_ID = 2;
const HAS_NO_EVENTS = 4;

/** What an entity's record has. */
const UUID_ID = 1;
const POSITION = 2;
const SIZE = 4;
const METADATA = 8;
const MORE = 16;

/** What a change's record has. */
const MOVED_X = 1;
const MOVED_Y = 2;
const RESIZED = 4;
const REPLACED = 8;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Coordinates beyond this are written as JSON: their differences must be exact too. */
const FAR = 2 ** 50;

/** What a difference has. */
const HAS_OTHERS = 1;
const HAS_GONE = 2;
const HAS_ADDED = 4;

/** Entities that went out of sight are remembered on both sides, so many of them; the one that went first is forgotten first. */
export const REMEMBERED_GONE = 1024;

/**
 * What one viewer's decoder knows: small numbers for entities (the zone's own have their order of creation, what a
 * game made up counts from far above), and those that it was shown once and are out of sight.
 */
export class Handles {
  // Most viewers never need either, and everybody who is shown something has one of these.
  #made: Map<string, number> | null = null;
  #gone: Map<number, ShownEntity> | null = null;

  of({ id, resident }: ShownEntity): number {
    if (resident) return ResidentEntity.order(resident);
    this.#made ??= new Map();
    const known = this.#made.get(id);
    if (known !== undefined) return known;
    const handle = 2 ** 32 + this.#made.size;
    this.#made.set(id, handle);
    return handle;
  }

  went(entity: ShownEntity): void {
    const handle = this.of(entity);
    this.#gone ??= new Map();
    this.#gone.delete(handle);
    this.#gone.set(handle, entity);
    if (this.#gone.size > REMEMBERED_GONE) for (const oldest of this.#gone.keys()) return void this.#gone.delete(oldest);
  }

  /** What the decoder remembers of an entity that comes back into sight; null: nothing. */
  cameBack(entity: ShownEntity): ShownEntity | null {
    if (!this.#gone) return null;
    const handle = this.of(entity);
    const known = this.#gone.get(handle) ?? null;
    this.#gone.delete(handle);
    return known;
  }

  /** The decoder has been told something that is not in here, or starts anew. */
  forgetGone(): void {
    this.#gone = null;
  }
}

export function writeWhole(out: ByteWriter, zone: ZoneId, state: ShownState, handles: Handles): void {
  handles.forgetGone();
  out.varuint(state.tick);
  out.uuid(zone);
  if (!state.entities) {
    out.byte(0);
    out.text(state.json());
    return;
  }
  const hasZoneId = state.others.get('zone_id') === `"${zone}"`;
  const hasNoEvents = state.others.get('events') === '[]';
  out.byte(REGULAR | (hasZoneId ? HAS_ZONE_ID : 0) | (hasNoEvents ? HAS_NO_EVENTS : 0));
  const others = [...state.others].filter(([key]) => !(key === 'zone_id' && hasZoneId) && !(key === 'events' && hasNoEvents));
  writeOthers(out, others, []);
  out.varuint(state.entities.size);
  for (const entity of state.entities.values()) writeEntity(out, entity, handles);
}

/** `remembers`: this body is one viewer's own, so that what went out of its sight can come back as a difference. */
export function writeDelta(out: ByteWriter, steps: number, diff: StateDiff, handles: Handles, remembers: boolean): void {
  // One that went and came back under its id has another handle: it goes under the one, and comes under the other.
  const renamed = diff.changed.filter(({ before, after }) => handles.of(before) !== handles.of(after));
  const anew = diff.replaced.length === 0 ? renamed : [...renamed, ...diff.replaced];
  const isPlain = anew.length === 0;
  const changed = isPlain ? diff.changed : diff.changed.filter((change) => !anew.includes(change));
  const gone = isPlain ? diff.gone : [...diff.gone, ...anew.map(({ before }) => before)];
  const { added, back } = comings(isPlain ? diff.added : [...diff.added, ...anew.map(({ after }) => after)], handles, remembers);
  const hasOthers = diff.others.size + diff.unset.length > 0;
  out.varuint(steps);
  out.byte((hasOthers ? HAS_OTHERS : 0) | (gone.length > 0 ? HAS_GONE : 0) | (added.length > 0 ? HAS_ADDED : 0));
  if (hasOthers) writeOthers(out, [...diff.others], diff.unset);
  if (gone.length > 0) writeGone(out, gone, handles, remembers);
  if (added.length > 0) {
    out.varuint(added.length);
    for (const entity of added) writeEntity(out, entity, handles);
  }
  writeChanges(out, back.length === 0 ? changed : [...changed, ...back], handles);
}

/** Who comes into sight: for the first time, or known from before. */
function comings(entities: readonly ShownEntity[], handles: Handles, remembers: boolean) {
  if (!remembers) handles.forgetGone();
  const added: ShownEntity[] = [];
  const back: EntityChange[] = [];
  for (const entity of entities) {
    const known = handles.cameBack(entity);
    if (known) back.push(changeOf(known, entity));
    else added.push(entity);
  }
  return { added, back };
}

function writeGone(out: ByteWriter, gone: readonly ShownEntity[], handles: Handles, remembers: boolean): void {
  const known = gone.map((entity) => ({ entity, handle: handles.of(entity) })).sort((a, b) => a.handle - b.handle);
  out.varuint(known.length);
  let last = 0;
  for (const { entity, handle } of known) {
    out.varuint(handle - last);
    last = handle;
    if (remembers) handles.went(entity);
  }
}

/** They run to the end of the message. */
function writeChanges(out: ByteWriter, changes: readonly EntityChange[], handles: Handles): void {
  let last = 0;
  for (const change of inOrder(changes, handles)) {
    const handle = handles.of(change.after);
    writeChange(out, change, handle - last);
    last = handle;
  }
}

/** By rising handles, as they nearly always are already: states list entities in their order of creation. */
function inOrder(changes: readonly EntityChange[], handles: Handles): readonly EntityChange[] {
  let last = 0;
  for (const { after } of changes) {
    const handle = handles.of(after);
    if (handle < last) return [...changes].sort((a, b) => handles.of(a.after) - handles.of(b.after));
    last = handle;
  }
  return changes;
}

function writeOthers(out: ByteWriter, others: readonly (readonly [string, string])[], unset: readonly string[]): void {
  if (others.length + unset.length === 0) return out.varuint(0);
  const fields = others.map(([key, json]) => `${JSON.stringify(key)}:${json}`);
  if (unset.length > 0) fields.push(`"unset":${JSON.stringify(unset)}`);
  out.text(`{${fields.join(',')}}`);
}

function writeEntity(out: ByteWriter, entity: ShownEntity, handles: Handles): void {
  const { id, x, y, width, height, metadata, ...rest } = entity.fields;
  const hasUuid = UUID.test(entity.id);
  const hasPosition = isNear(x) && isNear(y);
  const hasSize = isNear(width) && isNear(height) && width >= 0 && height >= 0;
  const more: Record<string, unknown> = {
    ...rest,
    ...(hasPosition ? {} : pick({ x, y })),
    ...(hasSize ? {} : pick({ width, height })),
  };
  const hasMore = Object.keys(more).length > 0;
  const hasMetadata = metadata !== undefined;
  out.varuint(handles.of(entity));
  out.byte(
    (hasUuid ? UUID_ID : 0) |
      (hasPosition ? POSITION : 0) |
      (hasSize ? SIZE : 0) |
      (hasMetadata ? METADATA : 0) |
      (hasMore ? MORE : 0),
  );
  if (hasUuid) out.uuid(entity.id);
  else out.text(entity.id);
  if (hasPosition) {
    out.varint(x);
    out.varint(y);
  }
  if (hasSize) {
    out.varuint(width);
    out.varuint(height);
  }
  if (hasMetadata) out.text(JSON.stringify(metadata));
  if (hasMore) out.text(JSON.stringify(more));
}

/** A change as it is written for everybody whose decoder knows the entity as it was. */
export interface ChangeRecord {
  readonly mask: number;
  /** What follows handle and mask. */
  readonly bytes: Uint8Array;
}

function writeChange(out: ByteWriter, change: EntityChange, handleStep: number): void {
  const { before, after } = change;
  if (before.resident && after.resident && ResidentEntity.hasOnlyMoved(before.resident, after.resident)) {
    if (writeMove(out, before.resident, after.resident, handleStep)) return;
  }
  const { mask, bytes } = recordOf(change);
  out.varuint(handleStep * 16 + mask);
  out.append(bytes);
}

function recordOf(change: EntityChange): ChangeRecord {
  const { notes } = change.after;
  if (notes?.change !== change) return makeRecord(change);
  notes.record ??= makeRecord(change);
  return notes.record;
}

/** Empty between two records. */
const scratch = new ByteWriter();

function makeRecord({ before, after, set, unset }: EntityChange): ChangeRecord {
  const movedX = set.includes('x') && isNear(before.fields.x) && isNear(after.fields.x);
  const movedY = set.includes('y') && isNear(before.fields.y) && isNear(after.fields.y);
  const { width, height } = after.fields;
  const resized =
    (set.includes('width') || set.includes('height')) && isNear(width) && isNear(height) && width >= 0 && height >= 0;
  const replaced = set.filter(
    (key) => !(key === 'x' && movedX) && !(key === 'y' && movedY) && !(resized && (key === 'width' || key === 'height')),
  );
  const hasReplaced = replaced.length + unset.length > 0;
  if (movedX) scratch.varint(Number(after.fields.x) - Number(before.fields.x));
  if (movedY) scratch.varint(Number(after.fields.y) - Number(before.fields.y));
  if (resized) {
    scratch.varuint(width);
    scratch.varuint(height);
  }
  if (hasReplaced) {
    const fields = replaced.map((key) => [key, JSON.stringify(after.fields[key])] as const);
    writeOthers(scratch, fields, unset);
  }
  const mask = (movedX ? MOVED_X : 0) | (movedY ? MOVED_Y : 0) | (resized ? RESIZED : 0) | (hasReplaced ? REPLACED : 0);
  return { mask, bytes: scratch.take() };
}

/** What nearly every change is. false: too far for a move to be written as one. */
function writeMove(out: ByteWriter, before: ResidentEntity, after: ResidentEntity, handleStep: number): boolean {
  if (!isNear(before.x) || !isNear(before.y) || !isNear(after.x) || !isNear(after.y)) return false;
  const [dx, dy] = [after.x - before.x, after.y - before.y];
  out.varuint(handleStep * 16 + (dx === 0 ? 0 : MOVED_X) + (dy === 0 ? 0 : MOVED_Y));
  if (dx !== 0) out.varint(dx);
  if (dy !== 0) out.varint(dy);
  return true;
}

function isNear(value: unknown): value is number {
  // JSON has no −0, and a varint neither.
  return Number.isSafeInteger(value) && Math.abs(Number(value)) < FAR;
}

function pick(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
