/**
 * Recovery: a zone's newest checkpoint with the journal behind it applied. Results are applied, games never run.
 * The same fold serves a zone that wakes and the start, which turns every journal into a checkpoint before anybody is let in.
 */
import type { EntityId, ZoneId } from '../../actors/ids.js';
import type { StoredEntity, StoredZone, ZoneCheckpoint } from '../../actors/records.js';
import { applyRecord } from './journal-record.js';
import { ResidentEntity } from './resident-entity.js';
import { decodeCheckpoint, encodeCheckpoint } from './zone-codec.js';
import { ZoneState } from './zone-state.js';

/** A restored zone. `touched`: entities of which the journal says more than the checkpoint (and its projection). */
export interface RestoredZone {
  readonly state: ZoneState;
  readonly touched: ReadonlySet<EntityId>;
}

/** The last committed state. A zone without checkpoint and journal is empty, at tick 0. Throws `CorruptBodyError`. */
export function restoreZone(stored: StoredZone): RestoredZone {
  const { info, checkpoint } = stored;
  const state = checkpoint ? decodeCheckpoint(info, checkpoint) : new ZoneState(info);
  if (!checkpoint) state.putFacts({ wakeAtMs: stored.wakeAtMs });
  const touched = new Set<EntityId>();
  for (const row of stored.journal) {
    // History is kept behind checkpoints for replay; a row that the checkpoint has already is not applied again.
    if (row.tick <= state.facts.tick) continue;
    for (const id of applyRecord(state, { zone: info.id, ...row })) touched.add(id);
  }
  state.putFacts({ tickedAtMs: Math.max(state.facts.tickedAtMs, stored.tickedUntilMs ?? 0) });
  return { state, touched };
}

export type FoldedZone = Pick<ZoneCheckpoint, 'zone' | 'tick' | 'body' | 'changed' | 'gone'> & {
  /** How many the zone holds. */
  readonly players: number;
};

/** The checkpoint that stands for a stored zone and its journal, with the projection of what the journal changed. */
export function foldZone(stored: StoredZone): FoldedZone {
  return foldedZone(restoreZone(stored));
}

export function foldedZone({ state, touched }: RestoredZone): FoldedZone {
  return {
    zone: state.facts.zone.id as ZoneId, // made from a ZoneInfo
    tick: state.facts.tick,
    body: encodeCheckpoint(state),
    players: state.players.size,
    ...projectionOf(state, touched),
  };
}

/** These entities as the `entities` table is to have them. */
export function projectionOf(
  state: ZoneState,
  touched: ReadonlySet<EntityId>,
): { readonly changed: readonly StoredEntity[]; readonly gone: readonly EntityId[] } {
  const changed: StoredEntity[] = [];
  const gone: EntityId[] = [];
  for (const id of touched) {
    const entity = state.entities.get(id);
    if (entity) changed.push(ResidentEntity.stored(entity));
    else gone.push(id);
  }
  return { changed, gone };
}
