/**
 * The command that people type, and service managers with them: npm stands between them and the server, and a
 * shell between npm and the server.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import { call } from '../../support/player.js';
import { until } from '../../support/until.js';

const ROOT = join(import.meta.dirname, '../../..');

describe('npm run serve', function () {
  this.timeout(30_000);

  it('passes a signal on to the server, which stops cleanly', async () => {
    const env = { ...process.env, PORT: '0', DATABASE_URL: 'sqlite::memory:', ZONE_WORKERS: '0', DEBUG_USER: '' };
    // A process group of its own, so that whatever is left of it can be ended with it.
    const npm = spawn('npm', ['run', 'serve'], { cwd: ROOT, env, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = once(npm, 'exit');
    try {
      let said = '';
      npm.stdout.on('data', (data) => {
        said += data;
      });
      await until(() => said.includes('listening'), 20_000);
      const [, url = ''] = /listening on (\S+)/.exec(said) ?? [];

      npm.kill('SIGTERM');

      expect(await ended).to.deep.equal([0, null]);
      expect(await call(url, 'GET', '/healthz').catch(() => 'nobody')).to.equal('nobody');
    } finally {
      endGroup(npm.pid);
    }
  });
});

/** Everything is gone already when all is well. */
function endGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {
    // No such group any more.
  }
}
