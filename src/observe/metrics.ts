/**
 * Counters and histograms of the running world, and live gauges, as Prometheus text.
 * Names and meanings are those of `actors/telemetry.ts`; who reads them over HTTP is left to the edge.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { COUNTERS, type CounterName, HISTOGRAMS, type HistogramName, type Telemetry } from '../../actors/telemetry.js';
import { ProcessMetrics } from './process-metrics.js';

const PREFIX = 'gridstead_';
/** Names that a game may count under; what comes beyond is passed over, so that a name made of data cannot fill the memory. */
const MOST_GAME_COUNTERS = 200;

/** From a step of an idle zone to the longest tick interval, two or three for each power of ten. */
const BUCKETS_MS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000];

/** One registry of its own. Observes the process from `new` until `stop`. */
export class Metrics implements Telemetry {
  readonly #registry = new Registry();
  readonly #counters: ReadonlyMap<CounterName, PendingCounter>;
  readonly #histograms: ReadonlyMap<HistogramName, Histogram>;
  readonly #process: ProcessMetrics;
  readonly #gameCounters = new Map<string, Counter>();

  /** `game`: its name stands in front of what it counts. */
  constructor(private readonly game: string) {
    const registers = [this.#registry];
    this.#counters = byName(COUNTERS, (name, help) => new PendingCounter(PREFIX + name, help, this.#registry));
    this.#histograms = byName(
      HISTOGRAMS,
      (name, help) => new Histogram({ name: PREFIX + name, help, registers, buckets: BUCKETS_MS }),
    );
    this.#process = new ProcessMetrics(this.#registry);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  count(name: CounterName, by = 1): void {
    const counter = this.#counters.get(name);
    if (counter) counter.pending += by;
  }

  observe(name: HistogramName, ms: number): void {
    this.#histograms.get(name)?.observe(ms);
  }

  countForGame(counts: Readonly<Record<string, number>>): void {
    for (const [name, by] of Object.entries(counts)) this.#gameCounter(name)?.inc(by);
  }

  #gameCounter(name: string): Counter | undefined {
    const known = this.#gameCounters.get(name);
    if (known || this.#gameCounters.size === MOST_GAME_COUNTERS) return known;
    const prefix = this.game.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=[0-9])/, '_');
    const help = `Counted by the game ${this.game}`;
    const counter = new Counter({ name: `${prefix}_${name}_total`, help, registers: [this.#registry] });
    this.#gameCounters.set(name, counter);
    return counter;
  }

  /** Shows `gridstead_<name>`, read anew for each call of `text`. Throws for a name that is there already. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name: PREFIX + name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** All of it, as Prometheus reads it. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** How late the main thread was, in milliseconds, since the last call of what this answers. */
  loopDelay(): () => { readonly mean: number; readonly max: number } {
    return this.#process.loopDelay();
  }

  /** Ends what observes the process; the figures stay readable. */
  stop(): void {
    this.#process.stop();
  }
}

/** Counts in a plain number until somebody looks: some are counted for every player and tick. */
class PendingCounter {
  pending = 0;

  constructor(name: string, help: string, registry: Registry) {
    const take = () => {
      const { pending } = this;
      this.pending = 0;
      return pending;
    };
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.inc(take());
      },
    });
  }
}

function byName<Name extends string, Metric>(
  meanings: Readonly<Record<Name, string>>,
  make: (name: Name, help: string) => Metric,
): ReadonlyMap<Name, Metric> {
  // Object.keys forgets that the keys of a Record<Name, …> are Names.
  return new Map((Object.keys(meanings) as Name[]).map((name) => [name, make(name, meanings[name])]));
}
