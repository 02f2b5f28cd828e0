/**
 * The process as Prometheus knows any Node process: memory, CPU, event loop delay, garbage collection.
 * prom-client has a ready set of these under the same names, but nothing to end it with: its observers
 * would outlive the server that a test has stopped.
 */
import { type IntervalHistogram, monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const RESOLUTION_MS = 10;
const GC_BUCKETS_S = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1];

export class ProcessMetrics {
  readonly #loopDelay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #readers: IntervalHistogram[] = [];
  readonly #garbage: PerformanceObserver;

  constructor(private readonly registry: Registry) {
    this.#memoryAndCpu();
    this.#eventLoop();
    this.#garbage = this.#garbageCollection();
  }

  /** A reader of its own: readings for /metrics begin a new period for themselves only. */
  loopDelay(): () => { readonly mean: number; readonly max: number } {
    let delay: IntervalHistogram | null = null;
    return () => {
      // Nothing is measured until somebody reads.
      delay ??= this.#reader();
      // It counts the pause that it makes itself.
      const late = (ns: number) => Math.max(0, (Number.isFinite(ns) ? ns : 0) / 1e6 - RESOLUTION_MS);
      const seen = { mean: late(delay.mean), max: late(delay.max) };
      delay.reset();
      return seen;
    };
  }

  #reader(): IntervalHistogram {
    const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    this.#readers.push(delay);
    delay.enable();
    return delay;
  }

  stop(): void {
    for (const reader of this.#readers) reader.disable();
    this.#loopDelay.disable();
    this.#garbage.disconnect();
  }

  #memoryAndCpu(): void {
    this.#gauge('process_resident_memory_bytes', 'Resident memory', () => process.memoryUsage.rss());
    this.#gauge('nodejs_heap_size_used_bytes', 'Heap in use', () => process.memoryUsage().heapUsed);
    this.#gauge('nodejs_heap_size_total_bytes', 'Heap reserved', () => process.memoryUsage().heapTotal);
    this.#gauge('nodejs_external_memory_bytes', 'Memory outside the heap', () => process.memoryUsage().external);
    this.#gauge('process_start_time_seconds', 'When the process began, since 1970', () => performance.timeOrigin / 1_000);
    new Counter({
      name: 'process_cpu_seconds_total',
      help: 'CPU time, user and system',
      registers: [this.registry],
      collect() {
        const { user, system } = process.cpuUsage();
        this.reset();
        this.inc((user + system) / 1e6);
      },
    });
  }

  /** Gauges are read in the order in which they were made: the highest delay comes last, and its reading begins a new period. */
  #eventLoop(): void {
    this.#loopDelay.enable();
    const delay = this.#loopDelay;
    this.#gauge('nodejs_eventloop_lag_p50_seconds', 'Event loop delay since the last reading, median', () =>
      seconds(delay.percentile(50)),
    );
    this.#gauge('nodejs_eventloop_lag_p99_seconds', 'Event loop delay since the last reading, 99th percentile', () =>
      seconds(delay.percentile(99)),
    );
    this.#gauge('nodejs_eventloop_lag_max_seconds', 'Event loop delay since the last reading, highest', () => {
      const highest = seconds(delay.max);
      delay.reset();
      return highest;
    });
  }

  #garbageCollection(): PerformanceObserver {
    const pauses = new Histogram({
      name: 'nodejs_gc_duration_seconds',
      help: 'Pauses for garbage collection',
      registers: [this.registry],
      buckets: GC_BUCKETS_S,
    });
    const observer = new PerformanceObserver((list) => {
      for (const pause of list.getEntries()) pauses.observe(pause.duration / 1_000);
    });
    observer.observe({ entryTypes: ['gc'] });
    return observer;
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}

/** The monitor's nanoseconds, less its own period, which it counts as delay; 0 as long as it has seen nothing. */
function seconds(delayNs: number): number {
  return Number.isFinite(delayNs) ? Math.max(0, delayNs / 1e9 - RESOLUTION_MS / 1_000) : 0;
}
