/**
 * One connection to a SQLite file, with promises and prepared statements that are kept.
 * The driver hands statements to a thread, and different prepared statements overtake one another there: callers
 * wait for each before the next. `get` of the driver is not used, because it leaves its statement open.
 */
import sqlite3, { type Database, type RunResult, type Statement } from 'sqlite3';
import { SqlError, type SqlFault, type SqlRow, type SqlSession, type SqlValue } from '../engine.js';

/** How long a statement waits for another process's lock, on one of libuv's few threads. Callers try again. */
export const BUSY_TIMEOUT_MS = 250;

/**
 * For connections that write: WAL so that reads and writes do not wait for each other, FULL so that a commit outlives the power supply. Up to
 * 64 MiB of pages are kept: many zones touch many pages, the same ones with each commit. The log is folded elsewhere (`log-folder.ts`); a commit
 * does it only where that has not kept up, after 128 MiB.
 */
export const WRITER_PRAGMAS = `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 134217728; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 32768;`;

export class SqliteConnection implements SqlSession {
  /** Promises, because reads come at the same time: two of one text must not prepare it twice. */
  readonly #statements = new Map<string, Promise<Statement>>();

  private constructor(private readonly database: Database) {}

  /** `mode`: the driver's `OPEN_` flags. Rejects with `SqlError`. */
  static async open(file: string, mode: number, pragmas: string): Promise<SqliteConnection> {
    const database = await new Promise<Database>((resolve, reject) => {
      const opened: Database = new sqlite3.Database(file, mode, (error) =>
        error ? reject(sqliteError(error)) : resolve(opened),
      );
    });
    const connection = new SqliteConnection(database);
    try {
      await connection.exec(pragmas);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  async all(sql: string, ...values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    const statement = await this.#prepared(sql);
    return new Promise((resolve, reject) => {
      statement.all<SqlRow>(values.map(bindable), (error, rows) => (error ? giveUp(statement, error, reject) : resolve(rows)));
    });
  }

  async run(sql: string, ...values: readonly SqlValue[]): Promise<number> {
    const statement = await this.#prepared(sql);
    return new Promise((resolve, reject) => {
      statement.run(values.map(bindable), function ended(this: RunResult, error: Error | null) {
        if (error) giveUp(statement, error, reject);
        else resolve(this.changes);
      });
    });
  }

  /** Statements without parameters, one after the other. */
  exec(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.database.exec(sql, (error) => (error ? reject(sqliteError(error)) : resolve()));
    });
  }

  async close(): Promise<void> {
    for (const prepared of this.#statements.values()) {
      const statement = await prepared.catch(() => null);
      if (statement) await new Promise<void>((resolve) => statement.finalize(() => resolve()));
    }
    this.#statements.clear();
    await new Promise<void>((resolve, reject) =>
      this.database.close((error) => (error ? reject(sqliteError(error)) : resolve())),
    );
  }

  #prepared(sql: string): Promise<Statement> {
    const kept = this.#statements.get(sql);
    if (kept) return kept;
    const prepared = this.#prepare(sql);
    this.#statements.set(sql, prepared);
    // A text that could not be prepared (the file is locked, say) is tried afresh the next time.
    prepared.catch(() => this.#statements.delete(sql));
    return prepared;
  }

  #prepare(sql: string): Promise<Statement> {
    return new Promise((resolve, reject) => {
      const made: Statement = this.database.prepare(numbered(sql), (error) =>
        error ? reject(sqliteError(error)) : resolve(made),
      );
    });
  }
}

/** A statement that was refused for a lock waits to be tried again, and holds up every savepoint until it is reset. */
function giveUp(statement: Statement, error: Error, reject: (error: SqlError) => void): void {
  statement.reset(() => reject(sqliteError(error)));
}

/** Errors of what was to be written; every other is the database's, or the disk's. */
const ROW_CODES = new Set(['SQLITE_CONSTRAINT', 'SQLITE_TOOBIG', 'SQLITE_MISMATCH', 'SQLITE_RANGE']);

export function sqliteError(error: unknown): SqlError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'SQLITE_ERROR';
  const fault: SqlFault = ROW_CODES.has(code) ? 'rows' : 'away';
  return new SqlError(fault, code, error instanceof Error ? error.message : String(error));
}

/** `$1` is a name to SQLite, and a number to Postgres; `?1` is a number here. */
function numbered(sql: string): string {
  return sql.replace(/\$(\d+)/g, '?$1');
}

function bindable(value: SqlValue): SqlValue {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}
