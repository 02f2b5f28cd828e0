/**
 * A contestant and the limit at the same time, on the same core, each with its own generator: whatever else the
 * machine does slows both, and their ratio is of use where their times are not.
 */
import { type Contestant, type Form, LIMIT } from '../contestants.js';
import type { WindowFigures } from '../generator/orders.js';
import { type Setting, Side } from './side.js';

export interface PairOptions {
  readonly contestant: Contestant;
  readonly form: Form;
  readonly players: number;
  readonly warmupMs: number;
  readonly windowMs: number;
  /** Which of the two is started first: pairs take turns. */
  readonly limitFirst: boolean;
}

export interface PairFigures {
  readonly limit: WindowFigures;
  readonly contestant: WindowFigures;
}

/** Rejects where either could not be measured; everything is ended by then. */
export async function measurePair(options: PairOptions, setting: Setting): Promise<PairFigures> {
  const { contestant, form, players, warmupMs, windowMs, limitFirst } = options;
  const order = limitFirst ? [LIMIT, contestant] : [contestant, LIMIT];
  const sides: Side[] = [];
  try {
    for (const who of order) {
      const side = await Side.start({ contestant: who, form, players, idle: false }, setting);
      sides.push(side);
      await side.join(0, players);
    }
    const windows = await Promise.all(sides.map((side) => side.measure(warmupMs, windowMs)));
    const [first, second] = limitFirst ? windows : [...windows].reverse();
    if (!first || !second) throw new Error('a window is missing');
    return { limit: first, contestant: second };
  } finally {
    await Promise.all(sides.map((side) => side.end()));
  }
}
