/** The store on SQLite passes the suite of all stores. Its own faults are in `sqlite-faults.test.ts`. */
import { storeSuite } from './suite.js';
import { sqliteHarness } from './sqlite-harness.js';

storeSuite('SQLite', sqliteHarness);
