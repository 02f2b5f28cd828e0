/**
 * `npm run replay`: plays kept ticks of a zone again with today's code, compares each with what was committed, and
 * names the first tick and field that differ. It reads the database that `DATABASE_URL` names, beside a running server too.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { processSettings } from '../../config/load.js';
import { findGame, loadGame } from '../games/load.js';
import { exportTest } from '../replay/export.js';
import { type ReplayedTick, replay } from '../replay/replay.js';
import { readStretch, type Stretch } from '../replay/stretch.js';
import { readDriver } from '../store/sql/sqlite/driver.js';
import { EXIT_FAILED, runTool, UsageError, wholeNumber } from './arguments.js';

const HELP = `npm run replay -- --zone Z --from A --to B [options]
  --zone Z         the zone, by name or id
  --from A --to B  the ticks to play again, both included
  --all            go on after the first tick that differs
  --export FOLDER  write a test of these ticks there, and play nothing
Which database and which game: DATABASE_URL and GAME, as for npm run serve.
Exit status: 0; 1 when a tick differs, or nothing is kept of these; 2 for a wrong option.`;

export interface ReplayToolOptions {
  readonly zone: string;
  readonly from: number;
  readonly to: number;
  readonly all: boolean;
  /** null: play them. */
  readonly exportTo: string | null;
}

/** null: help was asked for. */
export function readReplayOptions(args: readonly string[]): ReplayToolOptions | null {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      ...{ zone: text, from: text, to: text, export: text },
    },
  });
  if (values.help) return null;
  const { zone, from, to } = values;
  if (!zone || !from || !to) throw new UsageError('--zone, --from and --to are all needed');
  const ticks = { from: wholeNumber('from', from, 1, 2 ** 53 - 1), to: wholeNumber('to', to, 1, 2 ** 53 - 1) };
  if (ticks.to < ticks.from) throw new UsageError(`--to is ${to}, before --from ${from}`);
  return { zone, ...ticks, all: values.all, exportTo: values.export ?? null };
}

const GAMES = path.join(import.meta.dirname, '../../games');

async function main(): Promise<number> {
  const options = readReplayOptions(process.argv.slice(2));
  if (!options) {
    console.log(HELP);
    return 0;
  }
  const settings = processSettings();
  const places = { cwd: process.cwd(), gamesDir: GAMES };
  const game = await loadGame(settings.game, places);
  const stretch = await kept(settings.databaseUrl, options, game.border !== undefined);
  if (options.exportTo !== null) {
    console.log(`written: ${await written(stretch, options.exportTo, await findGame(settings.game, places))}`);
    return 0;
  }
  return report(replay(game, stretch, settings), options.all) === 0 ? 0 : EXIT_FAILED;
}

async function kept(databaseUrl: string, { zone: name, from, to }: ReplayToolOptions, besides: boolean): Promise<Stretch> {
  // Only now: where sqlite3 has no binary, an import beside the others would fail with a stack.
  await readDriver();
  const { openHistory } = await import('../store/open-history.js');
  const { history, close } = await openHistory(databaseUrl);
  try {
    const zone = await history.zone(name);
    if (!zone) throw new Error(`there is no zone "${name}"`);
    return await readStretch(history, zone, { from, to, besides });
  } finally {
    await close();
  }
}

function written(stretch: Stretch, folder: string, gameFile: string): Promise<string> {
  const from = path.resolve(folder);
  const importOf = (file: string) => relativeImport(from, file);
  return exportTest(stretch, from, {
    gameImport: importOf(gameFile),
    replayImport: importOf(path.join(import.meta.dirname, '../replay/index.ts')),
  });
}

function relativeImport(folder: string, file: string): string {
  const relative = path.relative(folder, file).split(path.sep).join('/').replace(/\.ts$/, '.js');
  return relative.startsWith('.') ? relative : `./${relative}`;
}

/** Says what came of each; answers how many differ. */
export function report(ticks: Iterable<ReplayedTick>, all: boolean, print: (line: string) => void = console.log): number {
  let [played, differ] = [0, 0];
  for (const { tick, difference } of ticks) {
    played += 1;
    if (!difference) continue;
    differ += 1;
    print(
      `tick ${tick} differs at ${difference.field}: it was ${shown(difference.committed)}, and is ${shown(difference.replayed)} now`,
    );
    if (!all) break;
  }
  print(
    differ === 0
      ? `${played} ticks played again: all as they were`
      : `${played} ticks played again, ${differ} ${differ === 1 ? 'differs' : 'differ'}`,
  );
  return differ;
}

function shown(value: unknown): string {
  return value === undefined ? 'not there' : JSON.stringify(value);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await runTool('replay', main);
