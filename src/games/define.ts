/** Says of an object that it is a game, so that its functions are typed where they are written. */
import type { GameModule, JsonObject } from '../../games/contract.js';

/** The game itself. `Data`: what its intents carry once its schemas have let them pass. */
export function defineGame<Data = JsonObject>(game: GameModule<Data>): GameModule<Data> {
  return game;
}
