import { expect } from 'chai';
import type { GameModule } from '../../../games/contract.js';
import { TestWorld } from '../../support/world.js';

/** Wants to go on soon in each of its first ticks, and then in an hour. */
const restless: GameModule = {
  name: 'restless',
  onTick: ({ now, tickNumber }) => ({ wakeAt: tickNumber < 6 ? now + 200 : now + HOUR_MS }),
};
const HOUR_MS = 3_600_000;

describe('the wish of a zone to be woken', () => {
  it('is not written again with each tick that puts it off, and stands in the row when the zone sleeps', async () => {
    const world = await TestWorld.create(restless, { zones: ['a'], zoneGraceMs: 0 });
    const row = () => world.stored.zones.get(world.zone('a'));
    const ann = await world.join('ann', 'a');
    await world.tick();
    const first = row()?.wakeAtMs;
    await world.tick(3);
    expect(first).to.be.a('number');
    expect(row()?.wakeAtMs).to.equal(first);

    await ann.unsubscribe();
    await world.tick(6);

    expect(row()?.live).to.equal(false);
    expect(row()?.wakeAtMs).to.be.above(Number(first) + HOUR_MS / 2);
    await world.stop();
  });

  it('is written with the ticks that were shown before it was, whichever of them had it', async () => {
    const game: GameModule = {
      name: 'once',
      onTick: ({ now, tickNumber }) => (tickNumber === 2 ? { wakeAt: now + HOUR_MS } : { events: [{ at: now }] }),
    };
    const world = await TestWorld.create(game, { zones: ['a'], persistEveryTicks: 4 });
    await world.join('ann', 'a');
    await world.tick(4);

    expect(world.stored.zones.get(world.zone('a'))?.wakeAtMs).to.be.a('number');
    await world.stop();
  });

  it('wakes a zone that was killed in between, no later than it wanted', async () => {
    const world = await TestWorld.create(restless, { zones: ['a'], zoneGraceMs: 60_000 });
    const ann = await world.join('ann', 'a');
    await world.tick(3);
    await ann.unsubscribe();
    await world.tick();
    await world.crash();
    await world.tick(5);

    expect(world.actor('a')?.state).to.deep.equal({ live: 'ticking' });
    await world.stop();
  });
});
