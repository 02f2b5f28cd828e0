/**
 * A checked result applied to the staged zone, in the contract's order: creates, updates, transfers, deletes.
 * What contradicts the zone (an unknown id, a place outside it, a size beyond the limit) throws, and the caller takes the
 * whole tick back. Documents go in before transfers, so that whoever follows one takes the newest along.
 */
import type { EntityId, PlayerId } from '../../actors/ids.js';
import type { HeldPlayer } from '../../actors/records.js';
import type { Area } from '../../games/contract.js';
import { isInside } from './entity-index.js';
import { MalformedResultError, show } from './plain-json.js';
import { ResidentEntity } from './resident-entity.js';
import { withDocument } from './resident-player.js';
import type { CheckedCreate, CheckedResult, CheckedTransfer } from './result-check.js';
import type { TickStage } from './tick-stage.js';

/** Throws `MalformedResultError`. */
export function applyResult(stage: TickStage, result: CheckedResult): void {
  const bytesBefore = stage.state.bytes;
  for (const [index, create] of result.creates.entries()) applyCreate(stage, create, `creates[${index}]`);
  for (const [index, update] of result.updates.entries()) applyUpdate(stage, update, index);
  for (const message of result.messages) applyMessage(stage, message);
  for (const [index, change] of result.documents.entries()) applyDocument(stage, change, `playerStates[${index}]`);
  applyTransfers(stage, result.transfers);
  applyDeletes(stage, result);
  applySends(stage, result);
  if (result.metadata) applyMetadata(stage, result.metadata);
  if (result.wakeAtMs !== undefined) stage.state.putFacts({ wakeAtMs: result.wakeAtMs });
  checkSize(stage, bytesBefore);
}

function applyCreate(stage: TickStage, create: CheckedCreate, path: string): void {
  const { state, nowMs, random } = stage;
  if (create.id !== null && !random.hasIssued(create.id)) {
    throw new MalformedResultError(`${path}.id is ${show(create.id)}, which newId() of this tick did not issue`);
  }
  const id = create.id === null ? random.newId() : (create.id as EntityId); // issued by newId, so it is one
  if (state.entities.has(id)) throw new MalformedResultError(`${path}.id is ${show(id)}, which is used already`);
  checkInside(stage, create, path);
  state.addEntity({ ...create, id, createdAtMs: nowMs, updatedAtMs: nowMs });
}

/** Where an update stands in the result is put into words only when something is wrong with it. */
function applyUpdate(stage: TickStage, { id, patch }: CheckedResult['updates'][number], index: number): void {
  const before = stage.state.entities.get(id as EntityId) ?? known(stage, id, `updates[${index}].id`); // looked up, as above
  const after = ResidentEntity.patched(before, patch, stage.nowMs);
  if (after === before) return;
  if (!isInside(after, stage.state.facts.zone)) checkInside(stage, after, `updates[${index}]`);
  stage.state.replaceEntity(before, after);
}

function applyMessage(stage: TickStage, { playerId, text }: CheckedResult['messages'][number]): void {
  const player = stage.state.players.get(playerId as PlayerId); // looked up: what is no player's id finds nobody
  if (player) stage.messages.push({ player: player.held.id, text });
  else stage.ignored++;
}

function applyDocument(stage: TickStage, { playerId, document }: CheckedResult['documents'][number], path: string): void {
  const player = stage.holder(playerId as PlayerId); // looked up, as above
  if (!player) {
    stage.ignored++;
    return;
  }
  // The same document again is no change, and forces no write.
  if (JSON.stringify(document) === JSON.stringify(player.held.document)) return;
  const after = withDocument(player, document);
  if (after.bytes > stage.maxZoneBytes)
    throw new MalformedResultError(`${path}.state has ${after.bytes} bytes, more than a whole zone may have`);
  stage.put(after);
}

