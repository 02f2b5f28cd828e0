/**
 * A process of its own for one test: starts to migrate a database, says so in the middle, and never goes on.
 */
import { MIGRATIONS } from '../../../src/store/sql/migrations/index.js';
import { openSqlite } from '../../../src/store/sql/sqlite/open.js';
import { Surroundings } from './harness.js';

const [, , file] = process.argv;

await openSqlite(file ?? '', new Surroundings(), [
  ...MIGRATIONS,
  {
    name: '0099-endless',
    async up(session) {
      await session.run('CREATE TABLE half_way (id INTEGER)');
      process.stdout.write('half way\n');
      // A timer, or the process would end for want of anything to do.
      await new Promise((resolve) => setTimeout(resolve, 600_000));
    },
  },
]);
