/**
 * A look at a SQLite file before anything is written: is it there, is it a database, is it ours, is it of this
 * version or an older one? Whatever is refused here stays byte for byte as it was.
 */
import { open, stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import sqlite3 from 'sqlite3';
import { StoreOpenError } from '../../errors.js';
import { SQLITE } from '../dialect.js';
import { SqlError } from '../engine.js';
import { type Migration, recordsMigrations, refuseNewer } from '../migrate.js';
import { BUSY_TIMEOUT_MS, SqliteConnection } from './connection.js';

/** Rejects with `StoreOpenError`; a file that is not there, or empty, is a new database. */
export async function inspectSqlite(file: string, migrations: readonly Migration[]): Promise<void> {
  const found = await statOf(file);
  if (!found || found.size === 0) return;
  if (!found.isFile()) throw new StoreOpenError(78, `${file} is not a file`);
  await tryToWrite(file);
  try {
    await look(file, migrations);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    if (error.code === 'SQLITE_BUSY') throw new StoreOpenError(75, `the database ${file} is locked by another process`);
    throw new StoreOpenError(78, `${file} is not a database that can be used: ${error.message}`, { cause: error });
  }
}

/** Opens the file for writing, writes nothing: the only question that permissions, mounts and users cannot answer wrongly. */
async function tryToWrite(file: string): Promise<void> {
  try {
    await (await open(file, 'r+')).close();
  } catch (cause) {
    throw new StoreOpenError(78, `the database ${file} cannot be read and written by this user`, { cause });
  }
}

async function look(file: string, migrations: readonly Migration[]): Promise<void> {
  const connection = await SqliteConnection.open(
    await readOnlyUri(file),
    OPEN_FLAGS,
    `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};`,
  );
  try {
    const tables = await connection.all("SELECT COUNT(*) AS n FROM sqlite_master WHERE type = 'table'");
    if (tables[0]?.n !== 0 && !(await recordsMigrations(connection, SQLITE))) {
      throw new StoreOpenError(78, `the database ${file} belongs to another program: nothing was changed`);
    }
    await refuseNewer(connection, SQLITE, migrations, file);
  } finally {
    await connection.close();
  }
}

const OPEN_FLAGS = sqlite3.OPEN_READONLY | sqlite3.OPEN_URI;

/** Without a write-ahead log nobody can be writing (the owner's lock is ours), and then SQLite need not make its side files either. */
async function readOnlyUri(file: string): Promise<string> {
  const log = await statOf(`${file}-wal`);
  return `${pathToFileURL(file).href}?${log && log.size > 0 ? 'mode=ro' : 'immutable=1'}`;
}

async function statOf(file: string): Promise<Awaited<ReturnType<typeof stat>> | null> {
  try {
    return await stat(file);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new StoreOpenError(78, `the database ${file} cannot be reached`, { cause });
  }
}
