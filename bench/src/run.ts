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
  const run = new Run(options, setting, say);
  const rows: Row[] = [];
  for (const form of options.forms) {
    for (const contestant of options.contestants) rows.push(await run.row(contestant, form));
  }
  return rows;
}

/** Whether a row is without something that it could have. */
export function isIncomplete({ missing }: Row): boolean {
  return missing !== null && !missing.startsWith(NOT_AVAILABLE);
}

const NOT_AVAILABLE = 'not available';

/** One run's way of measuring a row. */
class Run {
  readonly #options: BenchOptions;
  readonly #setting: Setting;
  readonly #say: (line: string) => void;

  constructor(options: BenchOptions, setting: Setting, say: (line: string) => void) {
    this.#options = options;
    this.#setting = setting;
    this.#say = say;
  }

  async row(contestant: Contestant, form: Form): Promise<Row> {
    this.#say(`${contestant.title}, ${form}`);
    const { id, title } = contestant;
    const paired = await this.#pairs(contestant, form);
    const further = paired.pairs.length > 0 ? await this.#further(contestant, form) : {};
    return { id, title, form, ...paired, ...further };
  }

  async #pairs(contestant: Contestant, form: Form): Promise<Pick<Row, 'pairs' | 'missing'>> {
    const { players, warmupMs, windowMs } = this.#options;
    const pairs: PairFigures[] = [];
    let missing: string | null = null;
    for (let number = 1; number <= this.#options.pairs; number++) {
      try {
        const limitFirst = number % 2 === 1;
        const pair = await measurePair({ contestant, form, players, warmupMs, windowMs, limitFirst }, this.#setting);
        pairs.push(pair);
        this.#say(`  pair ${number}: ${pairText(pair)}`);
      } catch (error) {
        missing = whyMissing(error);
        this.#say(`  pair ${number}: ${missing}`);
        if (error instanceof UnavailableError) break;
      }
    }
    return { pairs, missing };
  }

  async #further(contestant: Contestant, form: Form): Promise<Partial<Row>> {
    const { idleConnections, hold, holdStep, holdMost } = this.#options;
    const further: { idleKiB?: number; held?: number | null; missing?: string } = {};
    try {
      // An idle connection sees nothing, in fog or out of it.
      if (form === 'plain' && idleConnections > 0) {
        further.idleKiB = await measureIdle(contestant, idleConnections, this.#setting);
        this.#say(`  ${further.idleKiB.toFixed(0)} KiB an idle connection`);
      }
      if (hold) further.held = await highestHeld(ladder(holdStep, holdMost), (players) => this.#holds(contestant, form, players));
    } catch (error) {
      further.missing = whyMissing(error);
      this.#say(`  ${further.missing}`);
    }
    return further;
  }

  /** Whether these players are held. A server that they cannot even join does not hold them. */
  async #holds(contestant: Contestant, form: Form, players: number): Promise<boolean> {
    const { warmupMs, windowMs } = this.#options;
    try {
      const window = await measureAlone({ contestant, form, players, idle: false }, warmupMs, windowMs, this.#setting);
      const held = isHeld(window, this.#setting.tickIntervalMs);
      this.#say(`  ${players} players: ${held ? 'held' : 'not held'} (${rungText(window)})`);
      return held;
    } catch (error) {
      if (error instanceof UnavailableError) throw error;
      this.#say(`  ${players} players: not held (${whyMissing(error)})`);
      return false;
    }
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

function rungText({ delivered, intervalP99Ms, generatorCpu }: WindowFigures): string {
  return `${(100 * delivered).toFixed(1)} %, p99 ${intervalP99Ms} ms, generator ${(100 * generatorCpu).toFixed(0)} %`;
}

function whyMissing(error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return error instanceof UnavailableError ? `${NOT_AVAILABLE}: ${why}` : `failed: ${why}`;
}
