/** Loads the games it is given, under the loader that a server runs under, and says in JSON what came of each. */
import { loadGame } from '../../../src/games/load.js';

const outcomes = process.argv.slice(2).map(async (path) => {
  const game = await loadGame(path, { cwd: process.cwd(), gamesDir: 'games' }).catch((error: Error) => error);
  return game instanceof Error ? game.message : game.name;
});
process.stdout.write(JSON.stringify(await Promise.all(outcomes)));
