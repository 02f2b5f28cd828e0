/**
 * Opens a Postgres database: the lock on a connection of its own first, then a look that changes nothing, and
 * only then migrations and the world.
 */
import pg from 'pg';
import { Sequelize } from 'sequelize';
import { StoredRowError, StoreOpenError } from '../../errors.js';
import type { StoreOptions } from '../../open.js';
import type { Store } from '../../store.js';
import { SqlError } from '../engine.js';
import { refuseNewer } from '../migrate.js';
import { MIGRATIONS } from '../migrations/index.js';
import { defineModels } from '../models.js';
import { startSqlStore } from '../start.js';
import { ANSWER_TIMEOUT_MS, CONNECT_TIMEOUT_MS, PostgresEngine, STATEMENT_TIMEOUT_MS } from './engine.js';
import { PostgresLock } from './lock.js';

/** Rejects with `StoreOpenError`; its message names host and database, never the password. */
export async function openPostgres(url: string, poolMax: number, options: StoreOptions, migrations = MIGRATIONS): Promise<Store> {
  const name = nameOf(url);
  const lock = new PostgresLock(url, name);
  try {
    await lock.take();
    return await startOn(url, name, lock, { ...options, poolMax, migrations });
  } catch (error) {
    await lock.release();
    throw openError(name, error);
  }
}

async function startOn(
  url: string,
  name: string,
  lock: PostgresLock,
  { poolMax, migrations, ...options }: StoreOptions & { readonly poolMax: number; readonly migrations: typeof MIGRATIONS },
): Promise<Store> {
  const share = sharesOf(poolMax);
  const engine = new PostgresEngine(url, share.engine);
  const models = defineModels(sequelizeOnPostgres(url, share.models));
  try {
    await refuseNewer(engine.reader, engine.dialect, migrations, name);
    const [checkGround, release] = [() => lock.keep(), () => lock.release()];
    return await startSqlStore({ ...options, engine, models, migrations, checkGround, release });
  } catch (error) {
    await models.sequelize.close();
    await engine.close();
    throw error;
  }
}

/** One connection for the lock, a few for accounts, the rest for the world; three is the least that works. */
function sharesOf(poolMax: number): { readonly engine: number; readonly models: number } {
  const models = Math.max(1, Math.floor((poolMax - 1) / 4));
  return { models, engine: Math.max(1, poolMax - 1 - models) };
}

function sequelizeOnPostgres(url: string, max: number): Sequelize {
  return new Sequelize(url, {
    dialect: 'postgres',
    dialectModule: { ...pg, Client: QuietClient },
    logging: false,
    pool: { max, acquire: CONNECT_TIMEOUT_MS },
    dialectOptions: {
      application_name: 'gridstead',
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
    },
  });
}

/** Sequelize listens to a connection only a moment after it is there: one that is ended in that moment would end the process. */
class QuietClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => {});
  }
}

function nameOf(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `${host}${pathname}`;
  } catch (cause) {
    throw new StoreOpenError(78, 'DATABASE_URL is not a valid address', { cause });
  }
}

/** Unreachable, shutting down, too many connections: worth another try later. A wrong password or database is not. */
function openError(name: string, error: unknown): unknown {
  if (error instanceof StoredRowError)
    return new StoreOpenError(78, `the database ${name} cannot be used: ${error.message}`, { cause: error });
  if (!(error instanceof SqlError)) return error;
  const isForever = /^(28|3D|42|22|23)...$/.test(error.code);
  return new StoreOpenError(isForever ? 78 : 75, `the database ${name} cannot be used: ${error.message}`, { cause: error });
}
