/** Telemetry that a test can read: the sum of each counter, and every observation in order. */
import type { CounterName, HistogramName, Telemetry } from '../../actors/telemetry.js';

export class RecordingTelemetry implements Telemetry {
  readonly counts = new Map<CounterName, number>();
  readonly observations: { readonly name: HistogramName; readonly ms: number }[] = [];

  count(name: CounterName, by = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  /** What the game counted. */
  readonly gameCounts = new Map<string, number>();

  countForGame(counts: Readonly<Record<string, number>>): void {
    for (const [name, by] of Object.entries(counts)) this.gameCounts.set(name, (this.gameCounts.get(name) ?? 0) + by);
  }

  observe(name: HistogramName, ms: number): void {
    this.observations.push({ name, ms });
  }
}
