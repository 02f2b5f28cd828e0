/**
 * What game code leaves behind: a promise that nobody waits for and that is rejected, a timer that throws. Both come
 * up where nobody called, as if the server itself had failed. Here it is known whose they are, so that a game that
 * breaks the rules in this way costs a line in the log, and not the process with all its zones.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ZoneId } from '../../actors/ids.js';

/** `zone`: whose tick or view it was; null: `place`, `admit` or a route. */
export type OnStray = (zone: ZoneId | null, error: unknown) => void;

export class Strays {
  readonly #scope = new AsyncLocalStorage<{ readonly zone: ZoneId | null }>();
  #onStray: OnStray = () => {};

  /** Who is told of each. */
  listen(onStray: OnStray): void {
    this.#onStray = onStray;
  }

  /** Runs game code: what it starts and leaves behind is known as its own. */
  run<Answer>(zone: ZoneId | null, call: () => Answer): Answer {
    return this.#scope.run({ zone }, call);
  }

  /** Runs what game code asked for and what is not its own any more. */
  outside<Answer>(call: () => Answer): Answer {
    return this.#scope.exit(call);
  }

  /** For the process's handlers of what nobody caught, which run where the error came from. false: it is not a game's. */
  take(error: unknown): boolean {
    const scope = this.#scope.getStore();
    if (scope) this.report(scope.zone, error);
    return scope !== undefined;
  }

  /** One that came up elsewhere: in a worker. */
  report(zone: ZoneId | null, error: unknown): void {
    this.#onStray(zone, error);
  }
}
