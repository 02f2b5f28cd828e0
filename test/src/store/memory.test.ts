/** The store in memory passes the suite of all stores. */
import { expect } from 'chai';
import { StoreUnavailableError } from '../../../actors/errors.js';
import { MemoryWorld, openMemoryStore } from '../../../src/store/memory/open.js';
import { Bench, type Harness, Surroundings } from './harness.js';
import { storeSuite } from './suite.js';

describe('store in memory, in trouble', () => {
  for (const when of ['before', 'after'] as const) {
    it(`lets a test fail a write ${when} it is done, and does it once when it is repeated`, async () => {
      const world = new MemoryWorld();
      const store = await openMemoryStore({ ...new Surroundings(), world });
      const bench = new Bench(store);
      const zone = await bench.zone('meadow');
      const batch = [bench.tick(zone, { wakeAtMs: 5 })];
      world.fault = (moment) => {
        if (moment === when) throw new StoreUnavailableError('the test says so');
      };

      const error = await store.zones.commit(batch).catch((refusal: unknown) => refusal);
      const healthy = store.healthy();
      world.fault = null;

      expect(error).to.be.instanceOf(StoreUnavailableError);
      expect(healthy).to.equal(false);
      expect(await store.zones.commit(batch)).to.deep.equal([{ type: 'committed', sent: [] }]);
      expect((await bench.restored(zone.id)).journal).to.have.length(1);
      expect(store.healthy()).to.equal(true);
    });
  }
});

storeSuite('memory', memoryHarness, 100);

async function memoryHarness(): Promise<Harness> {
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
}
