/**
 * A SQLite database in a folder of its own. A kill is played by what a kill leaves: the file and its
 * write-ahead log as they are at that moment, copied to where nobody has them open.
 */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sqlite3 from 'sqlite3';
import { openStore, type Store } from '../../../src/store/open.js';
import { SqliteConnection } from '../../../src/store/sql/sqlite/connection.js';
import { type Harness, Surroundings } from './harness.js';

export interface SqliteHarness extends Harness {
  /** Where the database is now. */
  readonly file: () => string;
  readonly surroundings: Surroundings;
  /** Statements of another process. */
  foreign(sql: string): Promise<void>;
}

export async function sqliteHarness(): Promise<SqliteHarness> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gridstead-test-'));
  const surroundings = new Surroundings();
  let copies = 0;
  const file = () => path.join(folder, `world${copies}.db`);
  const foreign = async (sql: string) => {
    const connection = await SqliteConnection.open(file(), sqlite3.OPEN_READWRITE, 'PRAGMA busy_timeout = 1000;');
    await connection.exec(sql).finally(() => connection.close());
  };
  return {
    file,
    surroundings,
    foreign,
    open: () => openStore({ databaseUrl: `sqlite:${file()}`, poolMax: 10, ...surroundings }),
    kill: async (store: Store) => {
      const before = file();
      copies++;
      await copyFile(before, file());
      await copyFile(`${before}-wal`, `${file()}-wal`).catch(() => {});
      await store.close();
    },
    takeOver: () => foreign('UPDATE world SET epoch = epoch + 1'),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}
