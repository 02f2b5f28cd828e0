import { expect } from 'chai';
import fc from 'fast-check';
import type { ZoneId } from '../../../../actors/ids.js';
import { SystemClock } from '../../../../src/observe/clock.js';
import { InlineSimulation } from '../../../../src/simulation/inline-simulation.js';
import { PooledSimulation } from '../../../../src/simulation/pool/pool.js';
import { BUILT_WORKER, poolGame } from '../../../support/built.js';
import lookout from '../../../support/pool-games/lookout.js';
import { RecordingLog } from '../../../support/recording-log.js';
import { type Deed, deeds, prepare } from '../borders/plans.js';
import { PortWorld } from '../borders/port-world.js';
import { intent, request } from '../support.js';

const START = { entry: BUILT_WORKER, game: poolGame('lookout.ts'), cwd: process.cwd(), gamesDir: '' };
const RULES = { secret: 's', maxZoneBytes: 1e6 };
const BUDGET_MS = 400;

describe('borders of zones in two worker threads', function () {
  this.timeout(30_000);
  const lost: ZoneId[] = [];
  let pool: PooledSimulation;
  let world: PortWorld;

  before(async () => {
    const clock = new SystemClock();
    const log = new RecordingLog();
    pool = new PooledSimulation({
      game: lookout,
      start: { ...RULES, ...START, tickBudgetMs: BUDGET_MS, spoilable: false },
      ...{ workers: 2, heapMb: 64, tickIntervalMs: 100, clock, log },
      onHostLost: (zone) => lost.push(zone),
      onStray() {},
      ask: async () => ({}),
    });
    await pool.ready();
    // What one thread shows is what two must show.
    const inline = new InlineSimulation({
      ...RULES,
      game: lookout,
      tickBudgetMs: 10_000,
      guarded: false,
      clock,
      log,
      onHang() {},
    });
    world = new PortWorld([inline, pool], 3);
    for (const zone of world.zones) await world.load(zone);
  });
  after(() => pool.stop());

  /** `PortWorld` compares what the two answer, at every step. */
  async function play(seed: number, ticks: number): Promise<void> {
    const [plan = []] = fc.sample(deeds(world.zones.length, ticks), { seed, numRuns: 1 });
    for (const tick of plan) await world.tick(await prepare(world, tick));
  }

  it('show the same as on one thread, over steps taken back, restores, moves and sleep', async () => {
    await play(1, 60);

    expect(lost).to.deep.equal([]);
    expect(world.tickNumber).to.equal(60);
  });

  it('show the same after a worker was ended, and its zones restored elsewhere', async () => {
    for (const culprit of world.zones.slice(0, 2)) {
      if (!world.isAwake(culprit)) await world.load(culprit);
      const step = { ...request(world.tickNumber + 1_000), zone: culprit, intents: [intent(1, null, { type: 'hang' })] };
      await pool.step(step).catch(() => undefined);
      const gone = lost.splice(0);
      expect(gone).to.include(culprit);
      // One after another: the first of them sees what no thread knows any more.
      for (const zone of gone) await world.load(zone, [pool]);
      await play(world.tickNumber, 15);
    }
  });

  it('show nothing of a zone that is no more', async () => {
    const [doomed, beside] = world.zones;
    if (!doomed || !beside) throw new Error('there are nine');
    for (const zone of [doomed, beside]) if (!world.isAwake(zone)) await world.load(zone);
    await world.tick();
    world.remove(doomed);

    const views = await world.tick();
    await world.tick();

    expect(views.get(beside)?.beside).to.not.include('z0');
    expect(views.get(beside)?.over.map(({ zone }) => zone)).to.not.include('z0');
  });

  it('are written down for the other threads as changes, which are small', async () => {
    const [first, ...rest] = world.zones.slice(1);
    if (!first) throw new Error('there are eight');
    for (const zone of [first, ...rest]) if (!world.isAwake(zone)) await world.load(zone);
    const put: Deed = { zone: 1, what: 'put', name: 9, x: 0, y: 0, to: 1 };
    await world.tick(await prepare(world, [put]));
    await world.tick();

    const { border } = await pool.step({ ...request(world.tickNumber + 1), zone: first });
    pool.abandon(first, world.tickNumber + 1);

    expect(border?.change?.length, 'where nothing moved').to.be.lessThan(80);
  });
});
