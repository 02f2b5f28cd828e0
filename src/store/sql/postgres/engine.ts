/**
 * Postgres as an engine: a pool of connections, each statement or transaction on whichever is free.
 * A connection that failed is thrown away. One that breaks while nobody looks emits an error event, which
 * would end the process if nobody listened.
 */
import pg from 'pg';
import { type Dialect, POSTGRES } from '../dialect.js';
import { type Engine, SqlError, type SqlFault, type SqlRow, type SqlSession, type SqlValue } from '../engine.js';

/** Of one statement, in the database; a longer one is cut off there. */
export const STATEMENT_TIMEOUT_MS = 10_000;
/** Of one statement as seen from here: a dead network never answers. */
export const ANSWER_TIMEOUT_MS = 15_000;
export const CONNECT_TIMEOUT_MS = 5_000;

export function connectionConfig(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'gridstead',
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    idle_in_transaction_session_timeout: ANSWER_TIMEOUT_MS,
    types: { getTypeParser },
  };
}

export class PostgresEngine implements Engine {
  readonly dialect: Dialect = POSTGRES;
  readonly reader: SqlSession;
  readonly single: SqlSession;
  readonly #pool: pg.Pool;

  constructor(
    url: string,
    readonly width: number,
  ) {
    this.#pool = new pg.Pool({ ...connectionConfig(url), max: width });
    this.#pool.on('error', ignore);
    // The pool listens to idle connections only.
    this.#pool.on('connect', (client) => client.on('error', ignore));
    this.single = new PostgresSession(this.#pool);
    this.reader = this.single;
  }

  async transaction<T>(job: (session: SqlSession) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw postgresError(error);
    });
    const session = new PostgresSession(client);
    let isBroken = false;
    try {
      await session.run('BEGIN');
      const value = await job(session);
      await session.run('COMMIT');
      return value;
    } catch (error) {
      isBroken = !(await rolledBack(session, error));
      throw error;
    } finally {
      client.release(isBroken);
    }
  }

  errorOf(error: unknown): SqlError {
    return postgresError(error);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}

/** false: the connection is of no more use. After an error of its own it is not even asked, for it may never answer. */
async function rolledBack(session: SqlSession, error: unknown): Promise<boolean> {
  if (error instanceof SqlError && error.fault === 'away') return false;
  return session.run('ROLLBACK').then(
    () => true,
    () => false,
  );
}

/** Statements on a connection, or on any of a pool. */
export class PostgresSession implements SqlSession {
  constructor(private readonly target: Pick<pg.ClientBase, 'query'> | Pick<pg.Pool, 'query'>) {}

  async all(sql: string, ...values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    return (await this.#query(sql, values)).rows;
  }

  async run(sql: string, ...values: readonly SqlValue[]): Promise<number> {
    return (await this.#query(sql, values)).rowCount ?? 0;
  }

  async #query(sql: string, values: readonly SqlValue[]): Promise<pg.QueryResult<SqlRow>> {
    try {
      return await this.target.query<SqlRow>(sql, [...values]);
    } catch (error) {
      throw postgresError(error);
    }
  }
}

/** By SQLSTATE: what was to be written (22, 23, 54), a deadlock or its like, or everything else: the database, the network. */
export function postgresError(error: unknown): SqlError {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'CONNECTION';
  return new SqlError(faultOf(code), code, message);
}

function faultOf(code: string): SqlFault {
  if (code === '40001' || code === '40P01') return 'again';
  return /^(22|23|54)...$/.test(code) ? 'rows' : 'away';
}

const BIGINT = 20;
const JSON_TEXT = 114;

/** Whole numbers as numbers (ours stay below 2^53), and JSON as its text, as on the other database. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === BIGINT) return Number;
  if (oid === JSON_TEXT) return (text) => text;
  return pg.types.getTypeParser(oid, format ?? 'text');
}

function ignore(): void {
  // Whoever uses the connection next is told by its own statement.
}
