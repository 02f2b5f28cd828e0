/** The world's row: tick numbers, the secret, and who owns it. */
import { expect } from 'chai';
import { OwnershipLostError } from '../../../../actors/errors.js';
import { newUuid, type PlayerId } from '../../../../actors/ids.js';
import { StoreOpenError } from '../../../../src/store/open.js';
import { emptyCommit } from '../harness.js';
import type { Fixture } from '../suite.js';

export function worldCases(fixture: Fixture): void {
  describe('world', () => {
    it('begins above every tick number that was reserved, and keeps its secret', async () => {
      const { firstTick, secret } = fixture.store.world;
      await fixture.store.world.reserveTicks(firstTick + 5_000);
      await fixture.store.world.reserveTicks(firstTick + 10);

      await fixture.reopen();

      expect(firstTick).to.equal(1);
      expect(fixture.store.world.firstTick).to.equal(firstTick + 5_001);
      expect(fixture.store.world.secret)
        .to.equal(secret)
        .and.to.match(/^[0-9a-f]{64}$/);
    });

    it('reserves a first block with the start itself', async () => {
      await fixture.reopen();

      expect(fixture.store.world.firstTick).to.equal(1_001);
    });

    it('is opened by one server at a time', async () => {
      const error = await fixture.harness.open().then(
        () => null,
        (refusal: unknown) => refusal,
      );

      expect(error).to.be.instanceOf(StoreOpenError);
      expect(error).to.include({ exitStatus: 75 });
      expect(String(error)).to.include('another server owns the database');
      expect(String(error)).not.to.include('\n');
    });

    it('refuses every write once another server has taken over, and writes nothing of it', async () => {
      const { bench, store, harness } = fixture;
      const zone = await bench.zone('meadow');
      const player = await bench.player();
      await harness.takeOver();
      const writes: (() => Promise<unknown>)[] = [
        () => store.zones.commit([bench.tick(zone)]),
        () => store.zones.commit([bench.tick(zone, { wakeAtMs: 5 })]),
        () => store.zones.commit([emptyCommit(zone)]),
        () => store.zones.claim(zone.id),
        () => store.zones.quarantine(zone.id, zone.epoch),
        () => store.catalog.remove(zone.id, []),
        () => store.places.note(player.id, { run: 5 }),
        () => store.places.place(newUuid<PlayerId>()),
        () => store.world.reserveTicks(1_000_000),
        () => store.world.heartbeat(0),
        () => store.accounts.dropExpiredSessions(0),
      ];

      for (const write of writes) {
        const error = await write().catch((refusal: unknown) => refusal);
        expect(error, String(write)).to.be.instanceOf(OwnershipLostError);
      }

      expect(store.healthy()).to.equal(false);
      expect((await store.places.place(player.id)).run).to.equal(0);
      expect(await store.catalog.list()).to.have.length(1);
    });

    it('is told by the first write of any kind that another server has taken over', async () => {
      await fixture.harness.takeOver();

      const error = await fixture.store.places.place(newUuid<PlayerId>()).catch((refusal: unknown) => refusal);

      expect(error).to.be.instanceOf(OwnershipLostError);
    });

    it('refuses what comes after the close', async () => {
      await fixture.store.close();

      const error = await fixture.store.world.heartbeat(0).catch((refusal: unknown) => refusal);

      expect(error).to.include({ code: 'STORE_UNAVAILABLE' });
      await fixture.reopen();
    });

    it('is healthy while writes work', () => {
      expect(fixture.store.healthy()).to.equal(true);
      expect(fixture.store.queued()).to.equal(0);
    });
  });
}
