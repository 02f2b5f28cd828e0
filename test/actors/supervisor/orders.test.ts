import { expect } from 'chai';
import { courierWorld, notesAfterLeaving, storyOf } from '../../support/courier-world.js';
import { INTERVAL_MS } from '../../support/world.js';

describe("an operator's order", () => {
  it('restarts a zone from its last commit, and nobody loses anything', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await ann.intent({ type: 'note', note: 'kept' }, 1);
    await world.tick();
    await ann.intent({ type: 'note', note: 'waits' }, 2);
    ann.clear();

    const obeyed = world.world.restartZone(world.zone('a'));
    await world.settle();
    await world.tick();

    expect(obeyed).to.equal(true);
    expect(world.actor('a')).to.deep.include({ restarts: 1 });
    expect(ann.last('tick')).to.deep.include({ ack: 2 });
    expect(storyOf(ann)).to.deep.equal(['tick']);
    await world.stop();
  });

  it('restarts a zone whose tick is being written when that has ended, and the tick is shown', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    const release = world.store.hold('zones.commit');
    await ann.intent({ type: 'note', note: 'kept' }, 1);
    await world.tick();
    ann.clear();

    world.world.restartZone(world.zone('a'));
    await world.settle();
    const during = world.actor('a')?.restarts;
    release();
    await world.settle();
    const afterwards = world.actor('a')?.restarts;
    await world.tick();

    expect([during, afterwards]).to.deep.equal([0, 1]);
    expect(ann.all('tick').map(({ ack }) => ack)).to.deep.equal([1, undefined]);
    expect(await notesAfterLeaving(world, ann)).to.deep.equal(['kept']);
    await world.stop();
  });

  it('takes no time from a zone that it restarts: that goes on from its last tick, although nothing of it was written', async () => {
    const { world, seen } = await courierWorld();
    await world.join('ann', 'a');
    await world.tick(6);

    world.world.restartZone(world.zone('a'));
    await world.settle();
    await world.tick();

    expect(seen.at(-1)?.elapsedMs).to.equal(INTERVAL_MS);
    await world.stop();
  });

  it('quarantines a zone, whose players are told, until it is restarted or half a minute has passed', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();

    const obeyed = world.world.quarantineZone(world.zone('a'));
    await world.settle();
    const quarantined = world.actor('a')?.state;
    const again = world.world.quarantineZone(world.zone('a'));
    world.world.restartZone(world.zone('a'));
    await world.settle();
    const freed = world.actor('a')?.state;
    world.world.quarantineZone(world.zone('a'));
    await world.pass(29_000);
    const still = world.actor('a')?.state;
    await world.pass(2_000);

    expect([obeyed, again]).to.deep.equal([true, false]);
    expect([quarantined, freed, still]).to.deep.equal(['quarantined', { live: 'ticking' }, 'quarantined']);
    expect(world.actor('a')?.state).to.deep.equal({ live: 'ticking' });
    expect(storyOf(ann)).to.include('error zone_unavailable');
    await world.stop();
  });

  it('is nothing to a zone that sleeps', async () => {
    const { world } = await courierWorld();

    expect([world.world.restartZone(world.zone('a')), world.world.quarantineZone(world.zone('a'))]).to.deep.equal([false, false]);
    await world.stop();
  });
});
