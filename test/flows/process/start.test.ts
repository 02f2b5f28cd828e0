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
  this.timeout(30_000);
  let folder: string;
  let server: TestServer;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gridstead-start-'));
    server = await TestServer.start({ env: NO_DEBUG_USER });
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

  it('with --help lists every setting and ends with status 0', async () => {
    const { status, stdout, stderr } = await TestServer.run({ args: ['--help'], env: { PORT: 'nonsense' } });

    expect([status, stderr]).to.deep.equal([0, '']);
    for (const { env } of Object.values(SETTINGS)) expect(stdout).to.contain(`  ${env}\n`);
  });

  it('with a bad setting ends with status 78 and one line that names it', async () => {
    const bad = { PORT: '70000', DATABASE_URL: 'mysql://u:secret@h/db' };

    const ends = await Promise.all(Object.entries(bad).map(([name, value]) => TestServer.run({ env: { [name]: value } })));

    for (const [i, [name, value]] of Object.entries(bad).entries()) {
      const line = refusal(ends[i], 78);
      expect(line).to.match(new RegExp(`^gridstead: ${name} is `));
      if (name !== 'DATABASE_URL') expect(line).to.contain(value);
      expect(line).to.not.contain('secret');
    }
  });

  it('reads .env, which the environment wins over', async () => {
    writeFileSync(join(folder, '.env'), 'TICK_INTERVAL_MS=nonsense\nMAX_CONNECTIONS=none\n');

    const end = await TestServer.run({ cwd: folder, env: { TICK_INTERVAL_MS: '50' } });

    expect(refusal(end, 78)).to.match(/^gridstead: MAX_CONNECTIONS is "none"; it takes /);
  });

  it('on a port that is taken ends with one line, and harms nobody', async () => {
    const { port } = new URL(server.url);

    const end = await TestServer.run({ env: { PORT: port, ...NO_DEBUG_USER } });

    expect(refusal(end, 78)).to.contain(port);
    expect((await call(server.url, 'GET', '/healthz')).status).to.equal(200);
  });

  it('on a database that another server owns ends with status 75 and one line, and harms nobody', async () => {
    const end = await TestServer.run({ env: { DATABASE_URL: `sqlite:${server.databaseFile}` } });

    expect(refusal(end, 75)).to.match(/another server owns the database/);
    expect((await call(server.url, 'GET', '/healthz')).status).to.equal(200);
  });

  it('refuses a database that is none, or is of a newer version, and leaves it as it was', async () => {
    const newer =
      "CREATE TABLE gridstead_migrations (name TEXT, run_at TEXT); INSERT INTO gridstead_migrations VALUES ('9999-more', '2030')";
    const files = [fileWith(randomBytes(20_000)), fileWith(await databaseOf(newer))];
    const before = files.map((file) => readFileSync(file));

    const ends = await Promise.all(files.map((file) => TestServer.run({ env: { DATABASE_URL: `sqlite:${file}` } })));

    for (const end of ends) expect(refusal(end, 78)).to.match(/database/);
    expect(ends[1]?.stderr).to.match(/newer version \(9999-more\)/);
    for (const [i, file] of files.entries()) expect(readFileSync(file).equals(before[i] ?? Buffer.alloc(0)), file).to.equal(true);
  });

  let made = 0;

  function fileWith(bytes: Buffer): string {
    const file = join(folder, `world-${made++}.db`);
    writeFileSync(file, bytes);
    return file;
  }

  /** The bytes of a database made by these statements. */
  async function databaseOf(sql: string): Promise<Buffer> {
    const file = join(folder, `made-${made++}.db`);
    const database = new sqlite3.Database(file);
    await new Promise<void>((resolve, reject) => database.exec(sql, (error) => (error ? reject(error) : resolve())));
    await new Promise<void>((resolve) => database.close(() => resolve()));
    return readFileSync(file);
  }
});

/** The one line that a refused start says. */
function refusal(end: Ended | undefined, status: number): string {
  expect([end?.status, end?.stdout]).to.deep.equal([status, '']);
  expect(end?.stderr).to.match(/^gridstead: [^\n]+\n$/);
  return end?.stderr.trim() ?? '';
}
