import { expect } from 'chai';
import type { ActorView } from '../../../actors/control.js';
import { courierWorld } from '../../support/courier-world.js';
import { scripted } from '../../support/games.js';
import { TestWorld } from '../../support/world.js';

const groups = (world: TestWorld): readonly ActorView[] =>
  (world.world.actors().children ?? []).filter(({ kind }) => kind === 'zone-group');

describe('the supervisor', () => {
  describe('when a zone fails', () => {
    it('begins a new incarnation under the same id, from the last commit', async () => {
      const { world, fail } = await courierWorld();
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
      const { world, fail } = await courierWorld();
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
      const { world, fail } = await courierWorld();
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
      const { world, fail } = await courierWorld({ tickIntervalMs: 5_000, zoneGraceMs: 10_000_000 });
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
      const { world, fail } = await courierWorld();
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
      const { world, seen, fail } = await courierWorld();
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

    for (const trouble of ['away', 'unknown'] as const) {
      it(`turns round what waits for it although the store is asked more than once: ${trouble}`, async () => {
        const { world, fail, failAgain } = await courierWorld({ zones: ['a', 'b', 'c'] });
        const ann = await world.join('ann', 'a');
        await world.join('bob', 'b');
        await world.tick();
        await failAgain('b', 4);
        await world.pass(800);
        await ann.intent({ type: 'go', to: world.zone('b') });
        await world.tick();
        world.store.fail('zones.quarantine', trouble);
        await fail('b');
        await world.pass(1_000);

        expect(world.actor('b')).to.deep.include({ state: 'quarantined', inbox_length: 0 });
        expect(ann.all('handover').map(({ to }) => to?.zone_id)).to.deep.equal([world.zone('b'), world.zone('a')]);
        expect(await world.entities('a')).to.have.lengthOf(1);
        expect(ann.last('tick')?.zone_id).to.equal(world.zone('a'));
        await ann.subscribe(world.zone('c'));
        await world.tick(2);
        expect(ann.last('tick')?.zone_id).to.equal(world.zone('c'));
        await world.stop();
      });
    }

    it('stops although its store is away', async () => {
      const { world, failAgain } = await courierWorld();
      await world.join('ann', 'a');
      await world.tick();
      world.store.fail('zones.quarantine', 'away', { times: 100 });
      await failAgain('a', 5);
      expect(world.actor('a')?.state).to.equal('quarantined');

      const stopped = world.stop();
      await world.pass(1_000);

      await stopped;
    });

    it('turns round what waits for a zone that cannot even be read', async () => {
      const { world, seen } = await courierWorld();
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

  it('keeps 300 zones in groups of 32, and ticks each of them', async () => {
    const zones = Array.from({ length: 300 }, (_, i) => `z${i}`);
    const ticked = new Set<string>();
    const game = scripted(({ zone, now }) => {
      ticked.add(zone.name);
      return { wakeAt: now };
    });
    const world = await TestWorld.create(game, { zones });
    for (const name of zones) void world.world.door.intent(world.zone(name), { id: world.player('ann'), username: 'ann' }, {});
    await world.settle();
    await world.tick();

    const sizes = groups(world).map(({ children }) => children?.length);
    expect(sizes).to.deep.equal([...new Array(9).fill(32), 12]);
    expect(ticked.size).to.equal(300);
    expect(world.world.status().live_zones).to.equal(300);
    await world.stop();
    expect(world.clock.pendingTimers).to.equal(0);
  });

  it('stops in time without the checkpoints that take too long: the journal has what they would have', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await ann.intent({ type: 'crate' });
    await world.tick(2);
    const standing = await world.entities('a');
    world.store.hold('zones.checkpoint');
    let stopped = false;
    const stopping = world.world.stop().then(() => {
      stopped = true;
    });
    await world.settle();
    await world.clock.advanceAsync(5_900);
    expect(stopped, 'there is time yet').to.equal(false);
    await world.clock.advanceAsync(200);
    await stopping;

    expect(world.clock.pendingTimers).to.equal(0);
    await world.crash();
    expect(await world.entities('a')).to.deep.equal(standing);
    await world.stop();
  });

  it('leaves no timer behind, whatever its zones were doing', async () => {
    const { world, fail } = await courierWorld({ zones: ['a', 'b', 'c'] });
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
    const { world, fail } = await courierWorld({ tickIntervalMs: 10_000 });
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
    const { world } = await courierWorld();
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
