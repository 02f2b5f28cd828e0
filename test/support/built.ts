/**
 * What tests run as processes of their own is built first, once, before any test: the server, and the games that tests
 * put on it. Mocha calls this in its main process, whether the files run one after the other or beside one another.
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export const ROOT = resolve(import.meta.dirname, '../..');
export const BUILT = join(ROOT, 'dist');

/** A database of this version with nothing in it, to be copied. */
export const EMPTY_DATABASE = join(BUILT, 'test/empty.db');

/** Games of tests that processes and threads load, and what these run. */
const OF_TESTS = ['test/support', 'test/games/frontier'];

export function mochaGlobalSetup(): void {
  run('scripts/build.mjs', ...OF_TESTS);
  run(join(BUILT, 'test/support/empty-database.js'), EMPTY_DATABASE);
}

function run(script: string, ...args: readonly string[]): void {
  const { status, error } = spawnSync(process.execPath, [script, ...args], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${script} ended with ${status}`, { cause: error });
}

/** What runs in a worker thread, and a game of `pool-games/` for it: a thread that runs from source begins with the loader. */
export const BUILT_WORKER = pathToFileURL(join(BUILT, 'src/simulation/pool/worker.js')).href;

export function poolGame(name: string): string {
  return join(BUILT, 'test/support/pool-games', name.replace(/\.ts$/, '.js'));
}

/** A game of `flow-games/`, as a setting of a server takes it. */
export function flowGame(name: string): string {
  return join(BUILT, 'test/support/flow-games', name.replace(/\.ts$/, '.js'));
}
