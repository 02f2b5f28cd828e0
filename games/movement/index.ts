/**
 * The movement game: walkers in four zones joined by gates, with things to pick up and a few animals.
 * It is the example of how a game is written: read this file first, then the others in the order in
 * which `onTick` calls them. docs/making-a-game.md builds a smaller one step by step.
 */
import type { GameModule, GameRoutes, Tick, TickResult } from '../contract.js';
import { roam } from './animals.js';
import { explainReturns } from './gates.js';
import { type Intent, intents } from './intents.js';
import { drop, pickUp, ripen } from './items.js';
import { type Refusal, refuse } from './refusals.js';
import { Turn } from './turn.js';
import { getPlayerState } from './vision.js';
import { gather, save, say, step, type Walker } from './walkers.js';
import { furnish, place } from './world.js';

const movement: GameModule<Intent> = { name: 'movement', init: furnish, place, onTick, getPlayerState, intents, routes };
export default movement;

/** One tick of one zone. Who comes first in the list of intents gets what two of them want. */
function onTick(tick: Tick<Intent>): TickResult {
  const turn = new Turn(tick);
  const walkers = gather(turn);
  explainReturns(turn);
  for (const intent of tick.intents) {
    const refusal = obey(turn, walkers.get(intent.playerId), intent.data);
    if (refusal) refuse(turn, intent, refusal);
  }
  roam(turn);
  ripen(turn);
  for (const walker of walkers.values()) save(turn, walker);
  return turn.result;
}

/** null: it is done. */
function obey(turn: Turn, walker: Walker | undefined, intent: Intent): Refusal | null {
  if (!walker) return 'no_walker';
  if (!walker.here) return 'gone';
  switch (intent.type) {
    case 'move':
      return step(turn, walker, intent.dx, intent.dy);
    case 'pick_up':
      return pickUp(turn, walker);
    case 'drop':
      return drop(turn, walker, intent.item);
    case 'say':
      return say(turn, walker, intent.text);
    default:
      return unreachable(intent);
  }
}

/** `GET /v1/look/:zoneId`: what the caller sees of that zone, for those who poll instead of subscribing. */
function routes(api: GameRoutes): void {
  api.get('/look/:zoneId', ({ player, params }) => (player && params.zoneId ? api.view(params.zoneId, player) : null));
}

/** Makes the `switch` complete: an intent that nobody handles does not compile. */
function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
