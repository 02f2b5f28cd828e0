/**
 * A whole run: every contestant in every form, pair after pair, then memory, then the search for what is held. One that
 * cannot be measured costs its own row and no other.
 */
import type { Contestant, Form } from './contestants.js';
import type { WindowFigures } from './generator/orders.js';
import { highestHeld, isHeld, ladder } from './measure/hold.js';
import { measureIdle } from './measure/idle.js';
import { measurePair, type PairFigures } from './measure/pair.js';
import { type Setting, Side, type SideOptions, UnavailableError } from './measure/side.js';
import type { BenchOptions } from './options.js';
import type { Row } from './report/report.js';

/** 10 Hz. */
export const TICK_INTERVAL_MS = 100;

/** Measures all that was asked for. `say` is told how it goes. */
export async function measureAll(options: BenchOptions, setting: Setting, say: (line: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  for (const form of options.forms) {
    for (const contestant of options.contestants) {
      say(`${contestant.title}, ${form}`);
      const row = await measurePairs(contestant, form, options, setting, say);
      const further = row.pairs.length > 0 ? await measureFurther(contestant, form, options, setting, say) : {};
      rows.push({ ...row, ...further });
    }
  }
  return rows;
}

/** Whether a row is without something that it could have. */
export function isIncomplete({ missing }: Row): boolean {
  return missing !== null && !missing.startsWith(NOT_AVAILABLE);
}

const NOT_AVAILABLE = 'not available';

async function measurePairs(
  contestant: Contestant,
  form: Form,
  options: BenchOptions,
  setting: Setting,
  say: (line: string) => void,
): Promise<Row> {
  const { players, warmupMs, windowMs } = options;
  const pairs: PairFigures[] = [];
  let missing: string | null = null;
  for (let number = 1; number <= options.pairs; number++) {
    try {
      const limitFirst = number % 2 === 1;
      const pair = await measurePair({ contestant, form, players, warmupMs, windowMs, limitFirst }, setting);
      pairs.push(pair);
      say(`  pair ${number}: ${pairText(pair)}`);
    } catch (error) {
      missing = whyMissing(error);
      say(`  pair ${number}: ${missing}`);
      if (error instanceof UnavailableError) break;
    }
  }
  const { id, title } = contestant;
  return { id, title, form, pairs, missing };
}

async function measureFurther(
  contestant: Contestant,
  form: Form,
  options: BenchOptions,
  setting: Setting,
  say: (line: string) => void,
): Promise<Partial<Row>> {
  const further: { idleKiB?: number; held?: number | null; missing?: string } = {};
  try {
    // An idle connection sees nothing, in fog or out of it.
    if (form === 'plain' && options.idleConnections > 1) {
      further.idleKiB = await measureIdle(contestant, options.idleConnections, setting);
      say(`  ${further.idleKiB.toFixed(0)} KiB an idle connection`);
    }
    if (options.hold) {
      const rungs = ladder(options.holdStep, options.holdMost);
      further.held = await highestHeld(rungs, (players) => holds(contestant, form, players, options, setting, say));
    }
  } catch (error) {
    further.missing = whyMissing(error);
    say(`  ${further.missing}`);
  }
  return further;
}

/** Whether these players are held. A server that they cannot even join does not hold them. */
async function holds(
  contestant: Contestant,
  form: Form,
  players: number,
  { warmupMs, windowMs }: BenchOptions,
  setting: Setting,
  say: (line: string) => void,
): Promise<boolean> {
  try {
    const window = await measureAlone({ contestant, form, players, idle: false }, warmupMs, windowMs, setting);
    const held = isHeld(window, setting.tickIntervalMs);
    const share = (100 * window.delivered).toFixed(1);
    const generator = (100 * window.generatorCpu).toFixed(0);
    say(
      `  ${players} players: ${held ? 'held' : 'not held'} (${share} %, p99 ${window.intervalP99Ms} ms, generator ${generator} %)`,
    );
    return held;
  } catch (error) {
    if (error instanceof UnavailableError) throw error;
    say(`  ${players} players: not held (${whyMissing(error)})`);
    return false;
  }
}

async function measureAlone(options: SideOptions, warmupMs: number, windowMs: number, setting: Setting): Promise<WindowFigures> {
  const side = await Side.start(options, setting);
  try {
    await side.join(0, options.players);
    return await side.measure(warmupMs, windowMs);
  } finally {
    await side.end();
  }
}

function pairText({ limit, contestant }: PairFigures): string {
  const us = contestant.serverCpuMs / contestant.states;
  const ratio = us / (limit.serverCpuMs / limit.states);
  return `${ratio.toFixed(2)} of the limit, ${(1000 * us).toFixed(1)} µs, ${(100 * contestant.delivered).toFixed(1)} % delivered`;
}

function whyMissing(error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return error instanceof UnavailableError ? `${NOT_AVAILABLE}: ${why}` : `failed: ${why}`;
}
