/**
 * SQLite as an engine: one connection that writes, one that reads what is committed, and one that folds the log.
 * Only one write may be under way at a time (`width`); the queue in front sees to it, for Sequelize's writes too.
 */
import sqlite3 from 'sqlite3';
import type { Clock } from '../../../../actors/ports.js';
import { type Dialect, SQLITE } from '../dialect.js';
import { type Engine, SqlError, type SqlSession } from '../engine.js';
import { BUSY_TIMEOUT_MS, SqliteConnection, sqliteError, WRITER_PRAGMAS } from './connection.js';
import { FOLDER_PRAGMAS, LogFolder } from './log-folder.js';

interface Connections {
  readonly writer: SqliteConnection;
  readonly reader: SqliteConnection;
  readonly folder: SqliteConnection;
}

const READER_PRAGMAS = `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA query_only = ON;`;

export class SqliteEngine implements Engine {
  readonly dialect: Dialect = SQLITE;
  readonly width = 1;
  readonly reader: SqlSession;
  readonly single: SqlSession;
  readonly #connections: Connections;
  readonly #folder: LogFolder;
  /** A transaction could not be taken back when it should have been: the next one does it first. */
  #unfinished = false;

  private constructor(connections: Connections, clock: Pick<Clock, 'monotonicMs'>) {
    const { writer, reader } = connections;
    this.#connections = connections;
    this.#folder = new LogFolder(connections.folder, clock);
    this.reader = reader;
    this.single = {
      all: (sql, ...values) => writer.all(sql, ...values),
      run: async (sql, ...values) => {
        const changed = await writer.run(sql, ...values);
        this.#folder.committed();
        return changed;
      },
    };
  }

  static async open(file: string, clock: Pick<Clock, 'monotonicMs'>): Promise<SqliteEngine> {
    const opened: SqliteConnection[] = [];
    const connect = async (mode: number, pragmas: string) => {
      const connection = await SqliteConnection.open(file, mode, pragmas);
      opened.push(connection);
      return connection;
    };
    try {
      // First, because it makes the file.
      const writer = await connect(sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE, WRITER_PRAGMAS);
      const reader = await connect(sqlite3.OPEN_READWRITE, READER_PRAGMAS);
      const folder = await connect(sqlite3.OPEN_READWRITE, FOLDER_PRAGMAS);
      return new SqliteEngine({ writer, reader, folder }, clock);
    } catch (error) {
      for (const connection of opened) await connection.close();
      throw error;
    }
  }

  async transaction<T>(job: (session: SqlSession) => Promise<T>): Promise<T> {
    if (this.#unfinished) await this.#rollBack();
    const { writer } = this.#connections;
    try {
      // Within: one that has begun although its answer said otherwise would be in the way of every later one.
      await writer.run('BEGIN IMMEDIATE');
      const value = await job(writer);
      await writer.run('COMMIT');
      this.#folder.committed();
      return value;
    } catch (error) {
      await this.#rollBack();
      throw error;
    }
  }

  errorOf(error: unknown): SqlError {
    return sqliteError(error);
  }

  /** The last connection to close folds the write-ahead log into the file. */
  async close(): Promise<void> {
    const { writer, reader, folder } = this.#connections;
    await this.#folder.settled();
    await folder.close();
    await reader.close();
    await writer.close();
  }

  async #rollBack(): Promise<void> {
    this.#unfinished = true;
    try {
      await this.#connections.writer.run('ROLLBACK');
      this.#unfinished = false;
    } catch (error) {
      // A full disk and its like have ended the transaction already.
      if (error instanceof SqlError && error.message.includes('no transaction is active')) this.#unfinished = false;
    }
  }
}
