import { expect } from 'chai';
import { courierWorld } from '../../support/courier-world.js';

describe('the sleep of a zone', () => {
  it('comes a grace time after the last reason to be live, and costs nothing from then on', async () => {
    const { world } = await courierWorld({ zoneGraceMs: 500 });
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
    const { world } = await courierWorld({ zoneGraceMs: 0 });
    const ann = await world.join('ann', 'a');
    await world.tick(4);

    expect(ann.ticks()).to.have.lengthOf(4);
    expect(world.actor('a')?.epoch).to.equal(1);
    await world.stop();
  });

  it('is given up when somebody comes while the zone is being put to sleep', async () => {
    const { world } = await courierWorld({ zoneGraceMs: 500 });
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
    const { world } = await courierWorld({ zoneGraceMs: 500 });
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
    const { world } = await courierWorld({ zoneGraceMs: 300 });
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
