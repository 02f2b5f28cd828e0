/** Which SQLite files are opened, which are refused untouched, and what a killed start leaves. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { OwnershipLostError } from '../../../actors/errors.js';
import { StoreOpenError } from '../../../src/store/open.js';
import type { Migration } from '../../../src/store/sql/migrate.js';
import { MIGRATIONS } from '../../../src/store/sql/migrations/index.js';
import { openSqlite } from '../../../src/store/sql/sqlite/open.js';
import { skip } from '../../support/skip.js';
import { Bench } from './harness.js';
import { type SqliteHarness, sqliteHarness } from './sqlite-harness.js';

const NOBODY = 65_534;

describe('opening a SQLite database', () => {
  let harness: SqliteHarness;
  beforeEach(async () => {
    harness = await sqliteHarness();
  });
  afterEach(() => harness.dispose());

  it('makes the folder, and takes an empty file for a new database', async () => {
    const file = path.join(path.dirname(harness.file()), 'deep', 'er', 'world.db');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, '');

    const store = await openSqlite(file, harness.surroundings);

    expect(store.kind).to.equal('sqlite');
    await store.close();
  });

  it('says why the folder cannot be made', async () => {
    const file = path.join(harness.file(), 'folder', 'world.db');
    await writeFile(harness.file(), 'a file, and no folder');

    const error = await openSqlite(file, harness.surroundings).catch((refused: unknown) => refused);

    expect(error).to.be.instanceOf(StoreOpenError).and.to.have.property('exitStatus', 78);
    expect(String(error)).to.contain(`the folder of the database ${file} cannot be made: ENOTDIR: not a directory, mkdir `);
  });

  it('refuses garbage, and leaves it as it is', async () => {
    await writeFile(harness.file(), 'this is no database, but somebody may want it back. '.repeat(200));

    await expectRefusedUntouched(harness, /not a database/);
  });

  for (const bytes of [10, 100, 5_000, 20_000]) {
    it(`refuses a database that was cut off at ${bytes} bytes, and leaves it as it is`, async () => {
      await (await harness.open()).close();
      await truncate(harness.file(), bytes);

      await expectRefusedUntouched(harness, /cannot be used|can be used/);
    });
  }

  it('refuses the database of another program, and leaves it as it is', async () => {
    await writeFile(harness.file(), '');
    await harness.foreign('CREATE TABLE recipes (name TEXT)');

    await expectRefusedUntouched(harness, /belongs to another program/);
  });

  it('refuses the database of a newer version, names what it does not know, and leaves it as it is', async () => {
    await (await harness.open()).close();
    await harness.foreign("INSERT INTO gridstead_migrations (name, run_at) VALUES ('0099-dragons', '')");

    await expectRefusedUntouched(harness, /newer version \(0099-dragons\)/);
  });

  it('refuses the database of a newer version although it was killed with its log unfolded', async () => {
    const store = await harness.open();
    await harness.foreign("INSERT INTO gridstead_migrations (name, run_at) VALUES ('0099-dragons', '')");
    await harness.kill(store);

    await expectRefusedUntouched(harness, /newer version/);
  });

  it('refuses a database whose own row it cannot understand', async () => {
    await (await harness.open()).close();
    await harness.foreign("UPDATE world SET epoch = 'many'");

    await expectRefusedUntouched(harness, /cannot be used: .*epoch/);
  });

  it('refuses a file that it may not write', async function () {
    if (process.getuid?.() !== 0) skip(this, 'only root can give a file to somebody else');
    await (await harness.open()).close();
    await chmod(harness.file(), 0o444);
    await chown(path.dirname(harness.file()), NOBODY, NOBODY);
    await chown(`${harness.file()}.lock`, NOBODY, NOBODY);

    await asNobody(() => expectRefusedUntouched(harness, /cannot be read and written/));
  });

  it('refuses a folder in the place of a file', async () => {
    await mkdir(harness.file());

    const error = await harness.open().catch((refusal: unknown) => refusal);

    expect(error).to.be.instanceOf(StoreOpenError);
    expect(error).to.include({ exitStatus: 78 });
  });

  it('is opened by one of two servers that start at once', async () => {
    const results = await Promise.allSettled([harness.open(), harness.open()]);

    const opened = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect([opened.length, refused.length]).to.deep.equal([1, 1]);
    expect(refused[0]).to.include({ exitStatus: 75 });
    for (const store of opened) await store.close();
  });

  it('fences off a server whose lock was lost and taken by another', async () => {
    const first = await harness.open();
    const zone = await new Bench(first).zone('meadow');
    await rm(`${harness.file()}.lock`);
    const second = await harness.open();

    const error = await first.zones.commit([new Bench(first).tick(zone)]).catch((refusal: unknown) => refusal);

    expect(error).to.be.instanceOf(OwnershipLostError);
    expect(second.world.firstTick).to.be.above(first.world.firstTick);
    await first.close();
    await second.close();
  });

  it('leaves nothing of a migration that fails, and finishes it at the next start', async () => {
    const half: Migration = {
      name: '0099-half',
      async up(session) {
        await session.run('CREATE TABLE half (id INTEGER)');
        throw new Error('power cut');
      },
    };

    const failed = await openSqlite(harness.file(), harness.surroundings, [...MIGRATIONS, half]).catch((error: unknown) => error);
    const store = await openSqlite(harness.file(), harness.surroundings, [
      ...MIGRATIONS,
      { ...half, up: async (session) => void (await session.run('CREATE TABLE half (id INTEGER)')) },
    ]);

    expect(String(failed)).to.include('power cut');
    await store.close();
  });

  it('leaves nothing of a migration that is killed half way', async () => {
    const child = startHalfWay(harness.file());
    await once(child.stdout ?? child, 'data');
    const whileItRuns = await harness.open().catch((error: unknown) => error);
    child.kill('SIGKILL');
    await once(child, 'exit');

    const store = await harness.open();

    expect(whileItRuns).to.include({ exitStatus: 75 });
    expect(store.world.firstTick).to.equal(1);
    await store.close();
  }).timeout(20_000);
});

/** Another process that stands still in the middle of its second migration. */
function startHalfWay(file: string): ChildProcess {
  const script = new URL('./half-way.ts', import.meta.url);
  return spawn(process.execPath, ['--import', 'tsx', script.pathname, file], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function expectRefusedUntouched(harness: SqliteHarness, message: RegExp): Promise<void> {
  const before = await readFile(harness.file());
  const names = await namesBeside(harness.file());

  const error = await harness.open().catch((refusal: unknown) => refusal);

  expect(error).to.be.instanceOf(StoreOpenError);
  expect(error).to.include({ exitStatus: 78 });
  expect(String(error)).to.match(message).and.not.include('\n');
  expect(before.equals(await readFile(harness.file()))).to.equal(true);
  expect(await namesBeside(harness.file())).to.deep.equal(names);
}

/** The lock file is no part of the database, and SQLite's index of a log that waits is made anew by every reader. */
async function namesBeside(file: string): Promise<string[]> {
  const names = await readdir(path.dirname(file));
  return names.filter((name) => !name.endsWith('.lock') && !name.endsWith('-shm')).sort();
}

async function asNobody(job: () => Promise<void>): Promise<void> {
  process.seteuid?.(NOBODY);
  try {
    await job();
  } finally {
    process.seteuid?.(0);
  }
}
