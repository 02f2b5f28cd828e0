/** The game as a value, for given rules: which part does what in a tick, and in which order. */
import type { GameModule, Tick, TickResult } from '../contract.js';
import { type Avatar, avatarIn, gather, save, walkOn } from './avatars.js';
import { putOn, takeOff, useWorn } from './belongings.js';
import { passBy } from './bots.js';
import { drop, handOver, hear, pickUp } from './ground.js';
import { type Message, messages } from './messages.js';
import { passMilestone } from './milestones.js';
import type { Rules } from './rules.js';
import { getPlayerState, inSight } from './sight.js';
import { Turn } from './turn.js';
import { admit, furnish, place } from './world.js';

export function frontier(rules: Rules): GameModule<Message> {
  return {
    name: 'frontier',
    border: rules.settings.sightCm,
    init: (world) => furnish(rules, world),
    place: (player, zones) => place(rules, player, zones),
    admit: (zone, player) => admit(rules, zone, player),
    onTick: (tick) => onTick(rules, tick),
    getPlayerState: (view) => getPlayerState(rules, view),
    intents: messages,
    messages,
  };
}

/** What came from other zones goes first, then what players ask for, in their order; then everybody walks. */
function onTick(rules: Rules, tick: Tick<Message>): TickResult {
  const cell = rules.grid.cellOf(tick.zone);
  if (!cell) return {}; // somebody made a zone that is no cell: nothing happens there
  const turn = new Turn(tick, rules, cell);
  const avatars = gather(turn);
  if (tick.returned.length > 0) turn.count('transfers_returned', tick.returned.length);
  // What has come to somebody who sent for it is that one's before others may send for it.
  handOver(turn, avatars);
  for (const effect of tick.effects) hear(turn, effect, avatars);
  for (const { playerId, data } of tick.intents) {
    const avatar = avatars.get(playerId);
    if (avatar) obey(turn, avatar, data);
  }
  for (const avatar of avatars.values()) {
    walkOn(turn, avatar);
    passMilestone(turn, avatar);
  }
  passBy(turn, avatars.size);
  for (const avatar of avatars.values()) save(turn, avatar);
  sample(turn, avatars);
  return turn.result;
}

function obey(turn: Turn, avatar: Avatar, message: Message): void {
  switch (message.type) {
    case 'input':
      avatar.heading = message.intent;
      break;
    case 'equip':
      putOn(turn, avatar, message);
      break;
    case 'unequip':
      takeOff(turn, avatar, message);
      break;
    case 'use':
      useWorn(turn, avatar, message);
      break;
    case 'pick_up':
      pickUp(turn, avatar, message);
      break;
    case 'drop':
      drop(turn, avatar, message);
      break;
    default:
      unreachable(message);
  }
}

/** Once in a second of the world's time: how many look, and how much they see. */
function sample(turn: Turn, avatars: ReadonlyMap<string, Avatar>): void {
  const { tick, rules } = turn;
  if (tick.tickNumber % Math.ceil(1000 / rules.settings.movement.tickMs) !== 0) return;
  for (const { player } of avatars.values()) {
    const avatar = avatarIn(tick.entities, player);
    if (!avatar) continue;
    turn.count('views_sampled');
    turn.count('entities_in_sampled_views', inSight(avatar, tick.entities, tick.border, rules).length);
  }
}

/** Makes the `switch` complete: a message that nobody handles does not compile. */
function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
