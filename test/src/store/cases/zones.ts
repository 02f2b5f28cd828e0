/** Zones: made, claimed, checkpointed, listed, woken. */
import { expect } from 'chai';
import { newUuid, type ZoneId } from '../../../../actors/ids.js';
import { arrival, type ClaimedZone, checkpoint, emptyCommit, entity, journalRow, tickOf } from '../harness.js';
import type { Fixture } from '../suite.js';

export function zoneCases(fixture: Fixture): void {
  describe('zones', () => {
    it('lists them by name as they were made', async () => {
      const { store } = fixture;
      const zones = ['b', 'a', 'Ä', 'Z'].map((name) => info(name));

      for (const zone of zones) expect(await store.catalog.create(zone)).to.deep.equal(zone);

      const byName = [...zones].sort((a, b) => (a.name < b.name ? -1 : 1));
      expect(await store.catalog.list()).to.deep.equal(byName);
    });

    it('refuses a name that is taken', async () => {
      await fixture.store.catalog.create(info('meadow'));

      expect(await fixture.store.catalog.create(info('meadow'))).to.equal(null);
      expect(await fixture.store.catalog.list()).to.have.length(1);
    });

    it('claims none that is not there', async () => {
      expect(await fixture.store.zones.claim(newUuid<ZoneId>())).to.equal(null);
    });

    it('claims many at once, each with what is its own, and one that is there twice once after the other', async () => {
      const { bench, store } = fixture;
      const [moved, quiet, crossed] = [await bench.zone('moved'), await bench.zone('quiet'), await bench.zone('crossed')];
      await store.zones.checkpoint([checkpoint(moved, 1), checkpoint(quiet, 4)]);
      await bench.commit({ ...emptyCommit(moved), rows: [journalRow(200, 'second'), journalRow(300, 'third')] });
      const player = await bench.playerIn(quiet);
      const row = await bench.send(moved, crossed.id);

      const ids = [moved.id, quiet.id, newUuid<ZoneId>(), crossed.id, moved.id];
      const claimed = await Promise.all(ids.map((id) => store.zones.claim(id)));

      expect(claimed.map((zone) => zone?.info.name)).to.deep.equal(['moved', 'quiet', undefined, 'crossed', 'moved']);
      expect(claimed.map((zone) => zone?.checkpoint?.tick)).to.deep.equal([1, 4, undefined, undefined, 1]);
      expect(claimed[0]?.journal.filter(({ tick }) => tick >= 200).map(({ body }) => String(Buffer.from(body)))).to.deep.equal([
        'second',
        'third',
      ]);
      expect(claimed[1]?.held.map((held) => [held.player, held.stay])).to.deep.equal([[player.id, player.stay]]);
      expect(claimed[3]?.inbox.map(({ id }) => id)).to.deep.equal([row.id]);
      expect(claimed[4]?.epoch).to.equal((claimed[0]?.epoch ?? 0) + 1);
    });

    it('names those that must be live: with players, with an inbox, or with a wake time that has come', async () => {
      const { bench, store } = fixture;
      const [players, inbox, wakes, later, sleeps] = [
        await bench.zone('players'),
        await bench.zone('inbox'),
        await bench.zone('wakes'),
        await bench.zone('later'),
        await bench.zone('sleeps'),
      ];
      await bench.playerIn(players);
      await bench.send(sleeps, inbox.id);
      await bench.commit(bench.tick(wakes, { wakeAtMs: 1_000 }));
      await bench.commit(bench.tick(later, { wakeAtMs: 1_001 }));

      const due = await store.catalog.due(1_000);

      expect([...due].sort()).to.deep.equal([players.id, inbox.id, wakes.id].sort());
      expect(await store.catalog.nextWake(0)).to.equal(1_000);
      expect(await store.catalog.nextWake(1_000)).to.equal(1_001);
      expect(await store.catalog.nextWake(1_001)).to.equal(null);
    });

    it('forgets a wake time that is taken back', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('meadow');
      await bench.commit(bench.tick(zone, { wakeAtMs: 1_000 }));
      await bench.commit(bench.tick(zone, { wakeAtMs: null }));

      expect(await store.catalog.nextWake(0)).to.equal(null);
    });

    it('names those whose journal is behind no checkpoint', async () => {
      const { bench, store } = fixture;
      const [folded, unfolded, never] = [await bench.zone('folded'), await bench.zone('unfolded'), await bench.zone('never')];
      for (const zone of [folded, unfolded, never]) await bench.commit({ ...emptyCommit(zone), rows: [journalRow(10)] });
      await store.zones.checkpoint([checkpoint(folded, 10), checkpoint(unfolded, 9)]);

      const ids = await store.catalog.unfolded();

      expect([...ids].sort()).to.deep.equal([unfolded.id, never.id].sort());
    });

    it('has a follower only in the row that its place is in', async () => {
      const { bench } = fixture;
      const [from, to] = [await bench.zone('from'), await bench.zone('to')];
      const player = await bench.playerIn(from);
      await bench.send(from, to.id, [player]);
      const left = { type: 'left', player: player.id, stay: player.stay + 1, document: null, mark: player.mark } as const;
      await bench.commit({ ...emptyCommit(to), places: [left] });

      const [row] = await bench.inbox(to.id);

      expect(row?.followers).to.deep.equal([]);
      expect(row?.parcel.followers).to.have.length(1);
    });
  });

  describe('checkpoint', () => {
    it('leaves the next claim only the journal behind it', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('meadow');
      await bench.commit({ ...emptyCommit(zone), rows: [journalRow(1), journalRow(2), journalRow(3)] });

      expect(await store.zones.checkpoint([checkpoint(zone, 2)])).to.deep.equal([true]);

      const restored = await bench.restored(zone.id);
      expect(restored.checkpoint?.tick).to.equal(2);
      expect(restored.journal.map(({ tick }) => tick)).to.deep.equal([3]);
    });

    it('is never replaced by an older one', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('meadow');
      await store.zones.checkpoint([checkpoint(zone, 8)]);

      await store.zones.checkpoint([checkpoint(zone, 7)]);

      expect((await bench.restored(zone.id)).checkpoint?.tick).to.equal(8);
    });

    it('is replaced by another of the same tick only when a later incarnation wrote that', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('meadow');
      const texts: string[] = [];
      const write = async (body: string, epoch: number) => {
        await store.zones.checkpoint([{ ...checkpoint(zone, 8), body: Buffer.from(body), epoch }]);
        const restored = await bench.restored(zone.id);
        texts.push(Buffer.from(restored.checkpoint?.body ?? []).toString());
        return restored.epoch;
      };

      const later = await write('first', zone.epoch);
      const latest = await write('second', later);
      await store.zones.checkpoint([{ ...checkpoint(zone, 8), body: Buffer.from('third'), epoch: latest }]);
      await write('fourth', latest);

      expect(texts).to.deep.equal(['first', 'second', 'third']);
    });

    it('is refused of an incarnation that is over, with all that came with it', async () => {
      const { bench, store } = fixture;
      const [old, other] = [await bench.zone('old'), await bench.zone('other')];
      await bench.claim(old.id);

      const answers = await store.zones.checkpoint([checkpoint(old, 8, { changed: [entity()] }), checkpoint(other, 8)]);

      expect(answers).to.deep.equal([false, true]);
      expect(await store.catalog.entities(old.id)).to.deep.equal([]);
    });

    it('does not put a zone to sleep whose inbox waits', async () => {
      const { bench, store } = fixture;
      const [from, to] = [await bench.zone('from'), await bench.zone('to')];
      await bench.send(from, to.id);

      const answers = await store.zones.checkpoint([checkpoint(to, 8, { live: false, changed: [entity()] })]);

      expect(answers).to.deep.equal([false]);
      expect(await store.catalog.entities(to.id)).to.deep.equal([]);
      expect((await bench.restored(to.id)).checkpoint).to.equal(null);
    });

    it('keeps the projection: changed by id, gone when they are gone', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('meadow');
      const [stone, tree] = [entity({ createdAtMs: 1_000 }), entity({ createdAtMs: 2_000 })];
      await store.zones.checkpoint([checkpoint(zone, 5, { changed: [stone, tree] })]);

      const moved = { ...tree, x: 50, metadata: { kind: 'tree', age: 3 }, updatedAtMs: 9_000 };
      await store.zones.checkpoint([checkpoint(zone, 6, { changed: [moved], gone: [stone.id] })]);

      expect(await store.catalog.entities(zone.id)).to.deep.equal([moved]);
      expect(await store.catalog.entity(tree.id)).to.deep.equal({ zone: zone.id, entity: moved });
      expect(await store.catalog.entity(stone.id)).to.equal(null);
    });

    it('moves an entity between zones in whatever order their checkpoints come', async () => {
      const { bench, store } = fixture;
      const [from, to] = [await bench.zone('from'), await bench.zone('to')];
      const stone = entity();
      await store.zones.checkpoint([checkpoint(from, 5, { changed: [stone] })]);

      await store.zones.checkpoint([checkpoint(to, 12, { changed: [{ ...stone, x: 1 }] })]);
      await store.zones.checkpoint([checkpoint(from, 11, { gone: [stone.id] })]);
      await store.zones.checkpoint([checkpoint(from, 13, { gone: [stone.id] })]);

      expect((await store.catalog.entity(stone.id))?.zone).to.equal(to.id);
      expect(await store.catalog.entities(from.id)).to.deep.equal([]);
    });

    it('does not bring an entity back that went on and returned meanwhile', async () => {
      const { bench, store } = fixture;
      const [home, abroad] = [await bench.zone('home'), await bench.zone('abroad')];
      const stone = entity();
      await store.zones.checkpoint([checkpoint(home, 14, { changed: [stone] })]);

      await store.zones.checkpoint([checkpoint(abroad, 12, { changed: [{ ...stone, x: 9 }] })]);
      await store.zones.checkpoint([checkpoint(abroad, 13, { gone: [stone.id] })]);

      expect(await store.catalog.entity(stone.id)).to.deep.equal({ zone: home.id, entity: stone });
    });

    it('leaves one that went from one zone to another where it was last, also when both are written together', async () => {
      const { bench, store } = fixture;
      const [from, to] = [await bench.zone('from'), await bench.zone('to')];
      const stone = entity();
      const [before, after] = [checkpoint(from, 5, { changed: [stone] }), checkpoint(to, 7, { changed: [{ ...stone, x: 1 }] })];

      for (const together of [
        [before, after],
        [after, before],
      ]) {
        expect(await store.zones.checkpoint(together)).to.deep.equal([true, true]);
        expect(await store.catalog.entity(stone.id)).to.deep.equal({ zone: to.id, entity: { ...stone, x: 1 } });
      }
    });

    it('puts many zones to sleep together, but for those whose inbox waits', async () => {
      const { bench, store } = fixture;
      const zones = [await bench.zone('a'), await bench.zone('b'), await bench.zone('c')] as const;
      await bench.send(zones[0], zones[1].id);

      const answers = await store.zones.checkpoint(
        zones.map((zone) => checkpoint(zone, 8, { live: false, changed: [entity()], body: Buffer.from(`of ${zone.id}`) })),
      );

      expect(answers).to.deep.equal([true, false, true]);
      const bodies = await Promise.all(zones.map(async ({ id }) => (await bench.restored(id)).checkpoint?.body));
      expect(bodies.map((body) => body && Buffer.from(body).toString())).to.deep.equal([
        `of ${zones[0].id}`,
        undefined,
        `of ${zones[2].id}`,
      ]);
      for (const [index, { id }] of zones.entries()) {
        expect(await store.catalog.entities(id)).to.have.length(index === 1 ? 0 : 1);
      }
    });

    it('takes more entities than one statement does', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('crowd');
      const crowd = Array.from({ length: 5_001 }, (_, i) => entity({ x: i % 100 }));

      await store.zones.checkpoint([checkpoint(zone, 5, { changed: crowd })]);
      await store.zones.checkpoint([checkpoint(zone, 6, { gone: crowd.slice(1).map(({ id }) => id) })]);

      expect(await store.catalog.entities(zone.id)).to.deep.equal(crowd.slice(0, 1));
    });
  });

  describe('trimming the journal', () => {
    it('deletes what is old and behind a checkpoint, and nothing else', async () => {
      const { bench, store } = fixture;
      const [folded, live] = [await bench.zone('folded'), await bench.zone('live')];
      for (const zone of [folded, live]) {
        await bench.commit({ ...emptyCommit(zone, 1_000), rows: [journalRow(1)] });
        await bench.commit({ ...emptyCommit(zone, 2_000), rows: [journalRow(2)] });
      }
      await store.zones.checkpoint([checkpoint(folded, 2)]);

      await store.world.trimJournal(61_500, 60_000, Number.MAX_SAFE_INTEGER);

      expect(await journalTicks(fixture, folded)).to.deep.equal([2]);
      expect(await journalTicks(fixture, live)).to.deep.equal([1, 2]);
    });

    it('deletes the oldest beyond the bytes that may stand, in small bites', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('busy');
      const rows = Array.from({ length: 1_100 }, (_, i) => ({ tick: i + 1, inputs: '[]', body: Buffer.alloc(98) }));
      await bench.commit({ ...emptyCommit(zone, 1_000), rows });
      await store.zones.checkpoint([checkpoint(zone, 1_100)]);

      await store.world.trimJournal(2_000, 60_000, 250);

      expect(await journalTicks(fixture, zone)).to.deep.equal([1_099, 1_100]);
    });
  });

  describe('a kill', () => {
    it('makes a live zone count as ticked until the last sign of life, and no sleeping one', async () => {
      const { bench, store } = fixture;
      const [live, asleep] = [await bench.zone('live'), await bench.zone('asleep')];
      await store.zones.checkpoint([checkpoint(asleep, 1, { live: false })]);
      await store.world.heartbeat(bench.nowMs + 5_000);

      await fixture.reopen();

      expect((await fixture.bench.restored(live.id)).tickedUntilMs).to.equal(bench.nowMs + 5_000);
      expect((await fixture.bench.restored(asleep.id)).tickedUntilMs).to.equal(null);
    });

    it('leaves what was sent in the inbox, exactly once', async () => {
      const { bench } = fixture;
      const [from, to] = [await bench.zone('from'), await bench.zone('to')];
      const commit = bench.tick(from);
      const [row] = await bench.commit({ ...commit, sends: [arrival(to.id, tickOf(commit))] });

      await fixture.reopen();

      expect(await fixture.bench.inbox(to.id)).to.deep.equal([row]);
    });
  });
}

function info(name: string) {
  const times = { createdAtMs: Date.UTC(2026, 0, 1), updatedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678) };
  return { id: newUuid<ZoneId>(), name, width: 20, height: 30, metadata: { hint: 'go north' }, ...times };
}

/** A claim gives only what its checkpoint does not cover; a deletion shows as a commit that is not found again. */
async function journalTicks({ bench, store }: Fixture, zone: ClaimedZone): Promise<number[]> {
  const epoch = await bench.claim(zone.id);
  const found: number[] = [];
  const candidates = zone.epoch === epoch ? [] : [1, 2, 3, 600, 1_098, 1_099, 1_100];
  for (const tick of candidates) {
    const [outcome] = await store.zones.commit([{ ...emptyCommit(zone), rows: [journalRow(tick)] }]);
    if (outcome?.type === 'committed') found.push(tick);
  }
  return found;
}
