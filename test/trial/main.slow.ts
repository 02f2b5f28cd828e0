/** The command line of `npm run trial`; what it tries takes minutes, and a network. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';

describe('npm run trial', function () {
  this.timeout(60_000);

  it('explains its options', () => {
    const { status, stdout, stderr } = trial(['--help']);

    expect([status, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.match(/^npm run trial -- \[options\]\n/);
  });

  it('says in one line what it cannot do', () => {
    const wrong = trial(['--picture']);
    const without = trial([], { GRIDSTEAD_TEST_CHROMIUM: '' });

    expect([wrong.status, without.status]).to.deep.equal([2, 1]);
    expect(wrong.stderr).to.match(/^trial: Unknown option '--picture'.*\n$/);
    expect(without.stderr).to.match(/^trial: .*install chromium.*\n$/);
  });
});

function trial(args: readonly string[], env: object = {}) {
  const command = ['--import', 'tsx', join(import.meta.dirname, 'main.ts'), ...args];
  return spawnSync(process.execPath, command, { encoding: 'utf8', env: { ...process.env, ...env } });
}
