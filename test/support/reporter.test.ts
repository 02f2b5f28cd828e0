import { expect } from 'chai';
import Mocha from 'mocha';
import ToldReporter from './reporter.js';
import { skip } from './skip.js';

describe('what a run of the tests says at its end', () => {
  it('is what was skipped, with why, and what passed only when it was repeated, with what went wrong', async () => {
    const lines = await linesOf((suite) => {
      let runs = 0;
      suite.addTest(new Mocha.Test('works', () => {}));
      suite.addTest(
        new Mocha.Test('needs a disk', function (this: Mocha.Context) {
          skip(this, 'there is none');
        }),
      );
      suite.addTest(
        new Mocha.Test('is moody', () => {
          runs += 1;
          if (runs === 1) throw new Error('not today\nand more');
        }),
      );
    });

    expect(lines.slice(-2)).to.deep.equal([
      '  Skipped:\n    inner needs a disk (skipped: there is none)\n',
      '  Repeated:\n    inner is moody: not today\n',
    ]);
  });

  it('is nothing more where nothing was', async () => {
    const lines = await linesOf((suite) => suite.addTest(new Mocha.Test('works', () => {})));

    expect(lines.join('')).to.not.match(/Skipped|Repeated/);
  });
});

/** What is written over a run of these tests. */
async function linesOf(fill: (suite: Mocha.Suite) => void): Promise<readonly string[]> {
  const lines: string[] = [];
  const mocha = new Mocha({ reporter: ToldReporter, retries: 1 });
  fill(Mocha.Suite.create(mocha.suite, 'inner'));
  const { consoleLog } = Mocha.reporters.Base;
  Mocha.reporters.Base.consoleLog = (...texts: unknown[]) => void lines.push(texts.join(' '));
  try {
    await new Promise((resolve) => mocha.run(resolve));
  } finally {
    Mocha.reporters.Base.consoleLog = consoleLog;
  }
  return lines;
}