function applyTransfers(stage: TickStage, transfers: readonly CheckedTransfer[]): void {
  const moved = new Set<string>();
  const followers = new Set<string>();
  for (const [index, transfer] of transfers.entries()) {
    const path = `transfers[${index}]`;
    if (moved.has(transfer.id))
      throw new MalformedResultError(`${path}.id is ${show(transfer.id)}, which is transferred already`);
    for (const player of transfer.follow) {
      if (followers.has(player))
        throw new MalformedResultError(`${path}.follow names ${show(player)}, who follows another transfer`);
      followers.add(player);
    }
    moved.add(transfer.id);
    applyTransfer(stage, transfer, path);
  }
}

function applyTransfer(stage: TickStage, { id, toZone, x, y, follow }: CheckedTransfer, path: string): void {
  const { state, tick, nowMs } = stage;
  if (toZone === state.facts.zone.id) throw new MalformedResultError(`${path}.toZone is the entity's own zone`);
  const entity = known(stage, id, `${path}.id`);
  const stored = ResidentEntity.stored(ResidentEntity.patched(entity, { x, y }, nowMs));
  state.removeEntity(entity);
  stage.sends.push({
    to: toZone,
    tick,
    kind: 'arrival',
    reason: null,
    parcel: {
      entity: stored,
      origin: { x: entity.x, y: entity.y },
      followers: follow.flatMap((player) => sendAlong(stage, player)),
    },
  });
}

/** Takes a follower out of this zone's hands; nothing where it is in others already. */
function sendAlong(stage: TickStage, id: string): readonly HeldPlayer[] {
  const player = stage.holder(id as PlayerId); // looked up, as above
  if (!player) {
    stage.ignored++;
    return [];
  }
  if (stage.state.players.has(player.held.id)) stage.state.removePlayer(player);
  else stage.leaving.delete(player.held.id);
  return [player.held];
}

function applyDeletes(stage: TickStage, { deletes, transfers }: CheckedResult): void {
  const moved = new Set(transfers.map((transfer) => transfer.id));
  const deleted = new Set<string>();
  for (const [index, id] of deletes.entries()) {
    if (moved.has(id)) throw new MalformedResultError(`deletes[${index}] is ${show(id)}, which is transferred`);
    if (deleted.has(id)) throw new MalformedResultError(`deletes[${index}] is ${show(id)}, which is deleted already`);
    deleted.add(id);
    stage.state.removeEntity(known(stage, id, `deletes[${index}]`));
  }
}

function applySends({ sends: staged, tick, maxZoneBytes }: TickStage, { sends }: CheckedResult): void {
  let bytes = 0;
  for (const { toZone, data } of sends) {
    bytes += Buffer.byteLength(JSON.stringify(data));
    staged.push({ to: toZone, tick, kind: 'arrival', reason: null, parcel: { effect: data, followers: [] } });
  }
  if (bytes > maxZoneBytes) throw new MalformedResultError(`sends have ${bytes} bytes, more than a whole zone may have`);
}

function applyMetadata(stage: TickStage, metadata: NonNullable<CheckedResult['metadata']>): void {
  // The same metadata again is no change: nothing is written, and nobody's copy goes stale.
  if (JSON.stringify(metadata) === JSON.stringify(stage.state.facts.zone.metadata)) return;
  stage.state.putMetadata(metadata);
}

function known(stage: TickStage, id: string, path: string): ResidentEntity {
  const entity = stage.state.entities.get(id as EntityId); // looked up, as above
  if (!entity) throw new MalformedResultError(`${path} is ${show(id)}, which is no entity of the zone`);
  return entity;
}

function checkInside(stage: TickStage, { x, y, width, height }: Area, path: string): void {
  const { zone } = stage.state.facts;
  if (isInside({ x, y, width, height }, zone)) return;
  throw new MalformedResultError(
    `${path} puts ${width}×${height} at ${x},${y}, outside the zone of ${zone.width}×${zone.height}`,
  );
}

/** One who was over the limit before (it was lowered, or players joined) may shrink, and stay. */
function checkSize({ state, maxZoneBytes }: TickStage, bytesBefore: number): void {
  if (state.bytes <= maxZoneBytes || state.bytes <= bytesBefore) return;
  throw new MalformedResultError(`the zone would have ${state.bytes} bytes, more than the ${maxZoneBytes} of MAX_ZONE_BYTES`);
}
