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

  /** Of one zone: all but the commit, which is shared. */
  addZone({ intents, rules, views, encoding, send }: Costs): void {
    const current = this.#current;
    current.intents += intents;
    current.rules += rules;
    current.views += views;
    current.encoding += encoding;
    current.send += send;
  }

  addCommit(ms: number): void {
    this.#current.commit += ms;
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
  // Written out: it is done for each zone and tick.
  return {
    intents: mean.intents + (tick.intents - mean.intents) * NEWEST,
    rules: mean.rules + (tick.rules - mean.rules) * NEWEST,
    views: mean.views + (tick.views - mean.views) * NEWEST,
    encoding: mean.encoding + (tick.encoding - mean.encoding) * NEWEST,
    commit: mean.commit + (tick.commit - mean.commit) * NEWEST,
    send: mean.send + (tick.send - mean.send) * NEWEST,
  };
}

/** What a zone keeps a thread busy with; a commit it shares with others, and waits for. */
export function workMs({ intents, rules, views, encoding, send }: Costs): number {
  return intents + rules + views + encoding + send;
}
