/**
 * Runs game code on this thread: under a guard, so that it ends in time, and known as whose it is, so that what it leaves
 * behind is. What comes of a call that was cut off is the caller's.
 */
import type { ZoneId } from '../../actors/ids.js';
import type { Clock } from '../../actors/ports.js';
import type { Log } from '../../actors/telemetry.js';
import type { Guard, Guarded } from './guard.js';
import { messageOf } from './plain-json.js';
import type { Strays } from './strays.js';

export interface GameRunnerDeps {
  readonly guard: Pick<Guard, 'run'>;
  readonly strays: Strays;
  /** What a call may take that is no step. */
  readonly tickBudgetMs: number;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Log;
}

export class GameRunner {
  constructor(private readonly deps: GameRunnerDeps) {}

  /** Throws what `call` throws. `zone`: whose it is; null: no zone's. */
  run<Answer>(zone: ZoneId | null, budgetMs: number, call: () => Answer): Guarded<Answer> {
    return this.deps.guard.run(budgetMs, () => this.deps.strays.run(zone, call));
  }

  /** What the game answers within its budget; undefined when it throws or is late. `name`: what it is asked, for the log. */
  inTime(name: string, call: () => unknown): unknown {
    const { clock, tickBudgetMs, log } = this.deps;
    const startedMs = clock.monotonicMs();
    const outcome: Guarded<unknown> = this.run(null, tickBudgetMs, () => this.#attempt(name, call));
    if (outcome.type === 'answered' && clock.monotonicMs() - startedMs <= tickBudgetMs) return outcome.answer;
    log.warn({ budget_ms: tickBudgetMs }, `${name} of the game was late`);
    return undefined;
  }

  /** As `inTime`, within a step, which has a guard already; here it is only looked at how long it took. */
  withinStep(zone: string, name: string, call: () => unknown): unknown {
    const { clock, tickBudgetMs, log } = this.deps;
    const startedMs = clock.monotonicMs();
    const answer = this.#attempt(name, call);
    if (clock.monotonicMs() - startedMs <= tickBudgetMs) return answer;
    log.warn({ zone }, `${name} of the game was late`);
    return undefined;
  }

  #attempt(name: string, call: () => unknown): unknown {
    try {
      const answer = call();
      // An answer that comes later is none, and its rejection must not end the process.
      if (answer instanceof Promise) answer.catch(() => undefined);
      return answer;
    } catch (error) {
      this.deps.log.warn({ error: messageOf(error), stack: stackOf(error) }, `${name} of the game threw`);
      return undefined;
    }
  }
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}
