/** Breaks the rules in a way that no single process can see: what it makes depends on which process it is. */
import type { GameModule } from '../../../games/contract.js';

const game: GameModule = {
  name: 'remembering',
  async init(world) {
    await world.createZone({ name: 'hall', width: 8, height: 8 });
  },
  onTick: () => ({ extras: { host: { process: process.pid } } }),
  place: (_player, zones) => zones[0]?.id ?? null,
};
export default game;
