/** Places of players: made once, noted on in order, marked as dropped by a start. */
import { expect } from 'chai';
import { newUuid, type PlayerId, type SessionId, type ZoneId } from '../../../../actors/ids.js';
import { NO_MARK } from '../harness.js';
import type { Fixture } from '../suite.js';

export function placeCases(fixture: Fixture): void {
  describe('places', () => {
    it('makes one for a player who has none, with a small number of its own that stays', async () => {
      const players = Array.from({ length: 3 }, () => newUuid<PlayerId>());

      const made = [];
      for (const player of players) made.push(await fixture.store.places.place(player));
      await fixture.reopen();

      expect(made.map(({ number }) => number)).to.deep.equal([1, 2, 3]);
      const nowhere = {
        holder: null,
        stay: 0,
        zone: null,
        run: 0,
        newest: null,
        spoken: null,
        droppedAtMs: null,
        document: null,
      };
      expect(made[0]).to.deep.equal({ player: players[0], number: 1, ...nowhere, mark: NO_MARK });
      for (const place of made) expect(await fixture.store.places.place(place.player)).to.deep.equal(place);
    });

    it('makes one only when many ask at once', async () => {
      const player = newUuid<PlayerId>();

      const places = await Promise.all(Array.from({ length: 10 }, () => fixture.store.places.place(player)));

      expect(new Set(places.map(({ number }) => number)).size).to.equal(1);
    });

    it('notes what is named and leaves the rest', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('meadow');
      const player = newUuid<PlayerId>();
      const [newest, spoken] = [token('a'), token('b')];

      await store.places.note(player, { zone: zone.id, run: 4, newest, droppedAtMs: 1_000 });
      await store.places.note(player, { spoken, droppedAtMs: null });

      const place = await store.places.place(player);
      expect(place).to.include({ zone: zone.id, run: 4, droppedAtMs: null });
      expect([place.newest, place.spoken]).to.deep.equal([newest, spoken]);
    });

    it('reads what was noted before, although that is still being written', async () => {
      const { store } = fixture;
      const player = newUuid<PlayerId>();
      await store.places.place(player);

      const runs = [];
      for (let run = 1; run <= 20; run += 1) {
        const noted = store.places.note(player, { run });
        runs.push((await store.places.place(player)).run);
        await noted;
      }

      expect(runs).to.deep.equal(Array.from({ length: 20 }, (_, index) => index + 1));
    });

    it('writes notes on one player in the order of the calls', async () => {
      const { store } = fixture;
      const players = [newUuid<PlayerId>(), newUuid<PlayerId>()];

      const notes = Array.from({ length: 200 }, (_, run) => players.map((player) => store.places.note(player, { run })));
      await Promise.all(notes.flat());

      for (const player of players) expect((await store.places.place(player)).run).to.equal(199);
    });

    it('takes a note that names nothing', async () => {
      const { player } = await fixture.store.places.place(newUuid<PlayerId>());

      await fixture.store.places.note(player, {});

      expect((await fixture.store.places.place(player)).run).to.equal(0);
    });

    it('resumes nowhere where the zone is gone', async () => {
      const { bench, store } = fixture;
      const zone = await bench.zone('doomed');
      const player = newUuid<PlayerId>();
      await store.places.note(player, { zone: zone.id });
      await store.places.note(player, { zone: newUuid<ZoneId>() });

      expect((await store.places.place(player)).zone).to.equal(null);
    });

    it('says at a start that those who could come back dropped now, and leaves those whose time was over', async () => {
      const { bench, store } = fixture;
      const [playing, recent, longGone, never] = Array.from({ length: 4 }, () => newUuid<PlayerId>()) as [
        PlayerId,
        PlayerId,
        PlayerId,
        PlayerId,
      ];
      await store.world.heartbeat(bench.nowMs + 100_000);
      await store.places.note(playing, { newest: token('a'), droppedAtMs: null });
      await store.places.note(recent, { spoken: token('b'), droppedAtMs: bench.nowMs + 40_000 });
      await store.places.note(longGone, { newest: token('c'), droppedAtMs: bench.nowMs + 39_999 });
      await store.places.note(never, { run: 1 });

      await fixture.reopen();

      const droppedAtMs = [];
      for (const player of [playing, recent, longGone, never])
        droppedAtMs.push((await fixture.store.places.place(player)).droppedAtMs);
      expect(droppedAtMs).to.deep.equal([bench.nowMs, bench.nowMs, bench.nowMs + 39_999, null]);
    });
  });
}

function token(hash: string) {
  return { hash, session: newUuid<SessionId>() };
}
