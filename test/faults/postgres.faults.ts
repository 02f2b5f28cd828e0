/**
 * The whole server over Postgres: killed, cut off from its database in the middle of a commit, and left alone by a
 * database that crashes; with players, transfers and resumes going on all along. Not beside other suites: it crashes the
 * database that they use.
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Chance } from '../flows/chaos/chance.js';
import { BankRun } from '../flows/chaos/run.js';
import { flowGame } from '../support/built.js';
import { createTestDatabase, POSTGRES_SKIPPED, POSTGRES_URL, type TestDatabase } from '../support/postgres.js';
import { TestServer } from '../support/server.js';
import { skip } from '../support/skip.js';

const SEED = Number(process.env.GRIDSTEAD_CHAOS_SEED || Date.now() % 1_000_000);

if (POSTGRES_URL) withPostgres(POSTGRES_URL);
else it(POSTGRES_SKIPPED);

function withPostgres(url: string): void {
  describe(`a server over Postgres (seed ${SEED})`, function () {
    this.timeout(60_000);
    let database: TestDatabase;
    let server: TestServer;
    let run: BankRun;
    const chance = new Chance(SEED);

    before(async () => {
      database = await createTestDatabase(url);
      const env = {
        ...{ GAME: flowGame('bank.ts'), TICK_INTERVAL_MS: '20', ZONE_GRACE_MS: '50', LOG_LEVEL: 'silent' },
        DATABASE_URL: await database.schema(),
      };
      server = await TestServer.start({ env });
      run = new BankRun(server, chance);
      await run.begin();
    });

    after(async () => {
      run?.stop();
      await server?.dispose();
      await database?.drop();
    });

    it('takes nothing back, loses nothing and doubles nothing when it is killed', async () => {
      for (let round = 0; round < 2; round++) {
        await run.traffic(chance.between(100, 500));
        await server.signal('SIGKILL');
        await server.start();
        run.quiet();
        await run.inspect();
      }
      await expectWell();
    });

    it('finds out what became of a commit whose connection was ended', async () => {
      for (let cut = 0; cut < 5; cut++) {
        await run.traffic(chance.between(50, 200));
        run.quiet();
        await database.run(END_CONNECTIONS);
      }
      await expectWell();
    });

    it('waits for a database that crashed and is started again', async function () {
      const [row] = await database.run('SHOW data_directory');
      const restart = restarter(String(row?.data_directory));
      if (!restart) skip(this, 'this server is not one that the tests may crash');
      await run.traffic(200);

      restart();
      await run.traffic(500);
      run.quiet();

      await expectWell();
    });

    async function expectWell(): Promise<void> {
      await run.settle();
      await run.inspect();
      expect(run.faults()).to.deep.equal([]);
      expect(run.unbooked()).to.deep.equal([]);
    }
  });
}

const END_CONNECTIONS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE application_name = 'gridstead' AND datname = current_database()`;

/** Crashes the cluster in this folder and starts it again, as its owner; null: that is not for us to do. */
function restarter(folder: string): (() => void) | null {
  const pgCtl = spawnSync('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin/pg_ctl | tail -n 1'], { encoding: 'utf8' }).stdout.trim();
  const owner = statSync(join(folder, 'postmaster.pid'), { throwIfNoEntry: false });
  const mayAct = process.getuid?.() === 0 || process.getuid?.() === owner?.uid;
  if (!pgCtl || !owner || !mayAct) return null;
  return () => {
    const { uid, gid } = owner;
    const { status } = spawnSync(pgCtl, ['-D', folder, '-m', 'immediate', '-w', 'restart'], { uid, gid, stdio: 'ignore' });
    if (status !== 0) throw new Error(`pg_ctl restart ended with ${status}`);
  };
}
