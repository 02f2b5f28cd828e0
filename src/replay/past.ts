/**
 * What a zone was like after some tick of its history, and what its players had asked for in that tick.
 */
import type { TickNumber } from '../../actors/ids.js';
import type { ZoneHistory } from '../../actors/ports.js';
import type { StoredEntity, ZoneInfo } from '../../actors/records.js';
import type { QueuedIntent } from '../../actors/steps.js';
import { restoreZone } from '../simulation/fold.js';
import { ResidentEntity } from '../simulation/resident-entity.js';
import { readInputs } from './inputs.js';
import { keptFrom, numbersOf, storedOf } from './stretch.js';

export interface Past {
  /** The last tick that was written, up to the one that was asked for. */
  readonly tick: TickNumber;
  readonly entities: readonly StoredEntity[];
  /** [] where the tick is that of a checkpoint, whose inputs are not looked for. */
  readonly intents: readonly QueuedIntent[];
}

/** More rows than lie between two checkpoints. */
const MAX_ROWS = 100_000;

/** null: nothing is kept of that time. */
export async function pastOf(history: ZoneHistory, zone: ZoneInfo, tick: TickNumber): Promise<Past | null> {
  const kept = await keptFrom(history, zone.id, tick, tick, MAX_ROWS);
  if (!kept) return null;
  const { base, rows } = kept;
  const stored = storedOf(zone, { tick: base.tick, body: Buffer.from(base.body).toString('utf8') });
  const { state } = restoreZone({ ...stored, journal: rows });
  const entities = Array.from(state.entities.values(), ResidentEntity.stored);
  const last = rows.at(-1);
  if (!last) return { tick: base.tick, entities, intents: [] };
  const before = numbersOf({ ...stored, journal: rows.slice(0, -1) });
  const row = { ...last, body: '' };
  return { tick: last.tick, entities, intents: readInputs(zone.id, row, before).request.intents };
}
