/** What is kept behind checkpoints, so that ticks can be played again. */
import { expect } from 'chai';
import { newUuid } from '../../../../actors/ids.js';
import { checkpoint, emptyCommit, journalRow } from '../harness.js';
import type { Fixture } from '../suite.js';

const ALL = Number.MAX_SAFE_INTEGER;

export function historyCases(fixture: Fixture): void {
  describe('history', () => {
    it('has the newest checkpoint that is not above a tick, standing or replaced, over a kill too', async () => {
      const zone = await fixture.bench.zone('old');
      for (const tick of [10, 20, 30]) await fixture.store.zones.checkpoint([checkpoint(zone, tick)]);

      await fixture.reopen();

      const bases = await Promise.all([9, 10, 19, 25, 99].map((tick) => fixture.store.history.base(zone.id, tick)));
      expect(bases.map((base) => base && [base.tick, Buffer.from(base.body).toString()])).to.deep.equal([
        null,
        [10, 'state at 10'],
        [10, 'state at 10'],
        [20, 'state at 20'],
        [30, 'state at 30'],
      ]);
    });

    it('keeps nothing of a checkpoint that was not the older one', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('late');
      await store.zones.checkpoint([checkpoint(zone, 20)]);

      await store.zones.checkpoint([checkpoint(zone, 10)]);
      await store.zones.checkpoint([checkpoint(zone, 20)]);

      expect(await store.history.base(zone.id, 19)).to.equal(null);
    });

    it('has the rows between two ticks with what went in, so many at a time', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('busy');
      await bench.commit({ ...emptyCommit(zone), rows: [1, 2, 5, 9].map((tick) => journalRow(tick)) });

      const rows = await store.history.rows(zone.id, 1, 9, 2);

      expect(rows.map(({ tick, inputs, body }) => [tick, inputs, Buffer.from(body).toString()])).to.deep.equal([
        [2, '{"tick":2}', 'result of 2'],
        [5, '{"tick":5}', 'result of 5'],
      ]);
      expect(await store.history.rows(zone.id, 2, 8, 10)).to.have.length(1);
    });

    it('knows the newest row, and the number that it has for a player', async () => {
      const { bench, store } = fixture;
      const [busy, quiet] = [await bench.zone('busy'), await bench.zone('quiet')];
      await bench.commit({ ...emptyCommit(busy), rows: [3, 7].map((tick) => journalRow(tick)) });
      const ann = await bench.player();

      expect(await Promise.all([busy, quiet].map(({ id }) => store.history.newest(id)))).to.deep.equal([7, null]);
      expect(await store.history.playerNumber(ann.id)).to.equal(ann.number);
      expect(await store.history.playerNumber(newUuid())).to.equal(null);
    });

    it('finds its zone by name and by id', async () => {
      const { bench, store } = fixture;
      const { id } = await bench.zone('old');

      const found = await Promise.all(['old', id, 'new', newUuid()].map((name) => store.history.zone(name)));

      expect(found.map((zone) => zone?.id)).to.deep.equal([id, id, undefined, undefined]);
    });

    it('reaches from the oldest checkpoint to the newest row', async () => {
      const { bench, store } = fixture;
      const [zone, young] = [await bench.zone('old'), await bench.zone('young')];
      for (const tick of [3, 6]) await store.zones.checkpoint([checkpoint(zone, tick)]);
      await bench.commit({ ...emptyCommit(zone), rows: [4, 7].map((tick) => journalRow(tick)) });
      await bench.commit({ ...emptyCommit(young), rows: [journalRow(1)] });

      expect(await store.history.range(zone.id)).to.deep.equal({ after: 3, upTo: 7 });
      expect(await store.history.range(young.id)).to.equal(null);
    });

    it('goes with the rows behind it: what nothing can be played from any more is not kept', async () => {
      const { bench, store } = fixture;
      const [zone, other] = [await bench.zone('old'), await bench.zone('other')];
      await store.zones.checkpoint([checkpoint(zone, 10), checkpoint(other, 10)]);
      await bench.commit({ ...emptyCommit(zone, 1_000), rows: [journalRow(15)] });
      await bench.commit({ ...emptyCommit(zone, 5_000), rows: [journalRow(25)] });
      await store.zones.checkpoint([checkpoint(zone, 20), checkpoint(other, 20)]);
      await store.zones.checkpoint([checkpoint(zone, 30)]);

      await store.world.trimJournal(5_000, 2_000, ALL);

      expect([(await store.history.base(zone.id, 19))?.tick, (await store.history.base(zone.id, 29))?.tick]).to.deep.equal([
        undefined,
        20,
      ]);
      expect((await store.history.base(other.id, 19))?.tick).to.equal(10);
    });

    it('counts against the bytes that may stand', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('heavy');
      await store.zones.checkpoint([checkpoint(zone, 1, { body: Buffer.alloc(10_000) })]);
      await bench.commit({ ...emptyCommit(zone, 1_000), rows: [journalRow(2)] });
      await store.zones.checkpoint([checkpoint(zone, 3)]);

      await store.world.trimJournal(1_000, 60_000, 5_000);

      expect(await store.history.rows(zone.id, 0, ALL, 10)).to.deep.equal([]);
      expect(await store.history.base(zone.id, 2)).to.equal(null);
    });

    it('goes from its oldest on, and no further than it must', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('heavy');
      for (let tick = 1; tick <= 20; tick += 2) {
        await store.zones.checkpoint([checkpoint(zone, tick, { body: Buffer.alloc(1_000) })]);
        await bench.commit({ ...emptyCommit(zone, 1_000), rows: [journalRow(tick + 1)] });
      }
      await store.zones.checkpoint([checkpoint(zone, 21)]);

      await store.world.trimJournal(1_000, 60_000, 5_500);

      expect((await store.history.rows(zone.id, 0, ALL, 20)).map(({ tick }) => tick)).to.deep.equal([12, 14, 16, 18, 20]);
      expect(await store.history.range(zone.id)).to.deep.equal({ after: 11, upTo: 20 });
    });

    it('goes with its zone', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('gone');
      for (const tick of [1, 2]) await store.zones.checkpoint([checkpoint(zone, tick)]);

      await store.catalog.remove(zone.id, []);

      expect(await store.history.base(zone.id, 5)).to.equal(null);
    });
  });
}
