/**
 * Where the time of a tick goes, by what it is spent on: summed over all zones for /status, and for each zone in the
 * actor tree. Steps of several threads add up, so that a tick may cost more than it lasts.
 */

/** In the order in which a tick goes through them. */
export const COST_KINDS = ['intents', 'rules', 'views', 'encoding', 'commit', 'send'] as const;
export type CostKind = (typeof COST_KINDS)[number];

/** Milliseconds. */
export type Costs = Readonly<Record<CostKind, number>>;

export const NO_COSTS: Costs = { intents: 0, rules: 0, views: 0, encoding: 0, commit: 0, send: 0 };

/** Ticks that a mean is taken over: as many as an operator's look is long, whatever the interval. */
const WINDOW_TICKS = 60;

/** What the newest ticks cost. */
export class CostMeter {
  readonly #ticks: Record<CostKind, number>[] = [];
  #current: Record<CostKind, number> = { ...NO_COSTS };

  /** A tick begins: what is added from now on counts for it. */
  begin(): void {
    this.#ticks.push(this.#current);
    if (this.#ticks.length > WINDOW_TICKS) this.#ticks.shift();
    this.#current = { ...NO_COSTS };
  }

  add(kind: CostKind, ms: number): void {
    this.#current[kind] += ms;
  }

  /** Of one tick, on average. */
  mean(): Costs {
    const mean = { ...NO_COSTS };
    for (const kind of COST_KINDS) {
      mean[kind] = this.#ticks.reduce((sum, tick) => sum + tick[kind], 0) / Math.max(1, this.#ticks.length);
    }
    return mean;
  }
}

/** Weight of the newest tick in a zone's own mean. */
const NEWEST = 0.1;

/** The mean with one more tick in it. */
export function withTick(mean: Costs, tick: Costs): Costs {
  const next = { ...NO_COSTS };
  for (const kind of COST_KINDS) next[kind] = mean[kind] + (tick[kind] - mean[kind]) * NEWEST;
  return next;
}

/** What a zone keeps a thread busy with; a commit it shares with others, and waits for. */
export function workMs({ intents, rules, views, encoding, send }: Costs): number {
  return intents + rules + views + encoding + send;
}
