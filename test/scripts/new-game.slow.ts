/** `npm run new-game`, in a copy of the project: what it makes passes its own test there. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { ROOT } from '../support/built.js';
import { rejection } from '../support/rejection.js';

/** What is needed to make a game and to test it. */
const NEEDED = ['scripts', 'games/contract.ts', 'src', 'actors', 'package.json', 'tsconfig.json'];

const run = promisify(execFile);

describe('npm run new-game', function () {
  this.timeout(60_000);
  let copy: string;
  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'gridstead-copy-'));
    for (const path of NEEDED) cpSync(join(ROOT, path), join(copy, path), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  });
  after(() => rmSync(copy, { recursive: true, force: true }));

  it('makes a game under its own name, with a README, and a test that passes', async () => {
    await newGame('lantern-2');

    const mocha = [
      'node_modules/mocha/bin/mocha.js',
      '--no-config',
      '--timeout',
      '20000',
      '--node-option',
      'import=tsx',
      '--reporter',
      'json',
    ];
    const { stdout } = await run(process.execPath, [...mocha, 'games/lantern-2/lantern-2.test.ts'], { cwd: copy });

    const { stats } = JSON.parse(stdout);
    expect([stats.failures, stats.passes]).to.deep.equal([0, 5]);
    for (const file of ['index.ts', 'README.md', 'lantern-2.test.ts']) {
      expect(readFileSync(join(copy, 'games/lantern-2', file), 'utf8'))
        .to.contain('lantern-2')
        .and.not.contain('new-game');
    }
  });

  it('refuses a name that is no name, or taken, and makes nothing', async () => {
    for (const name of ['', 'Lantern', '../lantern', 'contract']) {
      expect(await rejection(newGame(name)), name).to.have.property('code', 1);
    }

    expect(existsSync(join(copy, 'lantern'))).to.equal(false);
  });

  it('says in one line why it cannot make the folder', async () => {
    const bare = join(copy, 'bare');
    cpSync(join(ROOT, 'scripts'), join(bare, 'scripts'), { recursive: true });

    const { stderr } = (await rejection(newGame('lantern', bare))) as Error & { stderr: string }; // execFile adds it

    expect(stderr).to.match(/^new-game: games\/lantern cannot be made \(ENOENT: .*\)\n$/);
  });

  function newGame(name: string, cwd = copy) {
    return run(process.execPath, ['scripts/new-game.mjs', name], { cwd });
  }
});
