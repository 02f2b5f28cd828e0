/**
 * SQLite as an engine: one connection that writes, one that reads what is committed.
 * Only one write may be under way at a time (`width`); the queue in front sees to it, for Sequelize's writes too.
 */
import sqlite3 from 'sqlite3';
import { type Dialect, SQLITE } from '../dialect.js';
import { type Engine, SqlError, type SqlSession } from '../engine.js';
import { BUSY_TIMEOUT_MS, SqliteConnection, sqliteError, WRITER_PRAGMAS } from './connection.js';

export class SqliteEngine implements Engine {
  readonly dialect: Dialect = SQLITE;
  readonly width = 1;
  /** A transaction could not be taken back when it should have been: the next one does it first. */
  #unfinished = false;

  private constructor(
    private readonly writer: SqliteConnection,
    private readonly readerConnection: SqliteConnection,
  ) {}

  static async open(file: string): Promise<SqliteEngine> {
    const writer = await SqliteConnection.open(file, sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE, WRITER_PRAGMAS);
    try {
      const readerPragmas = `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA query_only = ON;`;
      return new SqliteEngine(writer, await SqliteConnection.open(file, sqlite3.OPEN_READWRITE, readerPragmas));
    } catch (error) {
      await writer.close();
      throw error;
    }
  }

  get reader(): SqlSession {
    return this.readerConnection;
  }

  get single(): SqlSession {
    return this.writer;
  }

  async transaction<T>(job: (session: SqlSession) => Promise<T>): Promise<T> {
    if (this.#unfinished) await this.#rollBack();
    try {
      // Within: one that has begun although its answer said otherwise would be in the way of every later one.
      await this.writer.run('BEGIN IMMEDIATE');
      const value = await job(this.writer);
      await this.writer.run('COMMIT');
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
    await this.readerConnection.close();
    await this.writer.close();
  }

  async #rollBack(): Promise<void> {
    this.#unfinished = true;
    try {
      await this.writer.run('ROLLBACK');
      this.#unfinished = false;
    } catch (error) {
      // A full disk and its like have ended the transaction already.
      if (error instanceof SqlError && error.message.includes('no transaction is active')) this.#unfinished = false;
    }
  }
}
