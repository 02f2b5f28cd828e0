/**
 * `npm run scale`: how many zones this machine holds, measured on real servers: ten thousand that tick, a hundred
 * thousand that sleep, how soon a killed server is ready again, and what a console costs. Linux only. What a world must be like for that is
 * `scale/made-world.ts`.
 */
import { parseArgs } from 'node:util';
import { runTool, UsageError, wholeNumber } from './arguments.js';
import { type Figures, live, restart, sleeping } from './scale/measures.js';
import { watched } from './scale/watched.js';

const HELP = `npm run scale -- [live] [sleeping] [restart] [console] [options]
  live       10,000 zones that tick once a second and write something in each tick
  sleeping   20 zones at 10 Hz, with 100,000 sleeping ones beside them and without
  restart    a killed world of 100,000 entities: from the start of the process to the ready line
  console    1,000 zones and 200 players, while nobody looks, while a console is open, and while one looks closely
  --seconds N   how long to look (20)
  --percent N   of the full size (100)
All four without a name. Needs the machine for itself, and a gigabyte of temporary files.`;

const MEASURES = { live, sleeping, restart, console: watched } as const;
type Name = keyof typeof MEASURES;

await runTool('scale', async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '20' },
      percent: { type: 'string', default: '100' },
    },
  });
  if (values.help) return say(HELP);
  const extent = {
    seconds: wholeNumber('seconds', values.seconds, 1, 600),
    size: wholeNumber('percent', values.percent, 1, 1_000) / 100,
  };
  for (const name of namesOf(positionals)) say(table(name, await MEASURES[name](extent)));
  return 0;
});

function namesOf(positionals: readonly string[]): readonly Name[] {
  const names = Object.keys(MEASURES) as Name[]; // Object.keys forgets the names
  for (const name of positionals) if (!Object.hasOwn(MEASURES, name)) throw new UsageError(`there is no measure "${name}"`);
  return positionals.length === 0 ? names : names.filter((name) => positionals.includes(name));
}

function table(name: string, figures: Figures): string {
  const rows = Object.entries(figures).map(([figure, value]) => `  ${figure.padEnd(30)} ${Number(value.toFixed(3))}`);
  return [name, ...rows].join('\n');
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
