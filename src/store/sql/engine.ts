/**
 * What the SQL side needs from a driver: statements, transactions, and a word on whose fault an error is.
 * Statements are written once, with `$1`; what the two languages say differently is in `dialect.ts`.
 */
import type { Dialect } from './dialect.js';

export type SqlValue = string | number | Uint8Array | null;
export type SqlRow = Readonly<Record<string, unknown>>;

/** Runs statements one after the other. Rejects with `SqlError`. */
export interface SqlSession {
  all(sql: string, ...values: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  /** Answers how many rows it changed. Not for statements that return rows. */
  run(sql: string, ...values: readonly SqlValue[]): Promise<number>;
}

export interface Engine {
  readonly dialect: Dialect;
  /** How many writes may run at once. */
  readonly width: number;
  /** Committed rows only; each statement for itself. */
  readonly reader: SqlSession;
  /** On the writing side; each statement is a transaction of its own. */
  readonly single: SqlSession;
  /** Commits when the job resolves, else takes everything back. */
  transaction<T>(job: (session: SqlSession) => Promise<T>): Promise<T>;
  /** The driver's own error, in our words. */
  errorOf(error: unknown): SqlError;
  close(): Promise<void>;
}

/** `rows`: what was to be written is refused. `again`: the same transaction may work the next time. `away`: the database is. */
export type SqlFault = 'rows' | 'again' | 'away';

/** The driver's error is not kept as the cause: it carries statements and values, which must not reach a log. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  constructor(
    readonly fault: SqlFault,
    /** The database's code, such as `SQLITE_BUSY` or `40P01`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
