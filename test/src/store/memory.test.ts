/** The store in memory passes the suite of all stores. */
import { MemoryWorld, openMemoryStore } from '../../../src/store/memory/open.js';
import { type Harness, Surroundings } from './harness.js';
import { storeSuite } from './suite.js';

storeSuite('memory', async (): Promise<Harness> => {
  const world = new MemoryWorld();
  const surroundings = new Surroundings();
  return {
    open: () => openMemoryStore({ ...surroundings, world }),
    kill: async () => {
      world.owner = null;
    },
    takeOver: async () => {
      if (world.world) world.world = { ...world.world, epoch: world.world.epoch + 1 };
    },
    dispose: async () => {},
  };
});
