/**
 * A whole zone as the body of its checkpoint, and back: versioned JSON, entities and players in their order.
 * One tick's changes are `journal-record.ts`; when a checkpoint is written is the zone actor's affair.
 */
import type { TickNumber } from '../../actors/ids.js';
import type { ZoneInfo } from '../../actors/records.js';
import { BODY_VERSION, entityOf, heldPlayerOf, readBody } from './body-reader.js';
import { ResidentEntity } from './resident-entity.js';
import { residentPlayer } from './resident-player.js';
import { ZoneState } from './zone-state.js';

/** The state as it is now; a staged tick must not be in it. */
export function encodeCheckpoint(state: ZoneState): Uint8Array {
  if (state.isStaged) throw new Error('a checkpoint has no staged tick in it');
  const { tick, tickedAtMs, wakeAtMs, zone } = state.facts;
  const head = JSON.stringify({
    v: BODY_VERSION,
    kind: 'checkpoint',
    tick,
    at: tickedAtMs,
    wake: wakeAtMs,
    metadata: zone.metadata,
  });
  const entities = Array.from(state.entities.values(), entityText).join(',');
  const players = JSON.stringify(Array.from(state.players.values(), (player) => player.held));
  return Buffer.from(`${head.slice(0, -1)},"entities":[${entities}],"players":${players}}`);
}

/** The state that `encodeCheckpoint` wrote. Throws `CorruptBodyError`. */
export function decodeCheckpoint(
  info: ZoneInfo,
  checkpoint: { readonly tick: TickNumber; readonly body: Uint8Array },
): ZoneState {
  return readBody({ zone: info.id, ...checkpoint }, 'checkpoint', (fields) => {
    const state = new ZoneState(info);
    state.putMetadata(fields.object('metadata'));
    state.putFacts({
      tick: fields.integer('tick'),
      tickedAtMs: fields.time('at'),
      wakeAtMs: fields.timeOrNull('wake'),
    });
    for (const entity of fields.list('entities', entityOf)) state.addEntity(entity);
    for (const held of fields.list('players', heldPlayerOf)) state.putPlayer(residentPlayer(held, state.nextOrder()));
    return state;
  });
}

/** As `entityOf` of `body-reader.ts` reads it; the entity's own text goes in as it stands. */
export function entityText(entity: ResidentEntity): string {
  return `[${ResidentEntity.createdAtMs(entity)},${ResidentEntity.updatedAtMs(entity)},${ResidentEntity.json(entity)}]`;
}
