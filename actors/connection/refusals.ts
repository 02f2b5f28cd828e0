/**
 * What is not taken of what one client says: how it is told so, which of its numbers counts as dropped by that, and how much of what
 * is no message at all is put up with.
 */
import type { Refusal } from '../control.js';
import type { SeqLedger } from '../players/seq-ledger.js';
import type { Clock } from '../ports.js';
import type { Telemetry } from '../telemetry.js';
import { errorText } from './messages.js';
import { WindowCount } from './window-count.js';

/** So many malformed messages within so long close the socket. */
const MALFORMED_LIMIT = 10;
const MALFORMED_WINDOW_MS = 10_000;

export interface RefusalsDeps {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly telemetry: Telemetry;
  send(text: string): void;
  /** Of the player that the client speaks for; undefined: of none yet. */
  ledger(): SeqLedger | undefined;
  tooManyMalformed(): void;
}

export class Refusals {
  readonly #malformedLately: WindowCount;
  /** The highest number refused because too many messages waited; those that did are still to be taken. */
  #aheadOfOthers = 0;

  constructor(private readonly deps: RefusalsDeps) {
    this.#malformedLately = new WindowCount(MALFORMED_WINDOW_MS, deps.clock);
  }

  /** It has come. It is answered in its turn, by `answer`. */
  count({ code }: Refusal): void {
    this.deps.telemetry.count(code === 'rate_limited' ? 'messages_rate_limited_total' : 'messages_malformed_total');
  }

  /** Names the number that counts as dropped by this. One that was taken before is not: its fate stands. */
  answer({ code, message, seq }: Refusal): void {
    const ledger = this.deps.ledger();
    if (seq !== null && ledger?.fate(seq) === 'fresh') ledger.refuse(seq);
    const named = seq !== null && ledger?.fate(seq) === 'taken' ? null : seq;
    this.deps.send(errorText(code, message, { seq: named }));
  }

  /** A message that makes no sense here. */
  senseless(message: string): void {
    this.deps.telemetry.count('messages_malformed_total');
    this.deps.send(errorText('bad_request', message));
    this.countMalformed();
  }

  countMalformed(): void {
    if (this.#malformedLately.add() >= MALFORMED_LIMIT) this.deps.tooManyMalformed();
  }

  /** A message for which there is no room behind those that wait. `seq`: its number, if it has one. */
  crowdedOut(seq: number | null): void {
    this.deps.send(errorText('rate_limited', 'too many messages are waiting', { seq }));
    this.#aheadOfOthers = Math.max(this.#aheadOfOthers, seq ?? 0);
  }

  /** Those that waited are through: what was crowded out behind them counts as dropped from now on. */
  caughtUp(): void {
    if (this.#aheadOfOthers === 0) return;
    this.deps.ledger()?.refuse(this.#aheadOfOthers);
    this.#aheadOfOthers = 0;
  }
}
