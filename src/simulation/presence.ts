/**
 * Who and what is in the zone when a tick begins: leaves, joins, then the inbox by rising id, then the marks of the
 * tick's intents. What cannot be taken in goes back where it came from; that is an answer, not an error.
 * A request that contradicts the state (a join of one who is here) is a bug of the caller and throws.
 */

import type { PlayerId } from '../../actors/ids.js';
import { advanceMark } from '../../actors/mark.js';
import type { EffectParcel, EntityParcel, HeldPlayer, InboxRow, StoredEntity } from '../../actors/records.js';
import type { QueuedIntent, StepRequest } from '../../actors/steps.js';
import type { Effect, Player, ReturnReason, Zone } from '../../games/contract.js';
import { isInside } from './entity-index.js';
import { deepFreeze } from './plain-json.js';
import { ResidentEntity } from './resident-entity.js';
import { documentBytes, residentPlayer, viewOf } from './resident-player.js';
import type { TickStage } from './tick-stage.js';

/** The game's `admit`; false too where it throws or is late. */
export type Admit = (zone: Zone, player: Player, present: number) => boolean;

export function stagePresence(stage: TickStage, request: StepRequest, admit: Admit): void {
  for (const { player, gone } of request.leaves) leave(stage, player, gone);
  for (const held of request.joins) join(stage, { ...held, stay: held.stay + 1 });
  for (const row of request.inbox) take(stage, row, admit);
  for (const intent of request.intents) mark(stage, intent);
}

function leave(stage: TickStage, id: PlayerId, gone: boolean): void {
  const player = stage.state.players.get(id);
  if (!player) throw new Error(`player ${id} leaves zone ${stage.state.facts.zone.id}, which does not hold it`);
  stage.state.removePlayer(player);
  stage.leaving.set(id, { player, gone });
}

function join(stage: TickStage, held: HeldPlayer): void {
  const { players, facts } = stage.state;
  if (players.has(held.id)) throw new Error(`player ${held.id} joins zone ${facts.zone.id}, which holds it already`);
  const player = residentPlayer(held, stage.state.nextOrder());
  stage.state.putPlayer(player);
  stage.joined.push(player);
}

function take(stage: TickStage, row: InboxRow, admit: Admit): void {
  if ('effect' in row.parcel) stage.effects.push(effectOf(row, row.parcel));
  else takeEntity(stage, row, row.parcel, admit);
}

function effectOf({ from: fromZone, tick: tickNumber, reason }: InboxRow, { effect }: EffectParcel): Effect {
  // An effect meets no border, no `admit` and no lack of room: of the reasons to come back these are left.
  const returned = reason as Effect['returned'] | null;
  return Object.freeze({ fromZone, tickNumber, data: deepFreeze(effect), ...(returned && { returned }) });
}

function takeEntity(stage: TickStage, row: InboxRow, { entity, origin }: EntityParcel, admit: Admit): void {
  const followers = followersOf(row);
  const reason = row.kind === 'arrival' ? refusal(stage, entity, followers, admit) : null;
  if (reason) {
    stage.turned.push({ row, reason, followers });
    return;
  }
  const place = row.kind === 'returned' ? origin : entity;
  stage.state.addEntity({ ...entity, x: place.x, y: place.y, metadata: deepFreeze(entity.metadata) });
  for (const held of followers) join(stage, held);
  if (row.kind !== 'returned') return;
  stage.returned.push(Object.freeze({ id: entity.id, toZone: row.from, reason: row.reason ?? 'failed' }));
}

/** Those in the parcel who still follow it, with the stay that is in force. */
function followersOf(row: InboxRow): readonly HeldPlayer[] {
  const stays = new Map(row.followers.map(({ player, stay }) => [player, stay]));
  return row.parcel.followers.flatMap((held) => {
    const stay = stays.get(held.id);
    return stay === undefined ? [] : { ...held, document: deepFreeze(held.document), stay };
  });
}

/** Why this arrival cannot enter; null: it can. */
function refusal(stage: TickStage, entity: StoredEntity, followers: readonly HeldPlayer[], admit: Admit): ReturnReason | null {
  const { state, maxZoneBytes } = stage;
  const { zone } = state.facts;
  if (!isInside(entity, zone)) return 'too_small';
  const refused = followers.some((held, index) => !admit(zone, viewOf(held), state.players.size + index));
  if (refused) return 'refused';
  const documents = followers.reduce((sum, held) => sum + documentBytes(held.document), 0);
  const bytes = ResidentEntity.bytes(new ResidentEntity(entity, 0)) + documents;
  return state.bytes + bytes > maxZoneBytes ? 'full' : null;
}

function mark(stage: TickStage, { player, run, seq }: QueuedIntent): void {
  if (run === null || seq === null) return;
  stage.putMark(player, (before) => advanceMark(before, run, seq));
}
