/**
 * What tests run as processes of their own is built first, once, before any test: the server, and the games that tests
 * put on it. Mocha calls this in its main process, whether the files run one after the other or beside one another.
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
export const BUILT = join(ROOT, 'dist');

export function mochaGlobalSetup(): void {
  const { status, error } = spawnSync(process.execPath, ['scripts/build.mjs', 'test/support'], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new Error('the server cannot be built', { cause: error });
}

/** A game of `flow-games/`, as a setting of a server takes it. */
export function flowGame(name: string): string {
  return join(BUILT, 'test/support/flow-games', name.replace(/\.ts$/, '.js'));
}
