/** What cannot arrive comes back, with its players, and nothing is lost on the way. */
import { expect } from 'chai';
import { newUuid, type ZoneId } from '../../../../actors/ids.js';
import { arrival, type ClaimedZone, effectOn, emptyCommit, entity, returnOf, SOME_MARK, tickOf } from '../harness.js';
import type { Fixture } from '../suite.js';

export function returnCases(fixture: Fixture): void {
  describe('a send that cannot arrive', () => {
    it('is addressed back at once where the target is gone, with its followers', async () => {
      const { bench, store } = fixture;
      const from = await bench.zone('from');
      const player = await bench.playerIn(from);
      const nowhere = newUuid<ZoneId>();

      const row = await bench.send(from, nowhere, [player]);

      expect([row.to, row.from, row.kind, row.reason]).to.deep.equal([from.id, nowhere, 'returned', 'gone']);
      const place = await store.places.place(player.id);
      expect([place.holder, place.zone, place.stay]).to.deep.equal([from.id, from.id, player.stay + 1]);
      expect(await bench.inbox(from.id)).to.deep.equal([row]);
    });

    it('is addressed back where the target is quarantined, until that is claimed again', async () => {
      const { bench, store } = fixture;
      const [from, sick] = [await bench.zone('from'), await bench.zone('sick')];
      await store.zones.quarantine(sick.id, sick.epoch);

      const back = await bench.send(from, sick.id);
      await bench.claim(sick.id);
      const through = await bench.send(from, sick.id);

      expect([back.to, back.reason]).to.deep.equal([from.id, 'quarantined']);
      expect([through.to, through.reason]).to.deep.equal([sick.id, null]);
    });

    for (const [what, shape] of [
      ['beyond its border', { x: 10 }],
      ['half over its border', { x: 9, width: 2 }],
      ['without a size, on the line behind the last cell', { y: 10, width: 0, height: 0 }],
    ] as const) {
      it(`is addressed back where the target is too small: ${what}`, async () => {
        const { bench } = fixture;
        const [from, small] = [await bench.zone('from'), await bench.zone('small', 10)];
        const commit = bench.tick(from);

        const [row] = await bench.commit({ ...commit, sends: [arrival(small.id, tickOf(commit), [], entity(shape))] });

        expect([row?.to, row?.reason]).to.deep.equal([from.id, 'too_small']);
      });
    }

    it('is an effect too, which has no size to be refused for', async () => {
      const { bench, store } = fixture;
      const [from, small, sick] = [await bench.zone('from'), await bench.zone('small', 1), await bench.zone('sick')];
      await store.zones.quarantine(sick.id, sick.epoch);
      const commit = bench.tick(from);
      const sends = [small.id, sick.id, newUuid<ZoneId>()].map((to) => effectOn(to, tickOf(commit)));

      const rows = await bench.commit({ ...commit, sends });

      expect(rows.map(({ to, kind, reason }) => [to, kind, reason])).to.deep.equal([
        [small.id, 'arrival', null],
        [from.id, 'returned', 'quarantined'],
        [from.id, 'returned', 'gone'],
      ]);
      expect((await bench.inbox(small.id)).map(({ parcel }) => parcel)).to.deep.equal([{ effect: { hits: 3 }, followers: [] }]);
      await store.catalog.remove(small.id, []);
      expect((await bench.inbox(from.id)).map(({ reason }) => reason)).to.deep.equal(['gone', 'quarantined', 'gone']);
    });

    it('fits where it touches the border from inside', async () => {
      const { bench } = fixture;
      const [from, small] = [await bench.zone('from'), await bench.zone('small', 10)];
      const commit = bench.tick(from);

      const [row] = await bench.commit({
        ...commit,
        sends: [arrival(small.id, tickOf(commit), [], entity({ x: 8, y: 9, width: 2 }))],
      });

      expect(row?.to).to.equal(small.id);
    });
  });

  describe('a row that the target sends back', () => {
    it('is never refused: not by a quarantine, not by a size', async () => {
      const { bench, store } = fixture;
      const [from, to] = [await bench.zone('from', 2), await bench.zone('to')];
      const player = await bench.playerIn(from);
      const row = await bench.send(from, to.id, [player]);
      await store.zones.quarantine(from.id, from.epoch);
      const commit = bench.tick(to, { takes: [row.id] });

      const [back] = await bench.commit({ ...commit, sends: [returnOf(row, tickOf(commit))] });

      expect([back?.to, back?.from, back?.kind, back?.reason]).to.deep.equal([from.id, to.id, 'returned', 'full']);
      expect(back?.followers).to.deep.equal([{ player: player.id, stay: player.stay + 2 }]);
      expect(await bench.inbox(from.id)).to.deep.equal([back]);
    });

    it('goes with its entity where the source is gone, and its players get their place back', async () => {
      const { bench, store } = fixture;
      const [from, to] = [await bench.zone('from'), await bench.zone('to')];
      const player = await bench.playerIn(from);
      const row = await bench.send(from, to.id, [player]);
      await store.catalog.remove(from.id, []);
      const commit = bench.tick(to, { takes: [row.id] });

      const sent = await bench.commit({ ...commit, sends: [returnOf(row, tickOf(commit))] });

      expect(sent).to.deep.equal([]);
      const { holder, zone, document, mark, stay } = await store.places.place(player.id);
      expect({ holder, zone, document, mark, stay }).to.deep.equal({
        holder: null,
        zone: null,
        document: { gold: 7 },
        mark: SOME_MARK,
        stay: player.stay + 2,
      });
    });
  });

  describe('turning rows round', () => {
    it('sends what waits for a quarantined zone back in place, with the players who are still there', async () => {
      const { bench, store } = fixture;
      const [from, sick] = [await bench.zone('from'), await bench.zone('sick')];
      const [stays, moves] = [await bench.playerIn(from), await bench.playerIn(from)];
      const row = await bench.send(from, sick.id, [stays, moves]);
      const left = { type: 'left', player: moves.id, stay: moves.stay + 1, document: null, mark: SOME_MARK } as const;
      await bench.commit({ ...emptyCommit(sick), places: [left] });

      const turned = await store.zones.quarantine(sick.id, sick.epoch);

      const followers = [{ player: stays.id, stay: stays.stay + 2 }];
      expect(turned).to.deep.equal([{ ...row, to: from.id, from: sick.id, kind: 'returned', reason: 'quarantined', followers }]);
      expect(await bench.inbox(from.id)).to.deep.equal(turned);
      expect((await store.places.place(stays.id)).holder).to.equal(from.id);
      expect((await store.places.place(moves.id)).holder).to.equal(null);
    });

    it('answers the same when a quarantine or a deletion comes again', async () => {
      const { bench, store } = fixture;
      const [from, sick, doomed] = [await bench.zone('from'), await bench.zone('sick'), await bench.zone('doomed')];
      for (const target of [sick, doomed]) await bench.send(from, target.id);

      const quarantines = [await store.zones.quarantine(sick.id, sick.epoch), await store.zones.quarantine(sick.id, sick.epoch)];
      const deletions = [await store.catalog.remove(doomed.id, []), await store.catalog.remove(doomed.id, [])];

      for (const [first, second] of [quarantines, deletions]) expect(second).to.have.length(1).and.to.deep.equal(first);
      expect(await bench.inbox(from.id)).to.have.length(2);
    });

    it('never turns a row that came back already', async () => {
      const { bench, store } = fixture;
      const [from, gone] = [await bench.zone('from'), newUuid<ZoneId>()];
      const row = await bench.send(from, gone);

      const byQuarantine = await store.zones.quarantine(from.id, from.epoch);
      await store.zones.turnRound(from.id, from.epoch, [row.id], 'failed');

      expect(byQuarantine).to.deep.equal([]);
      expect(await bench.inbox(from.id)).to.deep.equal([row]);
    });

    it('turns only the rows that are named, and answers the same when it is asked again', async () => {
      const { bench, store } = fixture;
      const [from, to] = [await bench.zone('from'), await bench.zone('to')];
      const [bad, good] = [await bench.send(from, to.id), await bench.send(from, to.id)];

      const turned = await store.zones.turnRound(to.id, to.epoch, [bad.id], 'failed');
      const again = await store.zones.turnRound(to.id, to.epoch, [bad.id], 'failed');

      expect(turned.map(({ id, to: at, reason }) => [id, at, reason])).to.deep.equal([[bad.id, from.id, 'failed']]);
      expect(again).to.deep.equal(turned);
      expect(await bench.inbox(to.id)).to.deep.equal([good]);
    });

    it('does nothing for an incarnation that is over', async () => {
      const { bench, store } = fixture;
      const [from, to] = [await bench.zone('from'), await bench.zone('to')];
      const row = await bench.send(from, to.id);
      await bench.claim(to.id);

      const quarantined = await store.zones.quarantine(to.id, to.epoch);
      const turned = await store.zones.turnRound(to.id, to.epoch, [row.id], 'failed');

      expect([quarantined, turned]).to.deep.equal([[], []]);
      expect(await bench.inbox(to.id)).to.deep.equal([row]);
    });

    it('drops an arrival whose source is gone too, and frees its players', async () => {
      const { bench, store } = fixture;
      const [from, sick] = [await bench.zone('from'), await bench.zone('sick')];
      const player = await bench.playerIn(from);
      await bench.send(from, sick.id, [player]);
      await store.catalog.remove(from.id, []);

      const turned = await store.zones.quarantine(sick.id, sick.epoch);

      expect(turned).to.deep.equal([]);
      expect(await bench.inbox(sick.id)).to.deep.equal([]);
      expect((await store.places.place(player.id)).holder).to.equal(null);
    });
  });

  describe('deleting a zone', () => {
    it('takes its rows along, lets its players go, and turns round what waits', async () => {
      const { bench, store } = fixture;
      const [from, doomed] = [await bench.zone('from'), await bench.zone('doomed')];
      const [inside, coming] = [await bench.playerIn(doomed), await bench.playerIn(from)];
      const row = await bench.send(from, doomed.id, [coming]);
      await checkpointed(fixture, doomed);

      const left = { type: 'left', player: inside.id, stay: inside.stay, document: { gold: 3 }, mark: SOME_MARK } as const;
      const turned = await store.catalog.remove(doomed.id, [left]);

      expect(turned.map(({ id, to, kind, reason }) => [id, to, kind, reason])).to.deep.equal([
        [row.id, from.id, 'returned', 'gone'],
      ]);
      expect((await store.places.place(coming.id)).holder).to.equal(from.id);
      const { holder, zone, document } = await store.places.place(inside.id);
      expect({ holder, zone, document }).to.deep.equal({ holder: null, zone: null, document: { gold: 3 } });
      expect(await store.zones.claim(doomed.id)).to.equal(null);
      expect(await store.catalog.entities(doomed.id)).to.deep.equal([]);
      expect((await store.catalog.list()).map(({ name }) => name)).to.deep.equal(['from']);
    });

    it('takes what came back to it along, and gives the players their place', async () => {
      const { bench, store } = fixture;
      const doomed = await bench.zone('doomed');
      const player = await bench.playerIn(doomed);
      await bench.send(doomed, newUuid<ZoneId>(), [player]);

      const turned = await store.catalog.remove(doomed.id, []);

      expect(turned).to.deep.equal([]);
      const { holder, document, mark } = await store.places.place(player.id);
      expect({ holder, document, mark }).to.deep.equal({ holder: null, document: { gold: 7 }, mark: SOME_MARK });
    });

    it('leaves no player behind in a zone that is gone', async () => {
      const { bench, store } = fixture;
      const doomed = await bench.zone('doomed');
      const forgotten = await bench.playerIn(doomed);

      await store.catalog.remove(doomed.id, []);

      expect((await store.places.place(forgotten.id)).holder).to.equal(null);
    });

    it('believes nothing of a player who went on', async () => {
      const { bench, store } = fixture;
      const [doomed, next] = [await bench.zone('doomed'), await bench.zone('next')];
      const player = await bench.playerIn(doomed);
      await bench.send(doomed, next.id, [player]);

      await store.catalog.remove(doomed.id, [
        { type: 'left', player: player.id, stay: player.stay, document: null, mark: SOME_MARK },
      ]);

      expect((await store.places.place(player.id)).holder).to.equal(next.id);
    });

    it('is nothing for a zone that is not there', async () => {
      expect(await fixture.store.catalog.remove(newUuid<ZoneId>(), [])).to.deep.equal([]);
    });
  });
}

async function checkpointed({ bench, store }: Fixture, zone: ClaimedZone): Promise<void> {
  const body = Buffer.from('state');
  await store.zones.checkpoint([
    { zone: zone.id, epoch: zone.epoch, tick: bench.nextTick(), body, changed: [entity(), entity()], gone: [], live: true },
  ]);
}
