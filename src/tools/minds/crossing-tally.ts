/** What bots noticed at borders, added up: handovers, how long the first view took, ticks that were not shown, blinks. */
import { milliseconds, Spread } from '../spread.js';

export class CrossingTally {
  handovers = 0;
  blinks = 0;
  /** Entities in the views that came. */
  seen = 0;
  views = 0;
  /** From the message of a handover to the first view of the new zone. */
  readonly latencies = new Spread();
  /** How often so many ticks lay between the last view on this side and the first on the other. */
  readonly #steps = new Map<number, number>();

  crossed(ticks: number): void {
    this.#steps.set(ticks, (this.#steps.get(ticks) ?? 0) + 1);
  }

  /** `regularStep`: ticks from one view to the next where there is no border. */
  summary(regularStep: number): string {
    const steps = [...this.#steps].sort(([a], [b]) => a - b).map(([ticks, times]) => `${ticks} ticks ${times}`);
    const gaps = [...this.#steps].flatMap(([ticks, times]) => (ticks > 2 * regularStep ? times : []));
    return [
      `handovers           ${this.handovers}`,
      `handover to view    p50 ${milliseconds(this.latencies.quantile(0.5))}   p99 ${milliseconds(this.latencies.quantile(0.99))}`,
      `view to view there  ${steps.join(', ') || '–'}`,
      `gaps over a view    ${gaps.reduce((sum, times) => sum + times, 0)}`,
      `entities in a view  ${this.views === 0 ? '–' : (this.seen / this.views).toFixed(1)}`,
      `blinks              ${this.blinks}`,
    ].join('\n');
  }
}
