/**
 * Opens a SQLite database: the lock first, then a look that changes nothing, and only then the database itself.
 */
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OwnershipLostError } from '../../../../actors/errors.js';
import { StoredRowError, StoreOpenError } from '../../errors.js';
import type { StoreOptions } from '../../open.js';
import type { Store } from '../../store.js';
import { SqlError } from '../engine.js';
import { MIGRATIONS } from '../migrations/index.js';
import { defineModels } from '../models.js';
import { startSqlStore } from '../start.js';
import { SqliteEngine } from './engine.js';
import { inspectSqlite } from './inspect.js';
import { takeSqliteLock } from './lock.js';
import { sequelizeOnSqlite } from './sequelize.js';

/** `location`: a path, or `:memory:` for a database that is gone when it is closed. Rejects with `StoreOpenError`. */
export async function openSqlite(location: string, options: StoreOptions, migrations = MIGRATIONS): Promise<Store> {
  if (location !== ':memory:') return openFile(path.resolve(location), options, migrations, async () => {});
  // A real file: SQLite's own memory databases know no second connection and no write-ahead log.
  const folder = await mkdtemp(path.join(tmpdir(), 'gridstead-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  return openFile(path.join(folder, 'memory.db'), options, migrations, remove).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
}

async function openFile(
  file: string,
  options: StoreOptions,
  migrations: typeof MIGRATIONS,
  cleanUp: () => Promise<void>,
): Promise<Store> {
  await mkdir(path.dirname(file), { recursive: true }).catch((cause: Error) => {
    throw new StoreOpenError(78, `the folder of the database ${file} cannot be made: ${cause.message}`, { cause });
  });
  const lock = await takeSqliteLock(file);
  try {
    await inspectSqlite(file, migrations);
    return await startOn(file, options, migrations, async () => {
      await lock.release();
      await cleanUp();
    });
  } catch (error) {
    await lock.release();
    throw openError(file, error);
  }
}

async function startOn(
  file: string,
  options: StoreOptions,
  migrations: typeof MIGRATIONS,
  release: () => Promise<void>,
): Promise<Store> {
  const engine = await SqliteEngine.open(file, options.clock);
  const models = defineModels(sequelizeOnSqlite(file));
  try {
    const checkGround = await groundOf(file);
    return await startSqlStore({ ...options, engine, models, migrations, checkGround, release });
  } catch (error) {
    await models.sequelize.close();
    await engine.close();
    throw error;
  }
}

/** A file that was deleted or replaced can be written for hours without an error, and every bit of it is lost. */
async function groundOf(file: string): Promise<() => Promise<void>> {
  const opened = await stat(file);
  return async () => {
    const now = await stat(file).catch(() => null);
    if (now?.ino !== opened.ino || now.dev !== opened.dev) {
      throw new OwnershipLostError(`the database file ${file} was deleted or replaced while it was in use`);
    }
  };
}

function openError(file: string, error: unknown): unknown {
  if (error instanceof StoredRowError)
    return new StoreOpenError(78, `the database ${file} cannot be used: ${error.message}`, { cause: error });
  if (!(error instanceof SqlError)) return error;
  if (error.code === 'SQLITE_BUSY') return new StoreOpenError(75, `the database ${file} is locked by another process`);
  return new StoreOpenError(78, `the database ${file} cannot be used: ${error.message}`, { cause: error });
}
