/** Zones laid side by side, and what a claim and a look read of them. */
import { expect } from 'chai';
import { newUuid, type ZoneId } from '../../../../actors/ids.js';
import { emptyCommit, journalRow } from '../harness.js';
import type { Fixture } from '../suite.js';

export function linkCases(fixture: Fixture): void {
  describe('links between zones', () => {
    it('lie in both directions, over a kill, and are told with the claim in their order', async () => {
      const { bench, store } = fixture;
      const [home, east, north] = [await bench.zone('home', 30), await bench.zone('east', 20), await bench.zone('north', 10)];
      await store.catalog.connect({ zone: home.id, neighbor: east.id, dx: 30, dy: 5 });
      await store.catalog.connect({ zone: home.id, neighbor: north.id, dx: 0, dy: -10 });

      await fixture.reopen();

      const beside = { home: await fixture.bench.restored(home.id), east: await fixture.bench.restored(east.id) };
      expect(beside.home.neighbors).to.deep.equal([
        { id: north.id, name: 'north', width: 10, height: 10, dx: 0, dy: -10 },
        { id: east.id, name: 'east', width: 20, height: 20, dx: 30, dy: 5 },
      ]);
      expect(beside.east.neighbors).to.deep.equal([{ id: home.id, name: 'home', width: 30, height: 30, dx: -30, dy: -5 }]);
      expect(sorted(await fixture.store.catalog.links())).to.deep.equal(
        sorted([
          { zone: home.id, neighbor: east.id, dx: 30, dy: 5 },
          { zone: east.id, neighbor: home.id, dx: -30, dy: -5 },
          { zone: home.id, neighbor: north.id, dx: 0, dy: -10 },
          { zone: north.id, neighbor: home.id, dx: 0, dy: 10 },
        ]),
      );
    });

    it('are moved by another connection of the two, from either side, and are no more by the same', async () => {
      const { bench, store } = fixture;
      const [home, east] = [await bench.zone('home'), await bench.zone('east')];
      await store.catalog.connect({ zone: home.id, neighbor: east.id, dx: 30, dy: 5 });
      await store.catalog.connect({ zone: home.id, neighbor: east.id, dx: 30, dy: 5 });
      await store.catalog.connect({ zone: east.id, neighbor: home.id, dx: -40, dy: 0 });

      expect(sorted(await store.catalog.links())).to.deep.equal(
        sorted([
          { zone: home.id, neighbor: east.id, dx: 40, dy: 0 },
          { zone: east.id, neighbor: home.id, dx: -40, dy: 0 },
        ]),
      );
    });

    it('go with either of the zones, and leave the others', async () => {
      const { bench, store } = fixture;
      const [west, home, east] = [await bench.zone('west'), await bench.zone('home'), await bench.zone('east')];
      await store.catalog.connect({ zone: west.id, neighbor: home.id, dx: 100, dy: 0 });
      await store.catalog.connect({ zone: home.id, neighbor: east.id, dx: 100, dy: 0 });

      await store.catalog.remove(east.id, []);

      expect((await bench.restored(home.id)).neighbors.map(({ name }) => name)).to.deep.equal(['west']);
      expect(await store.catalog.links()).to.have.lengthOf(2);
    });

    it('make a claim tell what the zone sent and nobody has taken yet', async () => {
      const { bench, store } = fixture;
      const [home, east] = [await bench.zone('home'), await bench.zone('east')];
      const [taken, waiting] = [await bench.send(home, east.id), await bench.send(home, east.id)];
      expect((await bench.restored(home.id)).departed, 'without a zone beside it').to.deep.equal([]);
      await store.catalog.connect({ zone: home.id, neighbor: east.id, dx: 100, dy: 0 });
      await bench.commit({ ...bench.tick(east), takes: [taken.id] });

      const { departed } = await bench.restored(home.id);

      expect(departed.map(({ id, to }) => [id, to])).to.deep.equal([[waiting.id, east.id]]);
    });
  });

  describe('looking at a zone', () => {
    it('reads what a claim reads, and takes nothing over', async () => {
      const { bench, store } = fixture;
      const [home, east] = [await bench.zone('home'), await bench.zone('east')];
      await store.catalog.connect({ zone: home.id, neighbor: east.id, dx: 100, dy: 0 });
      await bench.commit({ ...emptyCommit(home), rows: [journalRow(bench.nextTick())] });
      await bench.send(east, home.id);

      const looked = await store.zones.look(home.id);
      await bench.commit(bench.tick(home));
      const { epoch, ...claimed } = await bench.restored(home.id);

      expect(looked?.epoch).to.equal(home.epoch);
      expect(epoch).to.equal(home.epoch + 1);
      const { epoch: _, journal = [], ...rest } = looked ?? {};
      expect({ ...rest, journal: journal.map(({ tick }) => tick) }).to.deep.equal({
        ...claimed,
        journal: claimed.journal.slice(0, -1).map(({ tick }) => tick),
      });
      expect(await store.zones.look(newUuid<ZoneId>())).to.equal(null);
    });
  });
}

function sorted<Item>(items: readonly Item[]): readonly Item[] {
  return [...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
