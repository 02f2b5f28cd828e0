/**
 * Bodies of `tick` and `delta` messages in `gridstead.v1.bin`: everything after the kind and the
 * player's own ack, which the sender puts in front. The layout is described in docs/protocol.md; the
 * decoder is client/binary.ts.
 */
import type { TickNumber, ZoneId } from '../../../actors/ids.js';
import { ResidentEntity } from '../resident-entity.js';
import type { ByteWriter } from './byte-writer.js';
import type { ShownEntity, ShownState } from './shown-state.js';
import type { EntityChange, StateDiff } from './state-diff.js';

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

/**
 * Small numbers for the entities of one zone, as one viewer knows them: the zone's own have their
 * order of creation, which all viewers share; what a game made up counts from far above.
 */
export class Handles {
  readonly #made = new Map<string, number>();

  of({ id, resident }: ShownEntity): number {
    if (resident) return ResidentEntity.order(resident);
    const known = this.#made.get(id);
    if (known !== undefined) return known;
    const handle = 2 ** 32 + this.#made.size;
    this.#made.set(id, handle);
    return handle;
  }
}

export function writeWhole(out: ByteWriter, zone: ZoneId, state: ShownState, handles: Handles): void {
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

export function writeDelta(out: ByteWriter, tick: TickNumber, base: TickNumber, diff: StateDiff, handles: Handles): void {
  out.varuint(tick);
  out.varuint(tick - base);
  writeOthers(out, [...diff.others], diff.unset);
  // One that went and came back under its id has another handle: it goes under the one, and comes under the other.
  const anew = diff.changed.filter(({ before, after }) => handles.of(before) !== handles.of(after));
  const gone = [...diff.gone, ...anew.map(({ before }) => before)].map((entity) => handles.of(entity));
  writeHandles(out, gone);
  const added = [...diff.added, ...anew.map(({ after }) => after)];
  out.varuint(added.length);
  for (const entity of added) writeEntity(out, entity, handles);
  const kept = anew.length === 0 ? diff.changed : diff.changed.filter((change) => !anew.includes(change));
  const changes = kept.map((change) => ({ change, handle: handles.of(change.after) })).sort((a, b) => a.handle - b.handle);
  out.varuint(changes.length);
  let last = 0;
  for (const { change, handle } of changes) {
    writeChange(out, change, handle - last);
    last = handle;
  }
}

function writeOthers(out: ByteWriter, others: readonly (readonly [string, string])[], unset: readonly string[]): void {
  if (others.length + unset.length === 0) return out.varuint(0);
  const fields = others.map(([key, json]) => `${JSON.stringify(key)}:${json}`);
  if (unset.length > 0) fields.push(`"unset":${JSON.stringify(unset)}`);
  out.text(`{${fields.join(',')}}`);
}

function writeHandles(out: ByteWriter, handles: number[]): void {
  out.varuint(handles.length);
  let last = 0;
  for (const handle of handles.sort((a, b) => a - b)) {
    out.varuint(handle - last);
    last = handle;
  }
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

function writeChange(out: ByteWriter, { before, after, set, unset }: EntityChange, handleStep: number): void {
  const movedX = set.includes('x') && isNear(before.fields.x) && isNear(after.fields.x);
  const movedY = set.includes('y') && isNear(before.fields.y) && isNear(after.fields.y);
  const { width, height } = after.fields;
  const resized =
    (set.includes('width') || set.includes('height')) && isNear(width) && isNear(height) && width >= 0 && height >= 0;
  const replaced = set.filter(
    (key) => !(key === 'x' && movedX) && !(key === 'y' && movedY) && !(resized && (key === 'width' || key === 'height')),
  );
  const hasReplaced = replaced.length + unset.length > 0;
  const mask = (movedX ? MOVED_X : 0) | (movedY ? MOVED_Y : 0) | (resized ? RESIZED : 0) | (hasReplaced ? REPLACED : 0);
  out.varuint(handleStep * 16 + mask);
  if (movedX) out.varint(Number(after.fields.x) - Number(before.fields.x));
  if (movedY) out.varint(Number(after.fields.y) - Number(before.fields.y));
  if (resized) {
    out.varuint(width);
    out.varuint(height);
  }
  if (!hasReplaced) return;
  const fields = replaced.map((key) => [key, JSON.stringify(after.fields[key])] as const);
  writeOthers(out, fields, unset);
}

function isNear(value: unknown): value is number {
  // JSON has no −0, and a varint neither.
  return Number.isSafeInteger(value) && Math.abs(Number(value)) < FAR;
}

function pick(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
