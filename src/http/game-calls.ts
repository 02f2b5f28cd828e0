/**
 * What the routes of a game may ask of the world, as it reaches the world's door: ids are parsed here, and an intent is
 * checked as one from a socket is.
 */
import { IntentRefusedError, UnknownZoneError } from '../../actors/errors.js';
import type { GameDoor } from '../../actors/game-door.js';
import { type PlayerId, parseUuid, type ZoneId } from '../../actors/ids.js';
import type { JsonObject } from '../../games/contract.js';
import type { GameChecks } from '../ws/checks.js';
import type { GameCalls } from './game-routes.js';

/** `ask`: of the door, where what follows is not the game's any more. */
export function gameCalls(ask: <Answer>(call: (door: GameDoor) => Answer) => Answer, checks: GameChecks): GameCalls {
  const zoneOf = (zoneId: string) => parseUuid<ZoneId>(zoneId);
  // Ids of players come from the session that the route was called with.
  const asPlayer = (player: { id: string; username: string }) => ({ id: player.id as PlayerId, username: player.username });
  return {
    async view(zoneId: string, player: { id: string; username: string }): Promise<object> {
      const zone = zoneOf(zoneId);
      const view = zone && (await ask((door) => door.view(zone, asPlayer(player))));
      if (!view) throw new UnknownZoneError(`there is no zone ${zoneId}`);
      return view;
    },
    async intent(zoneId: string, player: { id: string; username: string }, data: object): Promise<'applied' | 'dropped'> {
      const zone = zoneOf(zoneId);
      const plain: JsonObject = JSON.parse(JSON.stringify(data));
      const checked = checks.checkIntent(plain);
      if (!checked.ok) throw new IntentRefusedError(checked.message);
      // As a socket's is: with the defaults of its schema, which the rules count on.
      return zone ? ask((door) => door.intent(zone, asPlayer(player), checked.data)) : 'dropped';
    },
  };
}
