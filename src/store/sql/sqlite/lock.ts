/**
 * The owner's lock on a SQLite database: a second SQLite file beside it, held in an exclusive transaction for as
 * long as the process lives. The operating system lets go of it with the process, however that ends.
 */
import sqlite3 from 'sqlite3';
import { StoreOpenError } from '../../errors.js';
import { SqlError } from '../engine.js';
import { BUSY_TIMEOUT_MS, SqliteConnection } from './connection.js';

export interface SqliteLock {
  release(): Promise<void>;
}

/** Rejects with `StoreOpenError`: 75 when another server has it. */
export async function takeSqliteLock(file: string): Promise<SqliteLock> {
  const lockFile = `${file}.lock`;
  try {
    const flags = sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE;
    const connection = await SqliteConnection.open(lockFile, flags, `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; BEGIN EXCLUSIVE;`);
    return { release: () => connection.close() };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    if (error.code === 'SQLITE_BUSY') throw new StoreOpenError(75, `another server owns the database ${file}`);
    throw new StoreOpenError(78, `the lock file ${lockFile} cannot be used: ${error.message}`, { cause: error });
  }
}
