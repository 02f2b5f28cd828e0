/**
 * A power cut, after which the write-ahead log ends at any byte: the database opens to a state no older than the last one that
 * anybody had been shown when the log was that long. A real server writes the log, and is killed; each length is tried on what
 * it left. That a flush stands between a tick and its showing is `test/flows/process/running.slow.ts`.
 */
import { copyFileSync, cpSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import sqlite3 from 'sqlite3';
import { flowGame } from '../support/built.js';
import { type Account, call, register } from '../support/player.js';
import { TestServer } from '../support/server.js';
import { Witness, withoutFault } from './witness.js';

/** What was shown when the log had this length. */
interface Shown {
  readonly logBytes: number;
  readonly tick: number;
}

const TICKS = 2;

describe('the write-ahead log of a server, cut at every byte', function () {
  this.timeout(120_000);
  let folder: string;
  let file: string;
  let zone: string;
  let account: Account;
  const shown: Shown[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gridstead-power-'));
    file = join(folder, 'world.db');
    const server = await TestServer.start({ env: env(file) });
    const operator = await register(server.url, 'operator');
    zone = (await call(server.url, 'POST', '/api/zones', { ...operator, body: { name: 'z', width: 4, height: 4 } })).body.id;
    account = await register(server.url, 'anna');
    // Folds the log into the file: what follows is short.
    await server.signal('SIGTERM');
    await server.start();
    const witness = await Witness.enter(server.socketUrl, account, zone);
    for (let i = 0; i <= TICKS; i++) {
      const { tick_number: tick } = await witness.socket.next('tick');
      // Longer by now, if anything: then more is asked of the cut than was promised.
      shown.push({ logBytes: statSync(`${file}-wal`).size, tick });
    }
    await server.signal('SIGKILL');
    cpSync(file, join(folder, 'kept.db'));
    cpSync(`${file}-wal`, join(folder, 'kept.db-wal'));
    await server.dispose();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('opens to a state no older than the last one shown', async () => {
    const cut = join(folder, 'cut.db');
    copyFileSync(join(folder, 'kept.db'), cut);
    copyFileSync(join(folder, 'kept.db-wal'), `${cut}-wal`);
    const first = shown[0]?.logBytes ?? 0;
    const found: number[] = [];

    for (let bytes = statSync(`${cut}-wal`).size; bytes >= first; bytes--) {
      truncateSync(`${cut}-wal`, bytes);
      const tick = await newestTick(cut, zone);
      const least = Math.max(...shown.map((then) => (then.logBytes <= bytes ? then.tick : 0)));
      if (tick < least) expect.fail(`cut at ${bytes}: the newest tick is ${tick}, and ${least} was shown`);
      if (tick !== found[0]) found.unshift(tick);
    }

    expect(found, 'states that were found, each once').to.deep.equal([...new Set(found)].sort((a, b) => a - b));
    expect(found.length).to.be.at.least(TICKS);
  });

  it('opens as a world, whose history is the one that was shown', async () => {
    const world = join(folder, 'world-again.db');
    for (const { logBytes, tick } of [shown[1], shown.at(-1)].flatMap((then) => then ?? [])) {
      copyFileSync(join(folder, 'kept.db'), world);
      copyFileSync(join(folder, 'kept.db-wal'), `${world}-wal`);
      truncateSync(`${world}-wal`, logBytes);
      const server = await TestServer.start({ env: env(world) });
      try {
        const witness = await Witness.enter(server.socketUrl, account, zone);

        expect(witness.last.digest).to.equal(withoutFault(witness.last).digest);
        expect(witness.lastTick).to.be.above(tick);
      } finally {
        await server.signal('SIGTERM');
        await server.dispose();
      }
    }
  });
});

const env = (file: string) => ({
  ...{ GAME: flowGame('clockwork.ts'), TICK_INTERVAL_MS: '100', LOG_LEVEL: 'silent' },
  DATABASE_URL: `sqlite:${file}`,
});

/** Reads only: nothing is folded, and the log stays as it was cut. */
async function newestTick(file: string, zone: string): Promise<number> {
  rmSync(`${file}-shm`, { force: true });
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened: sqlite3.Database = new sqlite3.Database(file, sqlite3.OPEN_READONLY, (error) =>
      error ? reject(error) : resolve(opened),
    );
  });
  const sql = 'SELECT MAX(tick) AS tick FROM zone_journal WHERE zone_id = ?';
  const rows = await new Promise<{ tick: number }[]>((resolve, reject) =>
    database.all<{ tick: number }>(sql, [zone], (error, found) => (error ? reject(error) : resolve(found))),
  );
  await new Promise<void>((resolve, reject) => database.close((error) => (error ? reject(error) : resolve())));
  return rows[0]?.tick ?? 0;
}
