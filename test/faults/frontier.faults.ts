/**
 * A world of many zones, on worker threads, killed at any instant and at each step of a transfer, while entities and things cross
 * borders all the time: promises 1, 2 and 5 against the real server. `GRIDSTEAD_CHAOS_ROUNDS` makes it longer,
 * `GRIDSTEAD_CHAOS_SEED` repeats a run as far as it can be.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { Chance } from '../flows/chaos/chance.js';
import { RoamingRun } from '../flows/chaos/roaming.js';
import { flowGame, ROOT } from '../support/built.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

const LONG = process.env.GRIDSTEAD_CHAOS_ROUNDS;
const SEED = Number(process.env.GRIDSTEAD_CHAOS_SEED || Date.now() % 1_000_000);
const STEPS = ['sending', 'sent', 'posted', 'taking', 'taken', 'shown'] as const;
/** A kill in each step of a transfer, and as many anywhere. */
const FATES = STEPS.flatMap((step) => [step, 'anywhere'] as const);
const ROUNDS = Number(LONG || 2);
const FAULT_POINTS = pathToFileURL(join(ROOT, 'test/support/fault-points.mjs')).href;

describe(`frontier, killed again and again (seed ${SEED})`, () => {
  let env: Record<string, string>;
  let server: TestServer;
  let run: RoamingRun;
  let chance: Chance;

  before(async function () {
    this.timeout(60_000);
    env = {
      GAME: flowGame('little-frontier.ts'),
      TICK_INTERVAL_MS: '20',
      // A thread costs each start half a second.
      ZONE_WORKERS: LONG ? '2' : '1',
      NODE_OPTIONS: `--import=${FAULT_POINTS}`,
    };
    chance = new Chance(SEED);
    server = await TestServer.start({ env });
    run = new RoamingRun(server, chance);
    await run.begin();
    run.roam();
    await until(() => run.totals().handovers > 0 && run.totals().picked > 0, 30_000);
    await server.signal('SIGKILL');
  });

  after(async () => {
    await run.stop();
    await server.dispose();
  });

  it(`has everything in exactly one place, and takes nothing back, over ${ROUNDS} kills`, async function () {
    this.timeout(60_000 + ROUNDS * 20_000);
    const kills: Record<string, number> = {};
    const first = chance.between(0, FATES.length);
    for (let round = 0; round < ROUNDS; round++) {
      const fate = FATES[(first + round) % FATES.length] ?? 'anywhere';
      await start(fate === 'anywhere' ? undefined : `${fate}:${chance.between(1, 12)}`);
      await run.inspect();
      expect(run.faults(), `after ${round} kills`).to.deep.equal([]);
      run.roam();
      if (fate === 'anywhere') await run.traffic(chance.between(50, 700));
      server.poke(fate === 'anywhere' ? 'SIGKILL' : 'SIGUSR2');
      expect((await server.ended).signal).to.equal('SIGKILL');
      run.quiet();
      kills[fate] = (kills[fate] ?? 0) + 1;
    }
    // What that does shows after the next kill only.
    await start('unfenced');
    await run.seeAgain();
    await run.inspect();

    expect(run.faults()).to.deep.equal([]);
    if (LONG) console.log({ ...run.totals(), kills });
  });

  it('is found to be broken when what was taken from an inbox stays in it', async function () {
    this.timeout(60_000);
    expect(run.faults()).to.deep.equal([]);
    const { handovers } = run.totals();
    run.roam();
    await until(() => run.totals().handovers > handovers, 30_000);
    run.quiet();
    await server.signal('SIGKILL');
    await start();
    await run.inspect();

    expect(run.faults()).to.not.deep.equal([]);
  });

  /** Over the same data, with a fault to come. */
  async function start(fault?: string): Promise<void> {
    if (fault) env.GRIDSTEAD_TEST_FAULT = fault;
    else delete env.GRIDSTEAD_TEST_FAULT;
    await server.start();
  }
});
