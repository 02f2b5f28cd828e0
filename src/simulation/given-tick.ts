/**
 * What the game is given of a tick, frozen through and through: `onTick` can keep it, and change nothing by it.
 */
import type { StepRequest } from '../../actors/steps.js';
import type { ReceivedIntent, Tick } from '../../games/contract.js';
import { deepFreeze } from './plain-json.js';
import type { TickStage } from './tick-stage.js';

/** `beside`: what lies beside the zone, frozen already. */
export function tickOf(stage: TickStage, request: StepRequest, beside: Pick<Tick, 'neighbors' | 'border'>): Tick {
  const { state, random } = stage;
  return Object.freeze({
    zone: state.facts.zone,
    entities: state.entitySet,
    intents: Object.freeze(request.intents.map(receivedOf)),
    players: Object.freeze(Array.from(state.players.values(), (player) => player.view)),
    joined: Object.freeze(stage.joined.map((player) => player.view)),
    // One who was elsewhere and is back in this very tick is in `joined` too, and has one document: that of now.
    left: Object.freeze(Array.from(stage.leaving, ([id, { player }]) => (stage.state.players.get(id) ?? player).view)),
    returned: Object.freeze([...stage.returned]),
    effects: Object.freeze([...stage.effects]),
    neighbors: beside.neighbors,
    border: beside.border,
    tickNumber: stage.tick,
    now: stage.nowMs,
    elapsedMs: stage.elapsedMs,
    random: () => random.random(),
    newId: () => random.newId(),
  });
}

function receivedOf({ player: playerId, seq, data, receivedAtMs: receivedAt }: StepRequest['intents'][number]): ReceivedIntent {
  deepFreeze(data);
  return Object.freeze(seq === null ? { playerId, data, receivedAt } : { playerId, data, seq, receivedAt });
}
