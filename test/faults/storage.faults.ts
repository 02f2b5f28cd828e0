/**
 * Part B: what can go wrong with the database, under a real server whose every zone is a witness. A store that is away holds
 * them all, each for itself: nothing is shown that is not saved, and when it is back each goes on where it was, with a history
 * that nothing is missing from. Starts over bad files, order of flush and answer, and Postgres are in `test/flows` and `test/src/store`.
 */
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import sqlite3 from 'sqlite3';
import { Chance } from '../flows/chaos/chance.js';
import { BankRun } from '../flows/chaos/run.js';
import { BUILT, flowGame } from '../support/built.js';
import { holdWriteLock } from '../support/foreign-lock.js';
import { type Account, call, register } from '../support/player.js';
import { TestServer } from '../support/server.js';
import { skip } from '../support/skip.js';
import { SmallDisk } from '../support/small-disk.js';
import { until } from '../support/until.js';
import { enterWitnesses, type Witness } from './witness.js';

const INTERVAL_MS = 50;

describe('a fault of the store', function () {
  this.timeout(40_000);
  const disk = new SmallDisk();
  const file = join(disk.folder, 'world.db');
  let server: TestServer;
  let operator: Account;
  let witnesses: readonly Witness[];

  before(async () => {
    const env = { GAME: flowGame('clockwork.ts'), TICK_INTERVAL_MS: String(INTERVAL_MS), LOG_LEVEL: 'silent' };
    server = await TestServer.start({ env: { ...env, ZONE_WORKERS: '1', DATABASE_URL: `sqlite:${file}` } });
    operator = await register(server.url, 'operator');
    witnesses = await enterWitnesses(server, zone);
  });
  after(async () => {
    await server?.dispose();
    disk.remove();
  });

  it('B16: a full disk holds every zone, which shows nothing that is not saved, until there is room', async function () {
    if (!disk.isSmall) skip(this, 'a small disk takes Linux, and the right to mount one');
    disk.fill();
    await away();
    disk.free();

    await allUnharmed();
  });

  it('B17: a foreign lock holds every zone for as long as it lasts, and the queue of what waits stays small', async () => {
    const unlock = await holdWriteLock(file);
    await away();
    await sleep(3_000);
    const { queues } = (await call(server.url, 'GET', '/status')).body;
    await unlock();

    expect(queues.commits).to.be.at.most(witnesses.length);
    await allUnharmed();
  });

  it('A9: a kill takes nothing back that anybody was shown', async () => {
    for (const witness of witnesses) witness.say();
    const before = witnesses.map(({ last }) => last.count);
    await server.signal('SIGKILL');
    await server.start();
    for (const witness of witnesses) await witness.resume(server.socketUrl);

    for (const [index, { last }] of witnesses.entries()) expect(last.count).to.be.above(before[index] ?? 0);
    for (const witness of witnesses) witness.expectUnbroken();
  });

  it('B24: a zone whose state is of another version is left as it is, and nobody guesses; the others go on', async () => {
    const [victim = witnesses[0], ...others] = witnesses;
    await server.signal('SIGKILL');
    const otherVersion = `CAST(replace(CAST(body AS TEXT), '{"v":', '{"v":99') AS BLOB)`;
    // It may not have been checkpointed yet: then its journal is all there is.
    for (const table of ['zone_checkpoint', 'zone_journal'])
      await change(file, `UPDATE ${table} SET body = ${otherVersion} WHERE zone_id = '${victim?.zone}'`);
    await server.start();
    for (const witness of others) await witness.resume(server.socketUrl);
    // Nobody is in the zone any more: it is read when its player comes back, who is not let in.
    victim?.resume(server.socketUrl).catch(() => undefined);

    await until(async () => (await lastErrorOf(victim?.zone)).includes('version 99'));
    for (const witness of others) witness.expectUnbroken();
    expect((await call(server.url, 'GET', '/healthz')).status).to.equal(200);
  });

  it('B22: a file that is taken away ends the server at once, and no empty world takes its place', async () => {
    renameSync(file, `${file}.away`);
    const { status } = await server.ended;
    renameSync(`${file}.away`, file);

    expect(status).to.equal(75);
  });

  async function away(): Promise<void> {
    for (const witness of witnesses) witness.say();
    await until(async () => (await call(server.url, 'GET', '/healthz')).status === 503);
    const shown = witnesses.map(({ last }) => last.count);
    await sleep(5 * INTERVAL_MS);
    expect(
      witnesses.map(({ last }) => last.count),
      'shown while nothing can be saved',
    ).to.deep.equal(shown);
    expect((await call(server.url, 'GET', '/api/zones', operator)).status).to.equal(200);
  }

  async function allUnharmed(): Promise<void> {
    for (const witness of witnesses) await witness.heard();
    for (const witness of witnesses) {
      witness.expectUnharmed({ missed: Number((await actorOf(witness.zone))?.timings.missed_ticks) });
    }
    expect((await call(server.url, 'GET', '/healthz')).status).to.equal(200);
  }

  async function zone(name: string): Promise<string> {
    const { body } = await call(server.url, 'POST', '/api/zones', { ...operator, body: { name, width: 4, height: 4 } });
    return body.id;
  }

  /** From the whole tree: a zone that cannot be read has no state to ask for. */
  async function lastErrorOf(id: string | undefined): Promise<string> {
    const { body } = await call(server.url, 'GET', '/api/debug/actors', operator);
    const groups: { readonly children?: { zone_id: string; last_error: { message: string } | null }[] }[] = body.children;
    return groups.flatMap(({ children = [] }) => children).find((zone) => zone.zone_id === id)?.last_error?.message ?? '';
  }

  const actorOf = async (id: string) => (await call(server.url, 'GET', `/api/debug/zones/${id}/state`, operator)).body?.actor;
});

