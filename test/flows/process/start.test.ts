/**
 * Starts of the real process: what it says when all is well, and how it refuses what it cannot start with.
 * Each refused start is a process of its own; they run at the same time, because each takes a second.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import sqlite3 from 'sqlite3';
import { SETTINGS } from '../../../config/settings.js';
import { call } from '../../support/player.js';
import { type Ended, TestServer } from '../../support/server.js';

/** A name that nobody has registered yet would be warned of. */
const NO_DEBUG_USER = { DEBUG_USER: '' };

describe('a start', function () {
  this.timeout(60_000);
  let folder: string;
  let server: TestServer;
  let refused: Awaited<ReturnType<typeof refusedStarts>>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gridstead-start-'));
    // The others run what was built, as `npm run serve` does; this one shows that the sources run as they are, and that a database is made where there is none.
    server = await TestServer.start({ env: NO_DEBUG_USER, fromSource: true });
    refused = await refusedStarts(folder, server);
  });

  after(async () => {
    await server.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('that works says one line, with the port that was really taken', async () => {
    const { stdout, stderr } = server.output;
    const health = await call(server.url, 'GET', '/healthz');

    expect(stdout).to.match(/^listening on http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(stdout).to.not.contain(':0\n');
    expect(stderr).to.equal('');
    expect([health.status, health.body]).to.deep.equal([200, { status: 'ok' }]);
  });

  it('with --help lists every setting and ends with status 0', () => {
    const { status, stdout, stderr } = refused.help;

    expect([status, stderr]).to.deep.equal([0, '']);
    for (const { env } of Object.values(SETTINGS)) expect(stdout).to.contain(`  ${env}\n`);
  });

  it('with a bad setting ends with status 78 and one line that names it and what it got', () => {
    expect(lineOf(refused.badPort, 78)).to.match(/^gridstead: PORT is "70000"; it takes /);
  });

  it('says no more of a bad database address than its scheme', () => {
    expect(lineOf(refused.badDatabase, 78))
      .to.match(/^gridstead: DATABASE_URL is "mysql:/)
      .and.not.contain('secret');
  });

  it('reads .env, which the environment wins over', () => {
    expect(lineOf(refused.badDotEnv, 78)).to.match(/^gridstead: MAX_CONNECTIONS is "none"; it takes /);
  });

  it('on a port that is taken ends with status 78 and one line', () => {
    expect(lineOf(refused.portTaken, 78)).to.match(new RegExp(`^gridstead: HOST and PORT: .*:${new URL(server.url).port}$`));
  });

  it('on a database that another server owns ends with status 75 and one line, and harms nobody', async () => {
    expect(lineOf(refused.owned, 75)).to.match(/another server owns the database/);
    expect((await call(server.url, 'GET', '/healthz')).status).to.equal(200);
  });

  it('on a file that is no database ends with status 78, and leaves it as it was', () => {
    expect(lineOf(refused.garbage, 78)).to.match(/is not a database that can be used/);
    expect(refused.files.garbage.isUntouched()).to.equal(true);
  });

  it('on a database of a newer version ends with status 78, and leaves it as it was', () => {
    expect(lineOf(refused.newer, 78)).to.match(/newer version \(9999-more\)/);
    expect(refused.files.newer.isUntouched()).to.equal(true);
  });
});

/** Starts that come to nothing. Each takes a second: they run at the same time. */
async function refusedStarts(folder: string, owner: TestServer) {
  writeFileSync(join(folder, '.env'), 'TICK_INTERVAL_MS=nonsense\nMAX_CONNECTIONS=none\n');
  const files = {
    garbage: new Witness(join(folder, 'garbage.db'), randomBytes(20_000)),
    newer: new Witness(join(folder, 'newer.db'), await newerDatabase(join(folder, 'made.db'))),
  };
  const run = (env: Readonly<Record<string, string>>) => TestServer.run({ env: { ...NO_DEBUG_USER, ...env } });
  const [help, badPort, badDatabase, badDotEnv, portTaken, owned, garbage, newer] = await Promise.all([
    TestServer.run({ args: ['--help'], env: { PORT: 'nonsense' } }),
    run({ PORT: '70000' }),
    run({ DATABASE_URL: 'mysql://user:secret@host/db' }),
    TestServer.run({ cwd: folder, env: { TICK_INTERVAL_MS: '50' } }),
    run({ PORT: new URL(owner.url).port }),
    run({ DATABASE_URL: `sqlite:${owner.databaseFile}` }),
    run({ DATABASE_URL: `sqlite:${files.garbage.file}` }),
    run({ DATABASE_URL: `sqlite:${files.newer.file}` }),
  ]);
  return { help, badPort, badDatabase, badDotEnv, portTaken, owned, garbage, newer, files };
}

/** A file that nobody is to write to. */
class Witness {
  constructor(
    readonly file: string,
    private readonly bytes: Buffer,
  ) {
    writeFileSync(file, bytes);
  }

  isUntouched(): boolean {
    return readFileSync(this.file).equals(this.bytes);
  }
}

/** The bytes of a database that knows a migration of days to come. */
async function newerDatabase(file: string): Promise<Buffer> {
  const database = new sqlite3.Database(file);
  const sql = `CREATE TABLE gridstead_migrations (name TEXT, run_at TEXT);
    INSERT INTO gridstead_migrations VALUES ('9999-more', '2030')`;
  await new Promise<void>((resolve, reject) => database.exec(sql, (error) => (error ? reject(error) : resolve())));
  await new Promise<void>((resolve) => database.close(() => resolve()));
  return readFileSync(file);
}

/** The one line that a refused start says. */
function lineOf(end: Ended, status: number): string {
  expect([end.status, end.stdout]).to.deep.equal([status, '']);
  expect(end.stderr).to.match(/^gridstead: [^\n]+\n$/);
  return end.stderr.trim();
}
