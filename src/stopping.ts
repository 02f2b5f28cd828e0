/**
 * How the process stops: once, however often it is asked to, as soon as there is something to stop; by force when
 * that takes too long. What stopping means for the server is `compose.ts`'s, what a signal is `main.ts`'s.
 */
import type { Clock } from '../actors/ports.js';

/** A stop that takes longer is forced. */
export const STOP_LIMIT_MS = 10_000;

export interface StoppingDeps {
  readonly clock: Pick<Clock, 'after'>;
  /** Ends the process; `error`: it was not a clean stop. */
  exit(error: unknown): void;
}

export class Stopping {
  #asked = false;
  #stop: (() => Promise<void>) | null = null;

  constructor(private readonly deps: StoppingDeps) {}

  /** A repeated signal changes nothing: npm passes signals on, so two is the rule. */
  ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.deps.clock.after(STOP_LIMIT_MS, () => this.deps.exit(new Error('the stop took too long and was forced')));
    this.#begin();
  }

  /** There is a server now. false: it was asked to stop before, and does. */
  started(stop: () => Promise<void>): boolean {
    this.#stop = stop;
    if (this.#asked) this.#begin();
    return !this.#asked;
  }

  #begin(): void {
    this.#stop?.().then(
      () => this.deps.exit(null),
      (error: unknown) => this.deps.exit(error),
    );
  }
}
