/** The walking game as a world of its own: one zone, in whose first cell everybody begins. Who walks against its edge stays there. */
import type { GameModule } from '../../../games/contract.js';
import { walkingGame } from '../games.js';

const game: GameModule = {
  ...walkingGame,
  name: 'lane',
  init: async (world) => void (await world.createZone({ name: 'lane', width: 100, height: 1 })),
  place: (_player, [lane]) => lane?.id ?? null,
};

export default game;
