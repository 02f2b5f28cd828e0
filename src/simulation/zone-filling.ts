/**
 * The entities that `init` of a game puts into a zone that has none: checked by the rules for a tick's creates, and
 * written as the checkpoint that the zone goes on from. What else is in its state, players and their documents, stays.
 */
import type { EntityId } from '../../actors/ids.js';
import type { StoredZone } from '../../actors/records.js';
import { isInside } from './entity-index.js';
import { type FoldedZone, foldedZone, restoreZone } from './fold.js';
import { MalformedResultError } from './plain-json.js';
import { checkCreate } from './result-check.js';

export interface FillingOptions {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  readonly maxZoneBytes: number;
  readonly newId: () => EntityId;
}

/** `ids`: of the new entities, in their order. */
export type FilledZone = FoldedZone & { readonly ids: readonly EntityId[] };

/** The zone's last state with these entities; null: it has some, or some are on their way to it. Throws `MalformedResultError` that names the first wrong one. */
export function filledZone(
  stored: StoredZone,
  entities: readonly unknown[],
  { nowMs, maxZoneBytes, newId }: FillingOptions,
): FilledZone | null {
  const restored = restoreZone(stored);
  const { state } = restored;
  const { zone } = state.facts;
  if (state.entities.size > 0 || stored.inbox.length > 0) return null;
  const ids = entities.map((value, index) => {
    const path = `entities[${index}]`;
    const create = checkCreate(value, path);
    if (create.id !== null) throw new MalformedResultError(`${path} has an id; it is given one here`);
    if (!isInside(create, zone)) throw new MalformedResultError(`${path} is outside the zone of ${zone.width}×${zone.height}`);
    return state.addEntity({ ...create, id: newId(), createdAtMs: nowMs, updatedAtMs: nowMs }).id;
  });
  if (state.bytes > maxZoneBytes)
    throw new MalformedResultError(`the zone would have ${state.bytes} bytes, more than ${maxZoneBytes}`);
  return { ...foldedZone({ state, touched: new Set([...restored.touched, ...ids]) }), ids };
}
