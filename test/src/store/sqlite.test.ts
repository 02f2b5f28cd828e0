/** The store on SQLite passes the suite of all stores. Its own faults are in `sqlite.slow.ts`. */

import { sqliteHarness } from './sqlite-harness.js';
import { storeSuite } from './suite.js';

storeSuite('SQLite', sqliteHarness, 15);
