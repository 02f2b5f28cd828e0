/** The store on Postgres passes the suite of all stores, where there is a Postgres to run it on. */
import { openStore, type Store } from '../../../src/store/open.js';
import { createTestDatabase, POSTGRES_SKIPPED, POSTGRES_URL, type TestDatabase } from '../../support/postgres.js';
import { type Harness, Surroundings } from './harness.js';
import { storeSuite } from './suite.js';

if (POSTGRES_URL) withPostgres(POSTGRES_URL);
else describe.skip(POSTGRES_SKIPPED, () => it('passes the suite of all stores'));

function withPostgres(url: string): void {
  describe('with a Postgres', () => {
    let database: TestDatabase;
    before(async () => {
      database = await createTestDatabase(url);
    });
    after(() => database.drop());

    storeSuite('Postgres', () => postgresHarness(database), 6);
  });
}

async function postgresHarness(database: TestDatabase): Promise<Harness> {
  const surroundings = new Surroundings();
  const databaseUrl = await database.schema();
  const schema = new URL(databaseUrl).searchParams.get('options')?.split('=')[1];
  return {
    open: () => openStore({ databaseUrl, poolMax: 6, ...surroundings }),
    kill: async (store: Store) => {
      await database.run(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      await store.close();
    },
    takeOver: async () => {
      await database.run(`UPDATE ${schema}.world SET epoch = epoch + 1`);
    },
    dispose: async () => {
      await database.run(`DROP SCHEMA ${schema} CASCADE`);
    },
  };
}
