/** What a bot does in a game, and what it notices there besides what every bot counts. No sockets and no clock: everything is told. */
import type { JsonObject } from '../../../client/index.js';

export interface Mind {
  /** What it wants, now that it was shown this. */
  wishes(shown: Shown): readonly Wish[];
  /** It was handed over to another zone. */
  crossed?(atMs: number): void;
}

export interface Shown {
  readonly tick: number;
  readonly state: JsonObject;
  /** When it came, on a clock that only ever goes on. */
  readonly atMs: number;
}

/** `message`: of a type that the game has declared. */
export interface Wish {
  readonly form: 'intent' | 'message';
  readonly data: JsonObject;
}
