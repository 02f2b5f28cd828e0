import { expect } from 'chai';
import { heardIn } from '../support/courier-game.js';
import { courierWorld } from '../support/courier-world.js';
import type { TestWorld } from '../support/world.js';

/** What a zone has heard, by what is committed. */
function heard(world: TestWorld, zone: string): readonly string[] {
  return heardIn(world.world.zone(world.zone(zone))?.metadata ?? {});
}

describe('an effect on another zone', () => {
  it('is seen by the next tick of that zone, which wakes for it, in the order of the sends', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();

    for (const text of ['one', 'two', 'three']) await ann.intent({ type: 'tell', to: world.zone('b'), text });
    await world.tick(2);

    expect(heard(world, 'b')).to.deep.equal(['one', 'two', 'three']);
    expect(world.stored.inbox.size).to.equal(0);
    expect(world.telemetry.counts.get('effects_total')).to.equal(3);
    await world.stop();
  });

  it('may be for the zone itself', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await ann.intent({ type: 'tell', to: world.zone('a'), text: 'echo' });

    await world.tick(3);

    expect(heard(world, 'a')).to.deep.equal(['echo']);
    await world.stop();
  });

  it('comes back from where there is no zone, from a quarantined one, and from one that is deleted before it took it', async () => {
    const { world, failAgain, failing } = await courierWorld({ zones: ['a', 'b', 'c'] });
    const ann = await world.join('ann', 'a');
    await world.tick();
    await world.join('bob', 'b');
    await failAgain('b', 5);

    await ann.intent({ type: 'tell', to: '00000000-0000-4000-8000-00000000dead', text: 'nowhere' });
    await ann.intent({ type: 'tell', to: world.zone('b'), text: 'sick' });
    await world.tick(2);
    // It waits: every tick of the target fails with it.
    failing.add('c');
    await ann.intent({ type: 'tell', to: world.zone('c'), text: 'late' });
    await world.tick();
    await world.world.deleteZone(world.zone('c'));
    await world.tick(2);

    expect(heard(world, 'a')).to.deep.equal(['gone: nowhere', 'quarantined: sick', 'gone: late']);
    await world.stop();
  });

  it('comes back when the tick that takes it fails with it and succeeds without', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    const bob = await world.join('bob', 'b');
    await world.tick();
    bob.clear();

    await ann.intent({ type: 'tell', to: world.zone('b'), text: 'curse' });
    await world.pass(3_000);

    // In its own zone it is what came back, and harms nobody.
    expect(heard(world, 'a')).to.deep.equal(['failed: curse']);
    expect(heard(world, 'b')).to.deep.equal([]);
    expect(bob.last('tick')).not.to.equal(undefined);
    await world.stop();
  });

  for (const trouble of ['away', 'unknown'] as const) {
    it(`is heard once although the store is ${trouble} at any of its writes`, async () => {
      for (let skip = 0; skip < 4; skip += 1) {
        const { world } = await courierWorld();
        const ann = await world.join('ann', 'a');
        await world.tick();
        world.store.fail('zones', trouble, { skip, times: 2 });

        await ann.intent({ type: 'tell', to: world.zone('b'), text: 'once' });
        await world.pass(4_000);

        expect(heard(world, 'b'), `skip ${skip}`).to.deep.equal(['once']);
        await world.stop();
      }
    });
  }

  it('is heard once although the process is killed before, between, and after the two commits', async () => {
    for (const [calls, what] of [
      ['zones.commit', 'call'],
      ['zones.commit', 'answer'],
      ['zones.claim', 'call'],
      ['zones.claim', 'answer'],
    ] as const) {
      for (let ticks = 0; ticks < 3; ticks += 1) {
        const { world } = await courierWorld();
        const ann = await world.join('ann', 'a');
        await world.tick();
        await ann.intent({ type: 'tell', to: world.zone('b'), text: 'once' }, 1);
        await world.tick(ticks);
        world.store.hold(calls, what);
        await world.tick();

        await world.crash();
        await ann.resume();
        if (ann.last('join_ack')?.last_seq === 0) await ann.intent({ type: 'tell', to: world.zone('b'), text: 'once' }, 1);
        await world.tick(3);

        expect(heard(world, 'b'), `${what} of ${calls} after ${ticks} ticks`).to.deep.equal(['once']);
        expect(world.stored.inbox.size).to.equal(0);
        await world.stop();
      }
    }
  });
});

describe('what a game counts', () => {
  it('is counted once its tick is committed, and not when that fails', async () => {
    const { world, failing } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();

    for (const note of ['one', 'two']) await ann.intent({ type: 'note', note });
    await world.tick();
    failing.add('a');
    await ann.intent({ type: 'note', note: 'lost' });
    await world.tick();

    expect(world.telemetry.gameCounts.get('intents')).to.equal(2);
    await world.stop();
  });
});
