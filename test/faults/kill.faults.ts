/**
 * Kill -9 at any instant, again and again, with transfers and resumes going on: promises 1, 2, 3 and 5 against
 * the real server. `GRIDSTEAD_CHAOS_ROUNDS` makes it longer, `GRIDSTEAD_CHAOS_SEED` repeats a run as far as it can be.
 */
import { expect } from 'chai';
import { Chance } from '../flows/chaos/chance.js';
import { BankRun } from '../flows/chaos/run.js';
import { flowGame } from '../support/built.js';
import { holdWriteLock } from '../support/foreign-lock.js';
import { TestServer } from '../support/server.js';

const ROUNDS = Number(process.env.GRIDSTEAD_CHAOS_ROUNDS || 4);
const SEED = Number(process.env.GRIDSTEAD_CHAOS_SEED || Date.now() % 1_000_000);
const SETTINGS = { GAME: flowGame('bank.ts'), TICK_INTERVAL_MS: '20', ZONE_GRACE_MS: '50' };

describe(`kill -9, again and again (seed ${SEED})`, () => {
  let server: TestServer;

  before(async () => {
    server = await TestServer.start({ env: SETTINGS });
  });

  after(() => server.dispose());

  it(`takes nothing back, loses nothing and doubles nothing over ${ROUNDS} kills`, async function () {
    this.timeout(20_000 + ROUNDS * 5_000);
    const chance = new Chance(SEED);
    const run = new BankRun(server, chance);
    try {
      await run.begin();
      for (let round = 1; round <= ROUNDS; round++) {
        await run.traffic(chance.between(100, 900));
        await end(chance.next(), run);
        if (chance.next() < 0.25) await server.killDuringStart(chance.between(300, 900));
        await server.start();
        run.quiet();
        await run.inspect();
        expect(run.faults(), `round ${round}`).to.deep.equal([]);
      }
      await run.traffic(200);
      run.quiet();
      await run.settle();
      await run.inspect();

      expect(run.faults()).to.deep.equal([]);
      expect(run.unbooked()).to.deep.equal([]);
      const totals = run.totals();
      expect(
        Object.values(totals).every((count) => count > 0),
        JSON.stringify(totals),
      ).to.equal(true);
      if (process.env.GRIDSTEAD_CHAOS_ROUNDS) console.log(totals);
    } finally {
      run.stop();
    }
  });

  /** Most often at any instant; or while a commit cannot end, when whatever is shown would be taken back; or by a clean stop. */
  async function end(fate: number, run: BankRun): Promise<void> {
    if (fate < 0.2) {
      expect((await server.signal('SIGTERM')).status).to.equal(0);
      return;
    }
    const unlock = fate < 0.6 ? await holdWriteLock(server.databaseFile) : null;
    if (unlock) await run.traffic(30 + 100 * fate);
    await server.signal('SIGKILL');
    await unlock?.();
  }
});
