/**
 * Run as a process, with a path: makes a database there that is of this version and has nothing in it. Servers of tests begin
 * with a copy, because what brings a database to a version takes a seventh of a start.
 */
import { rmSync } from 'node:fs';
import { migrate } from '../../src/store/sql/migrate.js';
import { MIGRATIONS } from '../../src/store/sql/migrations/index.js';
import { SqliteEngine } from '../../src/store/sql/sqlite/engine.js';

const [file = ''] = process.argv.slice(2);
rmSync(file, { force: true });
const engine = await SqliteEngine.open(file, { monotonicMs: () => performance.now() });
await migrate(engine, MIGRATIONS, Date.now());
await engine.close();
