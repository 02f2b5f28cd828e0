/** Commits: whole or not at all, each zone for itself, and safe to repeat. */
import { expect } from 'chai';
import { newUuid, type PlayerId } from '../../../../actors/ids.js';
import { entityParcel } from '../../../support/parcels.js';
import { arrival, effectOn, emptyCommit, journalRow, NO_MARK, SOME_MARK, tickOf } from '../harness.js';
import type { Fixture } from '../suite.js';

const COMMITTED = { type: 'committed', sent: [] };

export function commitCases(fixture: Fixture): void {
  describe('commit', () => {
    it('gives its rows back to the next claim, in order and byte for byte, over a kill', async () => {
      const zone = await fixture.bench.zone('meadow');
      await fixture.bench.commit({ ...emptyCommit(zone), rows: [journalRow(1, 'one'), journalRow(2, '')] });
      await fixture.bench.commit({ ...emptyCommit(zone), rows: [{ ...journalRow(7), body: Uint8Array.from([0, 255, 0]) }] });

      await fixture.reopen();
      const { journal, epoch } = await fixture.bench.restored(zone.id);

      expect(journal.map(({ tick, body }) => [tick, [...body]])).to.deep.equal([
        [1, [...Buffer.from('one')]],
        [2, []],
        [7, [0, 255, 0]],
      ]);
      expect(epoch).to.be.above(zone.epoch);
    });

    it('refuses a zone whose epoch moved on, and writes the others of the batch', async () => {
      const { bench, store } = fixture;
      const [old, other] = [await bench.zone('old'), await bench.zone('other')];
      await bench.claim(old.id);

      const plain = await store.zones.commit([bench.tick(old), bench.tick(other)]);
      const crossing = await store.zones.commit([bench.tick(old, { wakeAtMs: 5 }), bench.tick(other, { wakeAtMs: 5 })]);

      expect(plain).to.deep.equal([{ type: 'refused', reason: 'epoch' }, COMMITTED]);
      expect(crossing).to.deep.equal([{ type: 'refused', reason: 'epoch' }, COMMITTED]);
      expect((await bench.restored(old.id)).journal).to.deep.equal([]);
      expect((await bench.restored(other.id)).journal).to.have.length(2);
    });

    it('writes wishes of many zones together, and those of a batch that comes twice once', async () => {
      const { bench, store } = fixture;
      const [early, late, cleared, plain] = [
        await bench.zone('a'),
        await bench.zone('b'),
        await bench.zone('c'),
        await bench.zone('d'),
      ];
      await bench.commit(bench.tick(cleared, { wakeAtMs: 1 }));
      const batch = [
        bench.tick(early, { wakeAtMs: 10 }),
        bench.tick(late, { wakeAtMs: 20 }),
        bench.tick(cleared, { wakeAtMs: null }),
        bench.tick(plain),
      ];

      expect(await store.zones.commit(batch)).to.deep.equal([COMMITTED, COMMITTED, COMMITTED, COMMITTED]);
      expect([await store.catalog.nextWake(0), await store.catalog.nextWake(10)]).to.deep.equal([10, 20]);
      await bench.commit(bench.tick(late, { wakeAtMs: null }));
      expect(await store.zones.commit(batch)).to.deep.equal([COMMITTED, COMMITTED, COMMITTED, COMMITTED]);
      expect(await store.catalog.nextWake(10), 'an old wish does not come back').to.equal(null);
    });

    it('refuses a zone that is gone', async () => {
      const zone = await fixture.bench.zone('gone');
      await fixture.store.catalog.remove(zone.id, []);

      const outcomes = await fixture.store.zones.commit([fixture.bench.tick(zone)]);

      expect(outcomes).to.deep.equal([{ type: 'refused', reason: 'epoch' }]);
    });

    it('answers nothing to an empty batch', async () => {
      expect(await fixture.store.zones.commit([])).to.deep.equal([]);
    });

    it('is done once when a plain batch comes twice', async () => {
      const { bench, store } = fixture;
      const batch = [bench.tick(await bench.zone('a')), bench.tick(await bench.zone('b'))];

      await store.zones.commit(batch);
      const again = await store.zones.commit(batch);

      expect(again).to.deep.equal([COMMITTED, COMMITTED]);
    });

    it('is done once when a batch with everything comes twice, and reads back what it sent', async () => {
      const { bench, store } = fixture;
      const [from, to] = [await bench.zone('from'), await bench.zone('to')];
      const [gone, follower, newcomer] = [await bench.playerIn(from), await bench.playerIn(from), await bench.player()];
      const row = await bench.send(to, from.id);
      const commit = bench.tick(from, {
        takes: [row.id],
        places: [
          { type: 'left', player: gone.id, stay: gone.stay, document: { gold: 1 }, mark: SOME_MARK },
          { type: 'joined', player: newcomer.id, stay: newcomer.stay },
        ],
        metadata: { weather: 'rain' },
        wakeAtMs: 77,
      });
      const batch = [{ ...commit, sends: [arrival(to.id, tickOf(commit)), arrival(to.id, tickOf(commit), [follower])] }];

      const first = await store.zones.commit(batch);
      const second = await store.zones.commit(batch);

      expect(second).to.deep.equal(first);
      expect(await bench.inbox(to.id)).to.have.length(2);
    });

    it('writes many zones that cross together, and answers each with what it sent', async () => {
      const { bench, store } = fixture;
      const zones = [await bench.zone('a'), await bench.zone('b'), await bench.zone('c'), await bench.zone('d')] as const;
      const players = await Promise.all(zones.map((zone) => bench.playerIn(zone)));
      const onTheirWay = await Promise.all(zones.map((zone, i) => bench.send(zones[(i + 3) % 4] ?? zone, zone.id)));
      const nextOf = (i: number) => zones[(i + 1) % 4] ?? zones[0];
      const batch = zones.map((zone, i) => {
        const commit = bench.tick(zone, { takes: [onTheirWay[i]?.id ?? 0], wakeAtMs: 100 + i, metadata: { i } });
        const follower = players[i];
        const sends = [arrival(nextOf(i).id, tickOf(commit), follower ? [follower] : []), effectOn(nextOf(i).id, tickOf(commit))];
        return { ...commit, sends };
      });

      const outcomes = await store.zones.commit(batch);
      const again = await store.zones.commit(batch);

      expect(again).to.deep.equal(outcomes);
      for (const [i, outcome] of outcomes.entries()) {
        const sent = outcome.type === 'committed' ? outcome.sent : [];
        expect(sent.map(({ from, to }) => [from, to])).to.deep.equal(new Array(2).fill([zones[i]?.id, nextOf(i).id]));
        expect(sent.map(({ parcel }) => 'entity' in parcel)).to.deep.equal([true, false]);
        expect(sent[0]?.followers.map(({ player }) => player)).to.deep.equal([players[i]?.id]);
        expect(await bench.inbox(nextOf(i).id)).to.deep.equal(sent);
        const restored = await bench.restored(nextOf(i).id);
        expect([restored.wakeAtMs, restored.info.metadata]).to.deep.equal([100 + ((i + 1) % 4), { i: (i + 1) % 4 }]);
      }
    });

    it('takes only the one out of many zones that cross that finds something else than it should', async () => {
      const { bench, store } = fixture;
      const zones = [await bench.zone('a'), await bench.zone('b'), await bench.zone('c'), await bench.zone('d')] as const;
      const rows = await Promise.all(zones.map((zone) => bench.send(zones[3], zone.id)));
      const player = await bench.playerIn(zones[1]);
      await bench.commit(bench.tick(zones[0], { takes: [rows[0]?.id ?? 0] }));
      const left = { type: 'left', player: player.id, stay: player.stay + 5, document: null, mark: player.mark } as const;
      const batch = zones.map((zone, i) => {
        const commit = bench.tick(zone, { takes: [rows[i]?.id ?? 0], ...(i === 1 && { places: [left] }) });
        return { ...commit, sends: [arrival(zones[2].id, tickOf(commit))] };
      });

      const outcomes = await store.zones.commit(batch);

      const conflict = { type: 'refused', reason: 'conflict' };
      expect(outcomes.slice(0, 2)).to.deep.equal([conflict, conflict]);
      expect(outcomes.slice(2).map(({ type }) => type)).to.deep.equal(['committed', 'committed']);
      expect((await bench.inbox(zones[2].id)).map(({ from }) => from)).to.deep.equal([zones[2].id, zones[3].id]);
      expect(await bench.inbox(zones[1].id), 'nothing of it was done').to.deep.equal([rows[1]]);
    });

    it('is found again although a later incarnation owns the zone', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('meadow');
      const batch = [bench.tick(zone, { wakeAtMs: 5 })];
      await store.zones.commit(batch);
      await bench.claim(zone.id);

      expect(await store.zones.commit(batch)).to.deep.equal([COMMITTED]);
    });

    it('fails a zone alone whose tick is in the journal already, from another incarnation', async () => {
      const { bench, store } = fixture;
      const [twice, other] = [await bench.zone('twice'), await bench.zone('other')];
      await bench.commit({ ...emptyCommit(twice), rows: [journalRow(500)] });
      const epoch = await bench.claim(twice.id);
      const bad = { ...emptyCommit({ ...twice, epoch }), rows: [journalRow(500)] };

      const [failed, committed] = await store.zones.commit([bad, bench.tick(other)]);

      expect(failed?.type).to.equal('failed');
      expect(committed).to.deep.equal(COMMITTED);
    });

    it('refuses a zone as a whole when a row that it takes is not there, and writes the others', async () => {
      const { bench, store } = fixture;
      const [from, to] = [await bench.zone('from'), await bench.zone('to')];
      const row = await bench.send(from, to.id);
      await bench.commit(bench.tick(to, { takes: [row.id] }));

      const outcomes = await store.zones.commit([
        bench.tick(to, { takes: [row.id], metadata: { never: true } }),
        bench.tick(from, { wakeAtMs: 9 }),
      ]);

      expect(outcomes).to.deep.equal([{ type: 'refused', reason: 'conflict' }, COMMITTED]);
      const { info, journal } = await bench.restored(to.id);
      expect(info.metadata).to.deep.equal({});
      expect(journal).to.have.length(1);
    });

    it('does not take a row that waits for another zone', async () => {
      const { bench, store } = fixture;
      const [from, to] = [await bench.zone('from'), await bench.zone('to')];
      const row = await bench.send(from, to.id);

      const outcomes = await store.zones.commit([bench.tick(from, { takes: [row.id] })]);

      expect(outcomes).to.deep.equal([{ type: 'refused', reason: 'conflict' }]);
      expect(await bench.inbox(to.id)).to.have.length(1);
    });

    it('sets metadata with the time of the change, and the wake time without one', async () => {
      const { bench } = fixture;
      const zone = await bench.zone('meadow');

      await bench.commit({ ...bench.tick(zone), metadata: { weather: 'rain' }, nowMs: bench.nowMs + 1_000 });
      await bench.commit({ ...bench.tick(zone), wakeAtMs: bench.nowMs + 60_000, nowMs: bench.nowMs + 2_000 });

      const { info, wakeAtMs } = await bench.restored(zone.id);
      expect(info.metadata).to.deep.equal({ weather: 'rain' });
      expect(info.updatedAtMs).to.equal(bench.nowMs + 1_000);
      expect(wakeAtMs).to.equal(bench.nowMs + 60_000);
    });

    it('keeps every character that JSON can hold', async () => {
      const { bench, store } = fixture;
      const [from, to] = [await bench.zone('from'), await bench.zone('to')];
      const odd = { text: 'nul \u0000, half \ud800, 😀, "quoted", \\u0000, $1 ?1' };
      const player = await bench.playerIn(from);
      const commit = bench.tick(from, { metadata: odd });
      const sent = arrival(to.id, tickOf(commit));

      await bench.commit({
        ...commit,
        sends: [{ ...sent, parcel: { ...sent.parcel, entity: { ...entityParcel(sent).entity, metadata: odd } } }],
        places: [{ type: 'left', player: player.id, stay: player.stay, document: odd, mark: SOME_MARK }],
      });

      expect((await bench.restored(from.id)).info.metadata).to.deep.equal(odd);
      expect(entityParcel((await bench.inbox(to.id))[0]).entity.metadata).to.deep.equal(odd);
      expect((await store.places.place(player.id)).document).to.deep.equal(odd);
    });
  });

  describe('commit of players', () => {
    it('gives a player that nobody holds to the zone', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('meadow');
      const player = await bench.player();

      await bench.commit(bench.tick(zone, { places: [{ type: 'joined', player: player.id, stay: player.stay }] }));

      const place = await store.places.place(player.id);
      expect([place.holder, place.zone, place.stay]).to.deep.equal([zone.id, zone.id, player.stay + 1]);
    });

    it('refuses a player whom another zone holds', async () => {
      const { bench, store } = fixture;
      const [first, second] = [await bench.zone('first'), await bench.zone('second')];
      const player = await bench.playerIn(first);

      const places = [{ type: 'joined', player: player.id, stay: player.stay }] as const;
      const outcomes = await store.zones.commit([bench.tick(second, { places })]);

      expect(outcomes).to.deep.equal([{ type: 'refused', reason: 'conflict' }]);
      expect((await store.places.place(player.id)).holder).to.equal(first.id);
    });

    it('refuses a player with another stay, and one who has no place', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('meadow');
      const player = await bench.player();
      const stale = { type: 'joined', player: player.id, stay: player.stay + 1 } as const;
      const nobody = { type: 'joined', player: newUuid<PlayerId>(), stay: 0 } as const;

      const outcomes = [];
      for (const move of [stale, nobody]) outcomes.push(...(await store.zones.commit([bench.tick(zone, { places: [move] })])));

      expect(outcomes.map((outcome) => outcome.type)).to.deep.equal(['refused', 'refused']);
    });

    it('gives a follower the zone to resume in that it goes to, and none where it has left the zones', async () => {
      const { bench, store } = fixture;
      const [from, to] = [await bench.zone('from'), await bench.zone('to')];
      const [going, gone] = [await bench.playerIn(from), await bench.playerIn(from)];
      await store.places.note(gone.id, { zone: null });

      await bench.send(from, to.id, [going, gone]);

      const places = await Promise.all([going, gone].map(({ id }) => store.places.place(id)));
      expect(places.map(({ holder, zone }) => [holder, zone])).to.deep.equal([
        [to.id, to.id],
        [to.id, null],
      ]);
    });

    it('lets a player go with document and mark, and keeps the zone to resume in', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('meadow');
      const { id, stay } = await bench.playerIn(zone);

      await bench.commit(
        bench.tick(zone, { places: [{ type: 'left', player: id, stay, document: { gold: 9 }, mark: SOME_MARK }] }),
      );

      const { holder, zone: resume, document, mark, stay: now } = await store.places.place(id);
      expect({ holder, resume, document, mark, now }).to.deep.equal({
        holder: null,
        resume: zone.id,
        document: { gold: 9 },
        mark: SOME_MARK,
        now: stay + 1,
      });
    });

    it('refuses to let go of a player whom it does not hold', async () => {
      const { bench, store } = fixture;
      const [first, second] = [await bench.zone('first'), await bench.zone('second')];
      const { id, stay } = await bench.playerIn(first);

      const places = [{ type: 'left', player: id, stay, document: null, mark: NO_MARK }] as const;
      const outcomes = await store.zones.commit([bench.tick(second, { places })]);

      expect(outcomes).to.deep.equal([{ type: 'refused', reason: 'conflict' }]);
    });

    it('takes a player who came, went, and was sent on in ticks that are written together', async () => {
      const { bench, store } = fixture;
      const [zone, target] = [await bench.zone('meadow'), await bench.zone('cave')];
      const player = await bench.player();
      const [first, second, third] = [bench.nextTick(), bench.nextTick(), bench.nextTick()];

      await bench.commit({
        ...emptyCommit(zone),
        rows: [journalRow(first), journalRow(second), journalRow(third)],
        places: [
          { type: 'joined', player: player.id, stay: 0 },
          { type: 'left', player: player.id, stay: 1, document: null, mark: NO_MARK },
          { type: 'joined', player: player.id, stay: 2 },
        ],
        sends: [arrival(target.id, third, [{ ...player, stay: 3 }])],
      });

      const place = await store.places.place(player.id);
      expect([place.holder, place.stay]).to.deep.equal([target.id, 4]);
    });

    it('lets a player go without a tick, once, however often it is repeated', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('meadow');
      const { id, stay } = await bench.playerIn(zone);
      const batch = [
        { ...emptyCommit(zone), places: [{ type: 'left', player: id, stay, document: null, mark: NO_MARK }] },
      ] as const;

      const first = await store.zones.commit(batch);
      const second = await store.zones.commit(batch);

      expect([first, second]).to.deep.equal([[COMMITTED], [COMMITTED]]);
      expect((await store.places.place(id)).stay).to.equal(stay + 1);
    });

    it('lets nobody go without a tick for an incarnation that is over', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('meadow');
      const { id } = await bench.playerIn(zone);
      await bench.claim(zone.id);

      const left = { type: 'left', player: id, stay: 1, document: null, mark: NO_MARK } as const;
      const outcomes = await store.zones.commit([{ ...emptyCommit(zone), places: [left] }]);

      expect(outcomes).to.deep.equal([{ type: 'refused', reason: 'epoch' }]);
      expect((await store.places.place(id)).holder).to.equal(zone.id);
    });

    it('lets nobody go without a tick who is not there as it says, nor with a tick who was let go before', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('meadow');
      const { id, stay } = await bench.playerIn(zone);
      const leaving = (withStay: number) => [
        { type: 'left', player: id, stay: withStay, document: null, mark: NO_MARK } as const,
      ];

      const [wrong] = await store.zones.commit([{ ...emptyCommit(zone), places: leaving(stay + 1) }]);
      const [right] = await store.zones.commit([{ ...emptyCommit(zone), places: leaving(stay) }]);
      const [again] = await store.zones.commit([bench.tick(zone, { places: leaving(stay) })]);

      const refused = { type: 'refused', reason: 'conflict' };
      expect([wrong, right, again]).to.deep.equal([refused, COMMITTED, refused]);
    });

    it('hands the followers of an arrival to its target, with a higher stay', async () => {
      const { bench, store } = fixture;
      const [from, to] = [await bench.zone('from'), await bench.zone('to')];
      const player = await bench.playerIn(from);

      const row = await bench.send(from, to.id, [player]);

      expect(row.followers).to.deep.equal([{ player: player.id, stay: player.stay + 1 }]);
      expect(row.parcel.followers).to.deep.equal([player]);
      const place = await store.places.place(player.id);
      expect([place.holder, place.zone, place.stay]).to.deep.equal([to.id, to.id, player.stay + 1]);
      expect(await bench.inbox(to.id)).to.deep.equal([row]);
    });

    it('refuses to send a player whom the zone does not hold', async () => {
      const { bench, store } = fixture;
      const [from, to] = [await bench.zone('from'), await bench.zone('to')];
      const stranger = await bench.playerIn(to);
      const commit = bench.tick(from);

      const outcomes = await store.zones.commit([{ ...commit, sends: [arrival(to.id, tickOf(commit), [stranger])] }]);

      expect(outcomes).to.deep.equal([{ type: 'refused', reason: 'conflict' }]);
      expect(await bench.inbox(to.id)).to.deep.equal([]);
    });
  });
}
