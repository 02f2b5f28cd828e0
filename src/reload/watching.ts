/**
 * Takes up each version of a game as its files are saved: compiled, offered, and tried by `live-game.ts`.
 */
import type { Log } from '../../actors/telemetry.js';
import type { GameSource } from './game-source.js';
import type { LiveGame } from './live-game.js';

/** The answer ends it. */
export function watchGame<Game>(source: GameSource, live: LiveGame<Game>, log: Log): () => Promise<void> {
  const offer = async () => {
    try {
      await live.offer(await source.build());
    } catch (error) {
      live.refuse(error);
    }
  };
  const unwatch = source.watch(
    () => void offer(),
    (error) => log.error({ err: error }, "the game's files cannot be watched any more"),
  );
  return async () => {
    unwatch();
    live.stop();
    await source.clean();
  };
}
