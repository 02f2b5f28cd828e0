/**
 * Where SQLite and Postgres say the same thing differently: column types, row locks, and lists as parameters.
 * A list travels as one JSON text, so that a statement has the same parameters however long it is.
 */
import type { ZoneHold } from '../tables.js';

export type ListType = 'uuid' | 'bigint' | 'integer' | 'text';

export interface Dialect {
  readonly kind: 'sqlite' | 'postgres';
  readonly types: {
    readonly uuid: string;
    readonly json: string;
    readonly bytes: string;
    readonly time: string;
    /** A number that the database gives, each only once, as the primary key. */
    readonly serial: string;
  };
  /** What a SELECT says at its end to hold the rows that it read. */
  readonly hold: Readonly<Record<ZoneHold | 'share', string>>;
  /** Run first in a transaction that may not be one for writing yet; null: it need not be. */
  readonly takeWriteLock: string | null;
  /** A parameter that is a JSON list of objects, as rows with these columns. */
  list(parameter: string, alias: string, columns: Readonly<Record<string, ListType>>): string;
  json(expression: string): string;
  time(expression: string): string;
  bytes(parameter: string): string;
  /** Bytes that are UTF-8, as text. */
  text(expression: string): string;
  /** Answers a row when the table is there. */
  tableExists(table: string): string;
  /** Run in the transaction of the migrations, which may take longer than other statements; null: nothing. */
  readonly beforeMigrations: string | null;
}

/** SQLite has one writer: who is in a transaction holds everything. */
export const SQLITE: Dialect = {
  kind: 'sqlite',
  types: { uuid: 'TEXT', json: 'JSON', bytes: 'BLOB', time: 'DATETIME', serial: 'INTEGER PRIMARY KEY AUTOINCREMENT' },
  // Takes the lock although it finds no row, and therefore writes nothing.
  takeWriteLock: 'UPDATE world SET epoch = epoch WHERE id = 0',
  hold: { share: '', write: '', target: '', whole: '' },
  list: (parameter, alias, columns) => {
    const fields = Object.keys(columns).map((name) => `value->>'${name}' AS ${name}`);
    return `(SELECT ${fields.join(', ')} FROM json_each(${parameter})) AS ${alias}`;
  },
  json: (expression) => expression,
  time: (expression) => expression,
  bytes: (parameter) => parameter,
  text: (expression) => `CAST(${expression} AS TEXT)`,
  tableExists: (table) => `SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = '${table}'`,
  beforeMigrations: null,
};

export const POSTGRES: Dialect = {
  kind: 'postgres',
  types: {
    uuid: 'UUID',
    json: 'JSON',
    bytes: 'BYTEA',
    time: 'TIMESTAMPTZ',
    serial: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
  },
  takeWriteLock: null,
  hold: { share: 'FOR SHARE', write: 'FOR NO KEY UPDATE', target: 'FOR KEY SHARE', whole: 'FOR UPDATE' },
  list: (parameter, alias, columns) => {
    const fields = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
    return `json_to_recordset(${parameter}::json) AS ${alias}(${fields.join(', ')})`;
  },
  json: (expression) => `${expression}::json`,
  time: (expression) => `${expression}::timestamptz`,
  bytes: (parameter) => `${parameter}::bytea`,
  text: (expression) => `convert_from(${expression}, 'UTF8')`,
  tableExists: (table) => `SELECT 1 AS found WHERE to_regclass('${table}') IS NOT NULL`,
  beforeMigrations: 'SET LOCAL statement_timeout = 0',
};
