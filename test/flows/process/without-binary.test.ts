/**
 * Starts of the built server where `sqlite3` has no binary, or one that cannot be loaded, as after an install whose scripts
 * did not run. It is a copy of what was built that is started, beside links to all packages and a copy of that one: the
 * packages of the tests stay whole.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { BUILT, ROOT } from '../../support/built.js';

const PACKAGES = join(ROOT, 'node_modules');
const DRIVER = 'sqlite3';
const WAY_OUT = /: run "npm rebuild sqlite3", which .*python3, make and a C\+\+ compiler \(docs\/operating\.md#installing\)\n$/;

describe('a start without a binary of sqlite3', function () {
  this.timeout(60_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'gridstead-binary-'));
    for (const part of ['actors', 'client', 'config', 'games', 'src']) {
      cpSync(join(BUILT, part), join(folder, 'dist', part), { recursive: true });
    }
    cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
    mkdirSync(join(folder, 'node_modules'));
    for (const name of readdirSync(PACKAGES)) {
      if (name !== DRIVER) symlinkSync(join(PACKAGES, name), join(folder, 'node_modules', name));
    }
    for (const part of ['package.json', 'lib']) {
      cpSync(join(PACKAGES, DRIVER, part), join(folder, 'node_modules', DRIVER, part), { recursive: true });
    }
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('ends with status 78 and one line that says how to get one', async () => {
    const { status, stdout, stderr } = await start(folder);

    expect([status, stdout]).to.deep.equal([78, '']);
    expect(stderr)
      .to.match(/^gridstead: the package sqlite3 has no binary.*\n$/)
      .and.match(WAY_OUT);
  });

  it('keeps no program from importing the package, and is what serve says', async () => {
    writeFileSync(
      join(folder, 'program.mjs'),
      `import { serve, StoreOpenError } from './dist/src/index.js';
       const error = await serve({ game: 'movement' }).catch((reason) => reason);
       if (error instanceof StoreOpenError) process.stderr.write('gridstead: ' + error.message + '\\n');`,
    );

    const { status, stderr } = await start(folder, ['program.mjs']);

    expect(status).to.equal(0);
    expect(stderr)
      .to.match(/^gridstead: the package sqlite3 has no binary.*\n$/)
      .and.match(WAY_OUT);
  });

  it('is one line of the replay tool, too, which explains itself without one', async () => {
    const help = await start(folder, ['dist/src/tools/replay.js', '--help']);
    const { status, stdout, stderr } = await start(folder, ['dist/src/tools/replay.js', '--zone=a', '--from=1', '--to=2']);

    expect([help.status, help.stderr]).to.deep.equal([0, '']);
    expect([status, stdout]).to.deep.equal([1, '']);
    expect(stderr)
      .to.match(/^replay: the package sqlite3 has no binary.*\n$/)
      .and.match(WAY_OUT);
  });

  it('ends in the same way with one that was made for another machine', async () => {
    const release = join(folder, 'node_modules', DRIVER, 'build/Release');
    mkdirSync(release, { recursive: true });
    writeFileSync(join(release, 'node_sqlite3.node'), 'not for this machine');

    const { status, stdout, stderr } = await start(folder);

    expect([status, stdout]).to.deep.equal([78, '']);
    expect(stderr)
      .to.match(/^gridstead: the binary of the package sqlite3 does not fit.*\n$/)
      .and.match(WAY_OUT);
  });
});

function start(
  cwd: string,
  program: readonly string[] = ['dist/src/main.js'],
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const env = { ...process.env, PORT: '0', DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'silent', DEBUG_USER: '' };
  const child = spawn(process.execPath, [...program], { cwd, env });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })));
}
