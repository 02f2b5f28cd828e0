/**
 * What the bots saw, added up: ticks and the gaps between them, times, and errors by code. No clock and no
 * sockets: everything is told.
 */
import { milliseconds, Spread } from './spread.js';

export class Tally {
  ticks = 0;
  joins = 0;
  intents = 0;
  readonly intervals = new Spread();
  readonly latencies = new Spread();
  /** Intents that got an error for an answer, and the first of these. */
  refused = 0;
  #firstRefusal = '';
  readonly #errors = new Map<string, number>();
  /** How often tick numbers rose by that much from one message to the next. */
  readonly #steps = new Map<number, number>();

  error(code: string): void {
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1);
  }

  refusal(code: string, message: string): void {
    if (this.refused++ === 0) this.#firstRefusal = `${code}, "${message}"`;
    this.error(code);
  }

  /** Intents were answered, and each with an error: what the first one said; null: it was not so. */
  get onlyRefusals(): string | null {
    return this.refused > 0 && this.latencies.count === 0 ? this.#firstRefusal : null;
  }

  step(by: number): void {
    this.#steps.set(by, (this.#steps.get(by) ?? 0) + 1);
  }

  get errors(): number {
    return sum(this.#errors.values());
  }

  /** A server may be set to send every Nth tick only: the smallest step that anybody saw is taken for the regular one. */
  get regularStep(): number {
    return Math.min(...this.#steps.keys());
  }

  /** Messages that should have come and did not. */
  get missed(): number {
    const regular = this.regularStep;
    return sum([...this.#steps].map(([by, times]) => (Math.ceil(by / regular) - 1) * times));
  }

  get failed(): boolean {
    return this.missed > 0 || this.errors > 0 || this.ticks === 0;
  }

  progress(elapsedS: number): string {
    const interval = milliseconds(this.intervals.quantile(0.5));
    const latency = milliseconds(this.latencies.quantile(0.5));
    return `${String(elapsedS).padStart(4)} s  ticks ${this.ticks}  missed ${this.missed}  interval ${interval}  latency ${latency}  errors ${this.errors}`;
  }

  summary(players: number, elapsedS: number): string {
    const errors = [...this.#errors].map(([code, times]) => `${code} ${times}`);
    return [
      `players             ${players}, for ${elapsedS} s`,
      `joins               ${this.joins}`,
      `ticks received      ${this.ticks}`,
      `ticks missed        ${this.missed}`,
      `tick interval       p50 ${milliseconds(this.intervals.quantile(0.5))}   p99 ${milliseconds(this.intervals.quantile(0.99))}`,
      `intents sent        ${this.intents}`,
      `intent to its tick  p50 ${milliseconds(this.latencies.quantile(0.5))}   p99 ${milliseconds(this.latencies.quantile(0.99))}`,
      `errors              ${errors.length > 0 ? errors.join(', ') : 'none'}`,
    ].join('\n');
  }
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
