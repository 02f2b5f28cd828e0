/** The write-ahead log of SQLite is folded beside the commits, now and then, and nothing depends on its being so. */
import { copyFile } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import sqlite3 from 'sqlite3';
import { SqliteConnection } from '../../../src/store/sql/sqlite/connection.js';
import { SqliteEngine } from '../../../src/store/sql/sqlite/engine.js';
import { LogFolder } from '../../../src/store/sql/sqlite/log-folder.js';
import { FakeClock } from '../../support/fake-clock.js';
import { type SqliteHarness, sqliteHarness } from './sqlite-harness.js';

type Fold = { readonly log: number; readonly checkpointed: number };
const ALL: Fold = { log: 10, checkpointed: 10 };
const A_PART: Fold = { log: 10, checkpointed: 9 };

describe('folding the log', () => {
  it('happens with a commit, once every two seconds', async () => {
    const { folder, clock, folds } = bench(() => ALL);

    for (let ms = 0; ms < 6_000; ms += 100) {
      clock.advance(100);
      folder.committed();
      await folder.settled();
    }

    expect(folds()).to.equal(3);
  });

  it('goes on with the next commit where something was committed meanwhile, or it failed', async () => {
    const answers: (Fold | Error)[] = [A_PART, new Error('disk I/O error'), ALL];
    const { folder, clock, folds } = bench(() => answers.shift() ?? ALL);
    clock.advance(2_000);

    for (let commits = 0; commits < 5; commits++) {
      folder.committed();
      await folder.settled();
    }

    expect(folds()).to.equal(3);
  });

  it('is under way only once at a time', async () => {
    let end: (fold: Fold) => void = () => {};
    const { folder, clock, folds } = bench(() => new Promise((resolve) => (end = resolve)));
    clock.advance(2_000);

    folder.committed();
    folder.committed();
    await turn();
    const begun = folds();
    end(ALL);
    await folder.settled();

    expect(begun).to.equal(1);
  });

  describe('of a database', () => {
    let harness: SqliteHarness;
    beforeEach(async () => {
      harness = await sqliteHarness();
    });
    afterEach(() => harness.dispose());

    for (const way of ['statements', 'transactions'] as const) {
      it(`puts what ${way} have committed into its file, while the database stays open`, async () => {
        const clock = new FakeClock();
        const engine = await SqliteEngine.open(harness.file(), clock);
        const write = (sql: string) =>
          way === 'statements' ? engine.single.run(sql) : engine.transaction((session) => session.run(sql));
        await write('CREATE TABLE notes (text TEXT)');
        await write("INSERT INTO notes VALUES ('before')");
        const before = await tablesOf(harness.file());
        clock.advance(2_000);
        await write("INSERT INTO notes VALUES ('after')");
        const folded = await until(
          () => tablesOf(harness.file()),
          (tables) => tables.length > 0,
        );

        expect([before, folded]).to.deep.equal([[], ['notes']]);
        await engine.close();
      });
    }
  });
});

function bench(answer: () => Fold | Error | Promise<Fold>) {
  const clock = new FakeClock();
  let folds = 0;
  const all = async () => {
    folds++;
    const answered = await answer();
    if (answered instanceof Error) throw answered;
    return [{ busy: 0, ...answered }];
  };
  return { clock, folder: new LogFolder({ all }, clock), folds: () => folds };
}

/** What the file alone has, as if its log had been lost; nothing where it was copied in the middle of a fold. */
async function tablesOf(file: string): Promise<readonly unknown[]> {
  const alone = `${file}.alone`;
  await copyFile(file, alone);
  const connection = await SqliteConnection.open(alone, sqlite3.OPEN_READWRITE, 'PRAGMA busy_timeout = 1000;');
  try {
    const rows = await connection.all("SELECT name FROM sqlite_master WHERE type = 'table'");
    return rows.map(({ name }) => name);
  } catch {
    return [];
  } finally {
    await connection.close();
  }
}

/** Asks until it is so: how long a disk takes is not a test's to say. */
async function until<Answer>(ask: () => Promise<Answer>, isSo: (answer: Answer) => boolean): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
  }
}
