/** The few numbers of each row that a reader is shown, out of all that was measured in its pairs. */
import type { WindowFigures } from '../generator/orders.js';
import type { PairFigures } from '../measure/pair.js';

export interface Summary {
  /** CPU for each snapshot against the limit's of the same pair: the median, and the extremes. */
  readonly ratio: number;
  readonly ratioLeast: number;
  readonly ratioMost: number;
  /** Microseconds of server CPU for each snapshot delivered, one intent received included. */
  readonly limitUs: number;
  readonly us: number;
  readonly bytes: number;
  readonly delivered: number;
  readonly intervalP50Ms: number | null;
  readonly intervalP99Ms: number | null;
  readonly latencyP50Ms: number | null;
  readonly latencyP99Ms: number | null;
  /** Of both generators, which share a core: the busiest pair. */
  readonly generatorCpu: number;
  /** Error messages and lost sockets, in all pairs. */
  readonly mishaps: number;
}

/** null: there is no pair in which both delivered anything. */
export function summarize(pairs: readonly PairFigures[]): Summary | null {
  const useful = pairs.filter(({ limit, contestant }) => limit.states > 0 && contestant.states > 0);
  if (useful.length === 0) return null;
  const ratios = useful.map(({ limit, contestant }) => microseconds(contestant) / microseconds(limit));
  const own = useful.map(({ contestant }) => contestant);
  return {
    ratio: median(ratios),
    ratioLeast: Math.min(...ratios),
    ratioMost: Math.max(...ratios),
    limitUs: median(useful.map(({ limit }) => microseconds(limit))),
    us: median(own.map(microseconds)),
    bytes: median(own.map(({ bytesPerState }) => bytesPerState)),
    delivered: Math.min(...own.map(({ delivered }) => delivered)),
    intervalP50Ms: medianOf(own, 'intervalP50Ms'),
    intervalP99Ms: medianOf(own, 'intervalP99Ms'),
    latencyP50Ms: medianOf(own, 'latencyP50Ms'),
    latencyP99Ms: medianOf(own, 'latencyP99Ms'),
    generatorCpu: Math.max(...useful.map(({ limit, contestant }) => limit.generatorCpu + contestant.generatorCpu)),
    mishaps: own.reduce((sum, { errors, lost }) => sum + errors + lost, 0),
  };
}

/** The middle value; of an even number of values, the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function microseconds({ serverCpuMs, states }: WindowFigures): number {
  return (1000 * serverCpuMs) / states;
}

type Measured = 'intervalP50Ms' | 'intervalP99Ms' | 'latencyP50Ms' | 'latencyP99Ms';

function medianOf(windows: readonly WindowFigures[], figure: Measured): number | null {
  const values = windows.map((window) => window[figure]).filter((value) => value !== null);
  return values.length > 0 ? median(values) : null;
}
