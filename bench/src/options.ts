/**
 * The command line of the benchmark: options, defaults, and what is wrong with them. A full run takes the defaults;
 * `--quick` only shows that everything works, and its figures are never written into the documentation.
 */
import { parseArgs } from 'node:util';
import { CONTESTANTS, type Contestant, FORMS, type Form } from './contestants.js';

export interface BenchOptions {
  readonly players: number;
  readonly pairs: number;
  readonly warmupMs: number;
  readonly windowMs: number;
  readonly contestants: readonly Contestant[];
  readonly forms: readonly Form[];
  /** Whether to search how many players each server holds, and the ladder of the search. */
  readonly hold: boolean;
  readonly holdStep: number;
  readonly holdMost: number;
  /** Connections for the memory figure; 0: it is left out. */
  readonly idleConnections: number;
  readonly serverCore: number;
  readonly generatorCore: number;
  /** Settings for Gridstead over those of the benchmark, as environment variables. */
  readonly settings: Readonly<Record<string, string>>;
  /** The folder for Gridstead's database; null: the system's temporary folder. */
  readonly scratch: string | null;
  /** Write the report into docs/. */
  readonly write: boolean;
  readonly quick: boolean;
}

/** The command line is wrong; the message says how. */
export class UsageError extends Error {}

export const HELP = `npm run bench -- [options]
  --players N        players of each server of a pair, in zones of 50 (1000)
  --pairs N          pairs measured for each row; the median is given (3)
  --warmup N         seconds before each window (30): servers run for days, and V8 compiles for half a minute
  --window N         seconds of each window (8)
  --only A,B         servers to measure: ${CONTESTANTS.map(({ id }) => id).join(', ')} (all)
  --form F           plain or fog (both)
  --hold             also search how many players each server holds on one core
  --hold-step N      rungs of that search (500)
  --hold-most N      the highest rung (6000)
  --idle N           connections for the memory figure (2000); 0 leaves it out
  --server-core N    the core that servers are pinned to (0)
  --generator-core N the core for everything else (1)
  --set NAME=VALUE   a setting for Gridstead, such as ZONE_WORKERS=0; may be repeated
  --scratch DIR      where Gridstead's database is put (the temporary folder)
  --write            put the table, the chart and the JSON into docs/
  --quick            200 players, one pair, windows of 3 s: shows that all works, and nothing else
Exit status: 0; 1 when something could not be measured; 2 for a wrong option; 130 when interrupted.`;

/** null: help was asked for. Throws `UsageError`, or what `parseArgs` throws. */
export function readOptions(args: readonly string[]): BenchOptions | null {
  const values = parse(args);
  if (values.help) return null;
  const quick = values.quick === true;
  if (quick && values.write) throw new UsageError('--write needs a full run: what --quick measures is not worth writing down');
  return {
    players: players(values.players ?? (quick ? '200' : '1000')),
    pairs: whole('pairs', values.pairs ?? (quick ? '1' : '3'), 1, 99),
    warmupMs: 1000 * whole('warmup', values.warmup ?? (quick ? '1' : '30'), 0, 60),
    windowMs: 1000 * whole('window', values.window ?? (quick ? '3' : '8'), 1, 60),
    contestants: contestantsOf(values.only),
    forms: formsOf(values.form),
    hold: values.hold === true,
    holdStep: players(values['hold-step'] ?? '500'),
    holdMost: players(values['hold-most'] ?? '6000'),
    idleConnections: idle(values.idle ?? (quick ? '400' : '2000')),
    serverCore: whole('server-core', values['server-core'] ?? '0', 0, 1023),
    generatorCore: whole('generator-core', values['generator-core'] ?? '1', 0, 1023),
    settings: settingsOf(values.set ?? []),
    scratch: values.scratch ?? null,
    write: values.write === true,
    quick,
  };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean' },
      players: { type: 'string' },
      pairs: { type: 'string' },
      warmup: { type: 'string' },
      window: { type: 'string' },
      only: { type: 'string' },
      form: { type: 'string' },
      hold: { type: 'boolean' },
      'hold-step': { type: 'string' },
      'hold-most': { type: 'string' },
      idle: { type: 'string' },
      'server-core': { type: 'string' },
      'generator-core': { type: 'string' },
      set: { type: 'string', multiple: true },
      scratch: { type: 'string' },
      write: { type: 'boolean' },
      quick: { type: 'boolean' },
    },
  }).values;
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`--${name} takes a whole number from ${least} to ${most}, not "${text}"`);
}

/** Zones are full: the work that one player causes depends on how many others see it. */
function players(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 50 && value <= 20_000 && value % 50 === 0) return value;
  throw new UsageError(`players come in zones of 50, from 50 to 20000; "${text}" does not`);
}

/** With few connections the figure would be that of chance. */
function idle(text: string): number {
  return text === '0' ? 0 : whole('idle', text, 100, 10_000);
}

function contestantsOf(only: string | undefined): readonly Contestant[] {
  if (only === undefined) return CONTESTANTS;
  const ids = only.split(',');
  const unknown = ids.find((id) => !CONTESTANTS.some((contestant) => contestant.id === id));
  if (unknown !== undefined) throw new UsageError(`--only knows ${CONTESTANTS.map(({ id }) => id).join(', ')}, not "${unknown}"`);
  return CONTESTANTS.filter(({ id }) => ids.includes(id));
}

function formsOf(form: string | undefined): readonly Form[] {
  if (form === undefined) return FORMS;
  const chosen = FORMS.filter((known) => known === form);
  if (chosen.length === 0) throw new UsageError(`--form takes plain or fog, not "${form}"`);
  return chosen;
}

function settingsOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new UsageError(`--set takes NAME=VALUE, not "${pair}"`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
