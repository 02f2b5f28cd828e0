/**
 * The first state of a zone that `init` of a game fills: checked by the rules for a tick's creates, and written as
 * the checkpoint that the zone starts from. Whether the zone may still be filled is decided by the store.
 */
import type { EntityId } from '../../actors/ids.js';
import type { ZoneCheckpoint, ZoneInfo } from '../../actors/ports.js';
import { isInside } from './entity-index.js';
import { MalformedResultError } from './plain-json.js';
import { checkCreate } from './result-check.js';
import { encodeCheckpoint } from './zone-codec.js';
import { ZoneState } from './zone-state.js';

export interface FillingOptions {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  readonly maxZoneBytes: number;
  readonly newId: () => EntityId;
}

/** The state of tick 0 with these entities. Throws `MalformedResultError` that names the first wrong one. */
export function filledZone(
  zone: ZoneInfo,
  entities: readonly unknown[],
  { nowMs, maxZoneBytes, newId }: FillingOptions,
): Omit<ZoneCheckpoint, 'epoch' | 'live'> {
  const state = new ZoneState(zone);
  const changed = entities.map((value, index) => {
    const path = `entities[${index}]`;
    const create = checkCreate(value, path);
    if (create.id !== null) throw new MalformedResultError(`${path} has an id; it is given one here`);
    if (!isInside(create, zone)) throw new MalformedResultError(`${path} is outside the zone of ${zone.width}×${zone.height}`);
    const stored = { ...create, id: newId(), createdAtMs: nowMs, updatedAtMs: nowMs };
    state.addEntity(stored);
    return stored;
  });
  if (state.bytes > maxZoneBytes)
    throw new MalformedResultError(`the zone would have ${state.bytes} bytes, more than ${maxZoneBytes}`);
  return { zone: zone.id, tick: 0, body: encodeCheckpoint(state), changed, gone: [] };
}
