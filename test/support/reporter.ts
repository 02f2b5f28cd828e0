/**
 * Mocha's own reporter, and at the end what it leaves for the reader to find: what was skipped, which says why in its title
 * or stands below a suite that does, and what had to be repeated (`--retries`), with what went wrong the first time.
 */
import Mocha, { type MochaOptions, type Runner, type Test } from 'mocha';

// Types know nothing of it: the error comes beside the test.
const RETRY = 'retry';

export default class ToldReporter extends Mocha.reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    const skipped = new Set<string>();
    const repeated: string[] = [];
    runner.on('pending', (test: Test) => skipped.add(test.fullTitle()));
    runner.on(RETRY, (test: Test, error: Error) => repeated.push(`${test.fullTitle()}: ${firstLine(error)}`));
    runner.once('end', () => {
      tell('Skipped', [...skipped]);
      tell('Repeated', repeated);
    });
  }
}

function tell(what: string, tests: readonly string[]): void {
  if (tests.length === 0) return;
  Mocha.reporters.Base.consoleLog(`  ${what}:\n${tests.map((test) => `    ${test}\n`).join('')}`);
}

function firstLine(error: Error): string {
  return String(error.message ?? error).split('\n')[0] ?? '';
}