describe('B18: a database that fails again and again', function () {
  this.timeout(60_000);

  it('takes nothing back, loses nothing and doubles nothing, whether the statement is lost or its answer', async () => {
    const env = {
      ...{ GAME: flowGame('bank.ts'), TICK_INTERVAL_MS: '20', ZONE_GRACE_MS: '50', LOG_LEVEL: 'silent', FAIL_EVERY: '23' },
      NODE_OPTIONS: `--import=${BUILT}/test/support/faulty-parts.mjs`,
    };
    const server = await TestServer.start({ env });
    const run = new BankRun(server, new Chance(18));
    try {
      await run.begin();
      server.poke('SIGUSR2');
      await run.traffic(5_000);
      run.quiet();
      server.poke('SIGUSR2');
      // What failed last is tried again within two seconds.
      await sleep(2_500);
      await run.settle();
      await run.inspect();
      const text = await (await fetch(`${server.url}/metrics`)).text();

      expect(Number(/^gridstead_store_errors_total (\d+)/m.exec(text)?.[1])).to.be.above(3);
      expect(run.faults()).to.deep.equal([]);
      expect(run.unbooked()).to.deep.equal([]);
    } finally {
      run.stop();
      await server.dispose();
    }
  });
});

describe('a start over a database', function () {
  this.timeout(60_000);

  it('B23: that an earlier start left half made, wherever it was killed, finishes it; and of two at once one owns it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gridstead-half-'));
    const env = { DATABASE_URL: `sqlite:${join(folder, 'world.db')}`, LOG_LEVEL: 'silent' };
    const starts: TestServer[] = [];
    try {
      for (let afterMs = 150; afterMs < 900; afterMs += 75) {
        const half = TestServer.launch({ env });
        await sleep(afterMs);
        await half.signal('SIGKILL');
        await half.dispose();
      }
      starts.push(TestServer.launch({ env }), TestServer.launch({ env }));
      const said = await Promise.all(
        starts.map((start) =>
          start.says(/listening on/).then(
            () => 'listens',
            () => 'refused',
          ),
        ),
      );

      expect(said.sort()).to.deep.equal(['listens', 'refused']);
    } finally {
      await Promise.all(starts.map((start) => start.dispose()));
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('B25: that is not there is refused with one line, which has no password in it', async () => {
    const env = { DATABASE_URL: 'postgres://somebody:hunter2@127.0.0.1:9/world', DEBUG_USER: '' };
    const { status, stderr } = await TestServer.run({ env });

    expect(status).to.be.above(0);
    expect(stderr)
      .to.match(/^gridstead: [^\n]+\n$/)
      .and.not.contain('hunter2');
  });
});

async function change(file: string, sql: string): Promise<void> {
  const database = new sqlite3.Database(file);
  await new Promise<void>((resolve, reject) => database.exec(sql, (error) => (error ? reject(error) : resolve())));
  await new Promise<void>((resolve) => database.close(() => resolve()));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
