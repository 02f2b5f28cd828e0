import { expect } from 'chai';
import type { ActorView } from '../../../actors/control.js';
import { StoreUnavailableError } from '../../../actors/errors.js';
import { courierGame, type TickSeen } from '../../support/courier-game.js';
import { scripted } from '../../support/games.js';
import { INTERVAL_MS, TestWorld, type TestWorldOptions } from '../../support/world.js';

async function worldOf(options: TestWorldOptions = {}) {
  const seen: TickSeen[] = [];
  const failing = new Set<string>();
  const world = await TestWorld.create(courierGame({ seen, failing }), options);
  /** Fails one tick of a zone. */
  const fail = async (zone: string, ms = INTERVAL_MS) => {
    failing.add(zone);
    await world.pass(ms);
    failing.delete(zone);
  };
  return { world, seen, fail };
}

const groups = (world: TestWorld): readonly ActorView[] =>
  (world.world.actors().children ?? []).filter(({ kind }) => kind === 'zone-group');

describe('the supervisor', () => {
  describe('when a zone fails', () => {
    it('begins a new incarnation under the same id, from the last commit', async () => {
      const { world, fail } = await worldOf();
      const ann = await world.join('ann', 'a');
      await ann.intent({ type: 'crate' });
      await world.tick();
      const before = world.actor('a');
      await fail('a');
      await world.tick(2);

      const after = world.actor('a');
      expect(after).to.deep.include({ id: before?.id, restarts: 1, state: { live: 'ticking' } });
      expect(after?.epoch).to.equal(Number(before?.epoch) + 1);
      expect(after?.last_error?.message).to.contain('told to fail');
      expect(ann.last('tick')?.state?.entities).to.have.lengthOf(2);
      await world.stop();
    });

    it('leaves the others as they were', async () => {
      const { world, fail } = await worldOf();
      await world.join('ann', 'a');
      const bob = await world.join('bob', 'b');
      await world.tick();
      const before = world.actor('b');
      bob.clear();
      for (let i = 0; i < 3; i += 1) await fail('a');

      expect(bob.ticks()).to.have.lengthOf(3);
      expect(world.actor('b')).to.deep.include({ epoch: before?.epoch, restarts: 0, last_error: null });
      await world.stop();
    });

    it('puts it in quarantine at the fifth time within a minute, and tells its players', async () => {
      const { world, fail } = await worldOf();
      const ann = await world.join('ann', 'a');
      await world.tick();
      for (let i = 0; i < 5; i += 1) {
        await fail('a');
        await world.pass(500);
      }

      expect(world.actor('a')).to.deep.include({ state: 'quarantined', quarantines: 1 });
      expect(ann.errors()).to.include('zone_unavailable');
      ann.clear();
      await ann.intent({ type: 'note', note: 'nobody takes it' }, 1);
      expect(ann.errors()).to.deep.equal(['zone_unavailable']);
      await world.stop();
    });

    it('tries a quarantined one again after 30 s, then after twice as long, up to ten minutes', async () => {
      const { world, fail } = await worldOf({ tickIntervalMs: 5_000, zoneGraceMs: 10_000_000 });
      await world.join('ann', 'a');
      await world.pass(5_000);
      for (let i = 0; i < 5; i += 1) await fail('a', 5_000);
      const lengths: number[] = [];
      for (let i = 0; i < 7; i += 1) {
        const fromMs = world.clock.monotonicMs();
        for (let turns = 0; turns < 200 && world.actor('a')?.state === 'quarantined'; turns += 1) await world.pass(5_000);
        lengths.push(Math.round((world.clock.monotonicMs() - fromMs) / 5_000) * 5);
        await fail('a', 5_000);
      }

      expect(lengths).to.deep.equal([30, 60, 120, 240, 480, 600, 600]);
      await world.stop();
    });

    it('forgives a zone that was well for a minute after its quarantine', async () => {
      const { world, fail } = await worldOf();
      await world.join('ann', 'a');
      await world.tick();
      for (let i = 0; i < 5; i += 1) {
        await fail('a');
        await world.pass(500);
      }
      await world.pass(31_000);
      expect(world.actor('a')?.state).to.deep.equal({ live: 'ticking' });
      world.clock.stall(61_000);
      await world.tick();
      await fail('a');

      expect(world.actor('a')?.state).to.equal('pausing');
      await world.stop();
    });

    it('turns round what waits for a quarantined zone, and what is sent to it later', async () => {
      const { world, seen, fail } = await worldOf();
      const ann = await world.join('ann', 'a');
      await world.join('bob', 'b');
      await ann.intent({ type: 'crate' });
      await world.tick();
      for (let i = 0; i < 5; i += 1) {
        if (i === 4) {
          await ann.intent({ type: 'ship', to: world.zone('b') });
          await world.tick();
        }
        await fail('b');
        await world.pass(500);
      }
      await ann.intent({ type: 'ship', to: world.zone('b') });
      await world.tick(2);

      expect(seen.flatMap(({ returned }) => returned)).to.deep.equal(['quarantined', 'quarantined']);
      expect(await world.entities('a')).to.have.lengthOf(2);
      await world.stop();
    });

    it('turns round what waits for a zone that cannot even be read', async () => {
      const { world, seen } = await worldOf();
      const ann = await world.join('ann', 'a');
      await ann.intent({ type: 'crate' });
      await world.tick();
      const body = Buffer.from('not a checkpoint');
      world.stored.checkpoints.set(world.zone('b'), { tick: 1, epoch: 0, body });
      await ann.intent({ type: 'ship', to: world.zone('b') });
      await world.pass(2_000);

      expect(world.actor('b')?.state).to.equal('quarantined');
      expect(seen.flatMap(({ returned }) => returned)).to.deep.equal(['quarantined']);
      expect(await world.entities('a')).to.have.lengthOf(2);
      await world.stop();
    });
  });

  describe('when a zone is deleted', () => {
    it('lets the running tick end, reports what waits, and tells the subscribers', async () => {
      const { world, seen } = await worldOf();
      const ann = await world.join('ann', 'a');
      await world.tick();
      const release = world.store.hold('zones.commit');
      await ann.intent({ type: 'note', note: 'in the running tick' }, 1);
      await world.tick();
      await ann.intent({ type: 'note', note: 'waits' }, 2);
      const deleted = world.world.deleteZone(world.zone('a'));
      await world.settle();
      release();

      expect(await deleted).to.equal('deleted');
      await world.settle();
      expect(ann.last('tick')?.ack).to.equal(1);
      expect(ann.all('error').map(({ code, seq }) => [code, seq])).to.deep.include.members([
        ['intent_dropped', 2],
        ['zone_deleted', undefined],
      ]);
      expect(seen.at(-1)?.notes).to.deep.equal(['in the running tick']);
      expect(world.world.zone(world.zone('a'))).to.equal(null);
      expect(world.actor('a')).to.equal(null);
      await world.stop();
    });

    it('gives its players back with their documents, to play elsewhere at once', async () => {
      const { world } = await worldOf();
      const ann = await world.join('ann', 'a');
      await ann.intent({ type: 'note', note: 'kept' }, 1);
      await world.tick();
      await world.world.deleteZone(world.zone('a'));
      await world.settle();
      expect(ann.errors()).to.deep.equal(['zone_deleted']);
      await world.tick();

      await ann.subscribe(world.zone('b'));
      await world.tick();

      expect(ann.last('tick')?.zone_id).to.equal(world.zone('b'));
      await ann.drop();
      await world.tick(2);
      const place = world.stored.places.get(world.player('ann'));
      expect(place?.document).to.deep.equal({ notes: ['kept'] });
      expect(place?.mark.highest).to.equal(1);
      await world.stop();
    });

    it('sends back who was on the way there, after a handover back', async () => {
      const { world, seen } = await worldOf();
      const ann = await world.join('ann', 'a');
      await world.tick();
      await ann.intent({ type: 'go', to: world.zone('b') });
      await world.tick();
      await world.world.deleteZone(world.zone('b'));
      await world.tick(2);

      expect(ann.all('handover').map(({ to }) => to?.zone_id)).to.deep.equal([world.zone('b'), world.zone('a')]);
      expect(ann.errors()).to.deep.equal([]);
      expect(seen.flatMap(({ returned }) => returned)).to.deep.equal(['gone']);
      expect(ann.last('tick')?.zone_id).to.equal(world.zone('a'));
      await world.stop();
    });

    it('keeps who was sent there at that very moment, and had not heard of it', async () => {
      const { world, seen } = await worldOf();
      const ann = await world.join('ann', 'a');
      await world.tick();
      const answer = world.store.hold('zones.commit', 'answer');
      await ann.intent({ type: 'go', to: world.zone('b') });
      await world.tick();
      await world.world.deleteZone(world.zone('b'));
      answer();
      await world.tick(3);

      expect(seen.flatMap(({ returned }) => returned)).to.deep.equal(['gone']);
      expect(await world.entities('a')).to.have.lengthOf(1);
      expect(ann.errors()).to.deep.equal([]);
      expect(ann.last('tick')?.zone_id).to.equal(world.zone('a'));
      await world.stop();
    });

    it('frees who was on the way there from a zone that is gone, too', async () => {
      const { world } = await worldOf({ zones: ['a', 'b', 'c'] });
      const ann = await world.join('ann', 'a');
      await ann.intent({ type: 'note', note: 'kept' }, 1);
      await world.tick();
      await ann.intent({ type: 'go', to: world.zone('b') }, 2);
      await world.tick();
      await world.world.deleteZone(world.zone('a'));
      await world.world.deleteZone(world.zone('b'));
      await world.tick();

      await ann.drop();
      await ann.resume();
      expect(ann.last('join_ack')).to.deep.include({ last_seq: 2, dropped: [] });
      await ann.subscribe(world.zone('c'));
      await world.tick();

      expect(ann.last('tick')?.zone_id).to.equal(world.zone('c'));
      await world.stop();
    });

    it('leaves everything as it was when the store is away', async () => {
      const { world } = await worldOf();
      const ann = await world.join('ann', 'a');
      await world.tick();
      world.store.fail('catalog.remove', 'away');
      const failure = await world.world.deleteZone(world.zone('a')).catch((error: unknown) => error);
      ann.clear();
      await world.tick(2);

      expect(failure).to.be.instanceOf(StoreUnavailableError);
      expect(world.world.zone(world.zone('a'))?.name).to.equal('a');
      expect(ann.ticks().length).to.be.at.least(1);
      await world.stop();
    });

    it('finds out later that it was deleted when the answer was lost, and lets its players go', async () => {
      const { world } = await worldOf();
      const ann = await world.join('ann', 'a');
      await ann.intent({ type: 'note', note: 'kept' });
      await world.tick();
      world.store.fail('catalog.remove', 'unknown');
      await world.world.deleteZone(world.zone('a')).catch(() => {});
      await world.tick(3);
      expect(ann.errors()).to.deep.equal(['zone_deleted']);
      expect(world.world.zone(world.zone('a'))).to.equal(null);

      await ann.subscribe(world.zone('b'));
      await world.tick();

      expect(ann.last('tick')?.zone_id).to.equal(world.zone('b'));
      expect(world.store.calls.filter((call) => call === 'zones.claim').length).to.be.below(10);
      await world.stop();
    });

    it('waits for a restore that is under way', async () => {
      const { world } = await worldOf();
      const release = world.store.hold('zones.claim');
      const ann = await world.join('ann', 'a');
      const deleted = world.world.deleteZone(world.zone('a'));
      await world.settle();
      release();

      expect(await deleted).to.equal('deleted');
      await world.settle();
      expect(ann.errors()).to.deep.equal(['zone_deleted']);
      await world.tick(2);
      expect(world.actor('a')).to.equal(null);
      await world.stop();
    });

    it('is done while its zone waits for a restart, or is in quarantine', async () => {
      for (const failures of [1, 5]) {
        const { world, fail } = await worldOf();
        const ann = await world.join('ann', 'a');
        await world.tick();
        for (let i = 1; i <= failures; i += 1) {
          await fail('a');
          if (i < failures) await world.pass(800);
        }
        expect(world.actor('a')?.state).to.equal(failures === 1 ? 'pausing' : 'quarantined');

        expect(await world.world.deleteZone(world.zone('a'))).to.equal('deleted');
        await ann.subscribe(world.zone('b'));
        await world.tick(2);

        expect(ann.last('tick')?.zone_id).to.equal(world.zone('b'));
        await world.stop();
      }
    });

    it('is done once where it is asked for twice', async () => {
      const { world } = await worldOf();
      await world.join('ann', 'a');
      await world.tick();

      const answers = await Promise.all([1, 2].map(() => world.world.deleteZone(world.zone('a'))));

      expect(answers).to.deep.equal(['deleted', 'not_found']);
      await world.stop();
    });
  });

  describe('sleep', () => {
    it('comes a grace time after the last reason to be live, and costs nothing from then on', async () => {
      const { world } = await worldOf({ zoneGraceMs: 500 });
      const ann = await world.join('ann', 'a');
      await world.tick(2);
      await ann.unsubscribe();
      await world.tick(4);
      expect(world.actor('a')?.state).to.deep.equal({ live: 'ticking' });
      await world.tick(4);

      expect(world.actor('a')).to.equal(null);
      expect(world.world.status().live_zones).to.equal(0);
      expect(world.stored.zones.get(world.zone('a'))?.live).to.equal(false);
      expect(await world.entities('a'), 'its rows answer for it').to.have.lengthOf(1);
      await world.stop();
    });

    it('is not disturbed by having no grace time at all', async () => {
      const { world } = await worldOf({ zoneGraceMs: 0 });
      const ann = await world.join('ann', 'a');
      await world.tick(4);

      expect(ann.ticks()).to.have.lengthOf(4);
      expect(world.actor('a')?.epoch).to.equal(1);
      await world.stop();
    });

    it('is given up when somebody comes while the zone is being put to sleep', async () => {
      const { world } = await worldOf({ zoneGraceMs: 500 });
      const ann = await world.join('ann', 'a');
      await world.tick(2);
      await ann.unsubscribe();
      const release = world.store.hold('zones.checkpoint');
      await world.tick(8);
      expect(world.actor('a')?.state).to.equal('draining');

      await ann.subscribe(world.zone('a'));
      release();
      await world.tick(3);

      expect(world.actor('a')?.state).to.deep.equal({ live: 'ticking' });
      expect(ann.last('tick')?.state?.entities).to.have.lengthOf(1);
      await world.stop();
    });

    it('is given up when an entity comes while the zone is being put to sleep', async () => {
      const { world } = await worldOf({ zoneGraceMs: 500 });
      const [ann, bob] = [await world.join('ann', 'a'), await world.join('bob', 'b')];
      await ann.intent({ type: 'crate' });
      await world.tick(2);
      await bob.unsubscribe();
      const release = world.store.hold('zones.checkpoint');
      await world.tick(8);
      await ann.intent({ type: 'ship', to: world.zone('b') });
      await world.tick();
      release();
      await world.tick(3);

      expect(await world.entities('b'), 'courier and crate').to.have.lengthOf(2);
      expect(world.stored.inbox.size).to.equal(0);
      await world.stop();
    });

    it('is put off while the store is away', async () => {
      const { world } = await worldOf({ zoneGraceMs: 300 });
      const ann = await world.join('ann', 'a');
      await world.tick(2);
      await ann.unsubscribe();
      await world.tick(2);
      world.store.fail('zones.checkpoint', 'away', { times: 2 });
      await world.tick(30);

      expect(world.actor('a')).to.equal(null);
      expect(await world.entities('a')).to.have.lengthOf(1);
      await world.stop();
    });
  });

  it('keeps 300 zones in two groups and ticks each of them', async () => {
    const zones = Array.from({ length: 300 }, (_, i) => `z${i}`);
    const ticked = new Set<string>();
    const game = scripted(({ zone, now }) => {
      ticked.add(zone.name);
      return { wakeAt: now };
    });
    const world = await TestWorld.create(game, { zones });
    for (const name of zones) void world.world.routeIntent(world.zone(name), { id: world.player('ann'), username: 'ann' }, {});
    await world.settle();
    await world.tick();

    expect(groups(world).map(({ children }) => children?.length)).to.deep.equal([256, 44]);
    expect(ticked.size).to.equal(300);
    expect(world.world.status().live_zones).to.equal(300);
    await world.stop();
    expect(world.clock.pendingTimers).to.equal(0);
  });

  it('leaves no timer behind, whatever its zones were doing', async () => {
    const { world, fail } = await worldOf({ zones: ['a', 'b', 'c'] });
    const clients = [await world.join('ann', 'a'), await world.join('bob', 'b'), await world.join('cid', 'c')];
    await world.tick();
    for (let i = 0; i < 5; i += 1) {
      await fail('a');
      await world.pass(i < 4 ? 700 : 0);
    }
    await fail('b');
    expect(['a', 'b', 'c'].map((name) => world.actor(name)?.state)).to.deep.equal([
      'quarantined',
      'pausing',
      { live: 'ticking' },
    ]);
    await world.stop();

    expect(world.clock.pendingTimers).to.equal(0);
    expect(clients.map(({ closedWith }) => closedWith)).to.deep.equal([1001, 1001, 1001]);
  });

  it('has one timer a tick, however often a zone was restarted', async () => {
    const { world, fail } = await worldOf({ tickIntervalMs: 10_000 });
    await world.join('ann', 'a');
    await world.pass(10_000);
    const before = world.clock.pendingTimers;
    for (let i = 0; i < 20; i += 1) {
      await fail('a', 10_000);
      await world.pass(10_000);
    }

    expect(world.actor('a')?.restarts).to.equal(20);
    expect(world.clock.pendingTimers).to.equal(before);
    await world.stop();
  });

  it('tells nobody that a zone is gone because the server stops', async () => {
    const { world } = await worldOf();
    const ann = await world.join('ann', 'a');
    await world.tick();
    world.store.fail('zones.commit', 'away');
    await ann.intent({ type: 'go', to: world.zone('b') }, 1);
    await world.tick();
    await ann.intent({ type: 'note', note: 'waits' }, 2);
    expect(world.actor('a')?.state).to.deep.equal({ live: 'stalled' });
    const stopped = world.stop();
    await world.pass(1_000);
    await stopped;

    expect(ann.errors()).to.deep.equal(['intent_dropped']);
    expect(ann.closedWith).to.equal(1001);
    expect([...world.stored.inbox.values()].map(({ to }) => to)).to.deep.equal([world.zone('b')]);
  });
});
