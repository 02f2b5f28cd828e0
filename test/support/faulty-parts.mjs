/**
 * Loaded before the built server: makes its own parts fail where no game and no file could make them. Nothing fails until
 * SIGUSR2. Then the actor of each zone named "cursed" throws once, at its next tick; and with `FAIL_EVERY` set, each so
 * manieth call of the database fails: its statement is lost, or its answer, by turns.
 */
import { isMainThread } from 'node:worker_threads';
import { ZoneRun } from '../../actors/zone/tick.js';
import { SqlError } from '../../src/store/sql/engine.js';
import { SqliteConnection } from '../../src/store/sql/sqlite/connection.js';

const every = Number(process.env.FAIL_EVERY ?? 0);
let cursed = false;
let failing = false;
let calls = 0;

if (isMainThread) {
  process.on('SIGUSR2', () => {
    cursed = true;
    failing = !failing;
  });
}

const { tick } = ZoneRun.prototype;
ZoneRun.prototype.tick = function tickOrThrow(...args) {
  if (!cursed || this.slot.info.name !== 'cursed') return tick.apply(this, args);
  cursed = false;
  throw new Error('an action of the actor threw');
};

const { run } = SqliteConnection.prototype;
SqliteConnection.prototype.run = async function runOrFail(...args) {
  calls += 1;
  if (!failing || every === 0 || calls % every !== 0) return run.apply(this, args);
  if (calls % (2 * every) === 0) await run.apply(this, args);
  throw new SqlError('away', 'SQLITE_IOERR', 'injected: an error of the disk');
};
