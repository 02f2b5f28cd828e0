/**
 * The client's half of "every acknowledged intent ends in exactly one way": numbers intents, keeps each until
 * its fate is known, and says after a reconnect which to send again. Sends nothing itself.
 */

export interface NumberedIntent {
  readonly seq: number;
  readonly data: object;
}

/** `unknown`: the connection could not be resumed, and nobody can tell any more. */
export type Fate = 'applied' | 'dropped' | 'unknown';

export interface SettledIntent extends NumberedIntent {
  readonly fate: Fate;
}

/** What a `join_ack` says about numbers. */
export interface SeqReport {
  readonly lastSeq: number;
  readonly dropped: readonly number[];
}

/** A server lists the newest 256 dropped numbers: with more than that waiting, a fate could be lost. */
const MAX_WAITING = 256;

export class IntentLedger {
  #waiting: NumberedIntent[] = [];
  #next = 1;
  /** The highest number that is known to be consumed. */
  #consumed = 0;

  /** Intents whose fate is not known yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Gives an intent its number; null: too many wait, and this one is not taken. */
  add(data: object): NumberedIntent | null {
    if (this.#waiting.length >= MAX_WAITING) return null;
    const intent = { seq: this.#next++, data };
    this.#waiting.push(intent);
    return intent;
  }

  /** The `ack` of a tick: all numbers up to it are consumed. Those reported dropped are not here any more. */
  acknowledge(ack: number): SettledIntent[] {
    this.#consumed = Math.max(this.#consumed, ack);
    return this.#settle((seq) => (seq <= ack ? 'applied' : null));
  }

  /** An `error` with this number. */
  refuse(refused: number): SettledIntent[] {
    return this.#settle((seq) => (seq === refused ? 'dropped' : null));
  }

  /**
   * After a `join_ack`. Answers what is settled by it, and what to send again, in order and under its own
   * numbers. After a resume that did not work, nobody can tell what became of those that were sent.
   */
  rejoin(report: SeqReport): { readonly settled: SettledIntent[]; readonly resend: readonly NumberedIntent[] } {
    // A mark below what was once consumed is that of another run: the resume token did not work.
    const resumed = report.lastSeq >= this.#consumed;
    const settled = this.#settle((seq) => (resumed ? fateOf(seq, report) : 'unknown'));
    this.#consumed = report.lastSeq;
    this.#next = resumed ? Math.max(this.#next, report.lastSeq + 1) : report.lastSeq + 1;
    return { settled, resend: [...this.#waiting] };
  }

  #settle(fate: (seq: number) => Fate | null): SettledIntent[] {
    const settled: SettledIntent[] = [];
    this.#waiting = this.#waiting.filter((intent) => {
      const its = fate(intent.seq);
      if (its) settled.push({ ...intent, fate: its });
      return its === null;
    });
    return settled;
  }
}

function fateOf(seq: number, { lastSeq, dropped }: SeqReport): Fate | null {
  if (seq > lastSeq) return null;
  return dropped.includes(seq) ? 'dropped' : 'applied';
}
