/**
 * Opens a database to look at its history only: nothing is written, no lock is taken, and the server that owns it
 * goes on meanwhile.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import sqlite3 from 'sqlite3';
import type { ZoneHistory } from '../../actors/ports.js';
import { StoreOpenError } from './errors.js';
import { History } from './history.js';
import { locate } from './open.js';
import type { Dialect } from './sql/dialect.js';
import { POSTGRES, SQLITE } from './sql/dialect.js';
import { SqlError, type SqlSession } from './sql/engine.js';
import { isThisVersion } from './sql/migrate.js';
import { MIGRATIONS } from './sql/migrations/index.js';
import { PostgresEngine } from './sql/postgres/engine.js';
import { SqlReads } from './sql/reads.js';
import { BUSY_TIMEOUT_MS, SqliteConnection } from './sql/sqlite/connection.js';

export interface OpenedHistory {
  readonly history: ZoneHistory;
  close(): Promise<void>;
}

/** `databaseUrl` as `DATABASE_URL` takes it. Rejects with `StoreOpenError`. */
export async function openHistory(databaseUrl: string): Promise<OpenedHistory> {
  const where = locate(databaseUrl);
  try {
    return where.kind === 'postgres' ? await openPostgres(where.url) : await openSqlite(where.location);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw new StoreOpenError(78, `the database cannot be read: ${error.message}`, { cause: error });
  }
}

async function openSqlite(location: string): Promise<OpenedHistory> {
  if (location === ':memory:') throw new StoreOpenError(78, 'a database in memory has no history for others');
  const file = path.resolve(location);
  if (!(await stat(file).catch(() => null))?.isFile()) throw new StoreOpenError(78, `there is no database ${file}`);
  // Not read-only: beside a running server, reading too needs the side files of the write-ahead log.
  const pragmas = `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA query_only = ON;`;
  const connection = await SqliteConnection.open(file, sqlite3.OPEN_READWRITE, pragmas);
  return opened(connection, SQLITE, () => connection.close());
}

async function openPostgres(url: string): Promise<OpenedHistory> {
  const engine = new PostgresEngine(url, 1);
  return opened(engine.reader, POSTGRES, () => engine.close());
}

async function opened(session: SqlSession, dialect: Dialect, close: () => Promise<void>): Promise<OpenedHistory> {
  try {
    if (!(await isThisVersion(session, dialect, MIGRATIONS))) {
      throw new StoreOpenError(
        78,
        'the database is of another version: start this server on it once, or use the one that made it',
      );
    }
    const reads = new SqlReads(session);
    return { history: new History({ read: (job) => job(reads) }), close };
  } catch (error) {
    await close();
    throw error;
  }
}
