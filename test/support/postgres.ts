/**
 * A Postgres for tests, where the one who runs them has named one: an address with the right to create databases.
 * Each test run gets a database of its own, and each store in it a schema, so that nothing meets anything else.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** undefined: there is none, and the suites that need one say so. */
export const POSTGRES_URL = process.env.GRIDSTEAD_TEST_POSTGRES_URL;

export const POSTGRES_SKIPPED = 'Postgres suites skipped: set GRIDSTEAD_TEST_POSTGRES_URL';

export interface TestDatabase {
  /** The address of a new, empty schema in it. */
  schema(): Promise<string>;
  /** As the superuser of the test, outside of any store. `$1`… in the statement. */
  run(sql: string, ...values: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  drop(): Promise<void>;
}

export async function createTestDatabase(url: string): Promise<TestDatabase> {
  const name = `gridstead_test_${randomBytes(6).toString('hex')}`;
  await once(url, `CREATE DATABASE ${name}`);
  const inside = new URL(url);
  inside.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: inside.href });
  // A test may crash the database under it: whoever asks next is told.
  let lost = false;
  client.on('error', () => {
    lost = true;
  });
  await client.connect();
  let schemas = 0;
  return {
    async schema() {
      const schema = `s${++schemas}`;
      await client.query(`CREATE SCHEMA ${schema}`);
      const address = new URL(inside);
      address.searchParams.set('options', `-csearch_path=${schema}`);
      return address.href;
    },
    async run(sql, ...values) {
      return (await client.query(sql, [...values])).rows;
    },
    async drop() {
      if (!lost) await client.end();
      await once(url, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function once(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
