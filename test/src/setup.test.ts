import { expect } from 'chai';
import type { ZoneId } from '../../actors/ids.js';
import type { WorldSetup } from '../../games/contract.js';
import { initGame, unfoldedZones } from '../../src/setup.js';
import { openMemoryStore } from '../../src/store/memory/open.js';
import { FakeClock } from '../support/fake-clock.js';
import { stillGame } from '../support/games.js';
import { RecordingLog } from '../support/recording-log.js';
import { checkpoint, entity } from './store/harness.js';

/** Runs this as the `init` of a game; answers the links that are there afterwards. */
async function setUp(init: (world: WorldSetup) => Promise<void>) {
  const clock = new FakeClock();
  const { zones, catalog } = await openMemoryStore({ clock });
  const unfolded = await unfoldedZones({ zones, catalog, clock, log: new RecordingLog() });
  await initGame({ ...stillGame, init }, { zones, catalog, unfolded, clock, maxZoneBytes: 1e6 });
  return (await catalog.links()).map(({ dx, dy }) => [dx, dy]);
}

describe('setting up a world: zones side by side', () => {
  const size = { width: 10, height: 10 };

  it('connects both ways, however often it is said, and moves them where it is said anew', async () => {
    const links = await setUp(async (world) => {
      const [a, b] = [await world.createZone({ name: 'a', ...size }), await world.createZone({ name: 'b', ...size })];
      await world.connect(a.id, b.id, { dx: 10, dy: 0 });
      await world.connect(a.id, b.id, { dx: 10, dy: 0 });
      await world.connect(b.id, a.id, { dx: -10, dy: 2 });
    });

    expect(links).to.have.deep.members([
      [10, -2],
      [-10, 2],
    ]);
  });

  it('refuses what cannot lie side by side, and says what was expected', async () => {
    const told: string[] = [];
    const links = await setUp(async (world) => {
      const [a, b] = [await world.createZone({ name: 'a', ...size }), await world.createZone({ name: 'b', ...size })];
      const wrong: Parameters<WorldSetup['connect']>[] = [
        [a.id, a.id, { dx: 10, dy: 0 }],
        [a.id, 'nowhere', { dx: 10, dy: 0 }],
        [a.id, b.id, { dx: 0.5, dy: 0 }],
        [a.id, b.id, { dx: 0, dy: 1_000_001 }],
      ];
      for (const args of wrong) await world.connect(...args).catch((error: Error) => told.push(error.message));
    });

    expect(told).to.deep.equal([
      'connect: "a" cannot lie beside itself',
      'connect: there is no zone nowhere',
      'connect: dx is 0.5; it takes whole cells, −1000000 to 1000000',
      'connect: dy is 1000001; it takes whole cells, −1000000 to 1000000',
    ]);
    expect(links).to.deep.equal([]);
  });
});

describe('setting up a world: entities of zones that are there already', () => {
  it('are made where there are none, by what a kill left in the journal', async () => {
    const clock = new FakeClock();
    const { zones, catalog } = await openMemoryStore({ clock });
    const made: (readonly string[])[] = [];
    const init = async (world: WorldSetup) => {
      const { id } = await world.createZone({ name: 'a', width: 10, height: 10 });
      made.push(await world.createEntities(id, [{ x: 1, y: 1 }]));
    };
    const stone = entity();
    const settle = async (zone: ZoneId) => {
      const stored = await zones.claim(zone);
      await zones.checkpoint([checkpoint({ id: zone, epoch: stored?.epoch ?? 0 }, 7, { changed: [stone] })]);
    };

    await initGame({ ...stillGame, init }, { zones, catalog, unfolded: { settle }, clock, maxZoneBytes: 1e6 });

    const [zone] = await catalog.list();
    expect(made).to.deep.equal([[]]);
    expect(zone && (await catalog.entities(zone.id))).to.deep.equal([stone]);
  });
});
