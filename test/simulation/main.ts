/**
 * `npm run simulate`: as many runs as are asked for, each from its seed, and the first that breaks a promise ends
 * them with the command that shows it again.
 */
import { parseArgs } from 'node:util';
import { EXIT_FAILED, runTool, wholeNumber } from '../../src/tools/arguments.js';
import { isolate } from './isolation.js';
import { simulate } from './simulation.js';

const HELP = `npm run simulate -- [--seeds N] [--from S]     runs N seeds from S on (1000 from 1)
npm run simulate -- --seed S                   runs one seed, and prints all that happens in it

Exit status: 0 when every promise was kept, 1 when one was broken, 2 for a wrong command line.`;

const MOST = 2 ** 32 - 1;
/** So often it says how far it is. */
const PROGRESS_MS = 2_000;

await runTool('simulate', async () => {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (values.seed !== undefined) return replay(wholeNumber('seed', values.seed, 0, MOST));
  return runAll(wholeNumber('from', values.from, 0, MOST), wholeNumber('seeds', values.seeds, 1, MOST));
});

async function runAll(from: number, count: number): Promise<number> {
  let saidAtMs = performance.now();
  for (let seed = from; seed < from + count; seed += 1) {
    const broken = await brokenIn(seed);
    if (broken.length > 0) return report(seed, broken);
    if (performance.now() - saidAtMs < PROGRESS_MS) continue;
    saidAtMs = performance.now();
    console.log(`${seed - from + 1} of ${count} seeds, every promise kept`);
  }
  console.log(`${count} seeds from ${from} on: every promise kept`);
  return 0;
}

async function brokenIn(seed: number): Promise<readonly string[]> {
  const threaded = await simulate(seed, { hasThreads: true });
  return [...(await simulate(seed)).broken, ...threaded.broken, ...(await isolate(seed)).broken];
}

async function replay(seed: number): Promise<number> {
  const { broken, digest } = await simulate(seed, { print: (line) => console.log(line) });
  console.log(`digest ${digest}`);
  console.log('and with threads:');
  const threaded = await simulate(seed, { hasThreads: true, print: (line) => console.log(line) });
  console.log(`digest ${threaded.digest}`);
  const all = [...broken, ...threaded.broken, ...(await isolate(seed)).broken];
  return all.length > 0 ? report(seed, all) : 0;
}

function report(seed: number, broken: readonly string[]): number {
  console.error(`seed ${seed} breaks ${broken.length === 1 ? 'a promise' : 'promises'}:`);
  for (const line of broken) console.error(`  ${line}`);
  console.error(`again, with all that happens: npm run simulate -- --seed ${seed}`);
  return EXIT_FAILED;
}
