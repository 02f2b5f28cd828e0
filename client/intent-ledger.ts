/**
 * The client's half of "every acknowledged intent ends in exactly one way": numbers intents, keeps each until
 * its fate is known, and says after a reconnect which to send again. Sends nothing itself.
 */

export interface NumberedIntent<Data extends object = object> {
  /** Whole, from 1, rising. */
  readonly seq: number;
  readonly data: Data;
  /** `message`: a message type that the game has declared; `data` is the whole of it. */
  readonly form: 'intent' | 'message';
}

/**
 * `applied`: a committed tick took it (whether the rules did anything with it is the game's to say). `dropped`: no tick has
 * taken it or will. `unknown`: the connection could not be resumed, and nobody can tell any more.
 */
export type Fate = 'applied' | 'dropped' | 'unknown';

export interface SettledIntent<Data extends object = object> extends NumberedIntent<Data> {
  readonly fate: Fate;
}

/** What a `join_ack` says about numbers. */
export interface SeqReport {
  readonly lastSeq: number;
  readonly dropped: readonly number[];
}

/** A server lists the newest 256 dropped numbers: with more than that waiting, a fate could be lost. */
const MAX_WAITING = 256;

export class IntentLedger<Data extends object = object> {
  #waiting: NumberedIntent<Data>[] = [];
  #next = 1;
  /** The highest number that is known to be consumed. */
  #consumed = 0;
  /** The highest number that went out on a socket. */
  #sent = 0;

  /** Intents whose fate is not known yet, by rising number. */
  get waiting(): readonly NumberedIntent<Data>[] {
    return this.#waiting;
  }

  /** Gives an intent its number; null: too many wait, and this one is not taken. */
  add(data: Data, form: NumberedIntent['form'] = 'intent'): NumberedIntent<Data> | null {
    if (this.#waiting.length >= MAX_WAITING) return null;
    const intent = { seq: this.#next++, data, form };
    this.#waiting.push(intent);
    return intent;
  }

  /** It was written to a socket, so the server may have it. */
  sent(seq: number): void {
    this.#sent = Math.max(this.#sent, seq);
  }

  /** The `ack` of a tick: all numbers up to it are consumed. Those reported dropped are not here any more. */
  acknowledge(ack: number): SettledIntent<Data>[] {
    this.#consumed = Math.max(this.#consumed, ack);
    return this.#settle((seq) => (seq <= ack ? 'applied' : null));
  }

  /** An `error` with this number. */
  refuse(refused: number): SettledIntent<Data>[] {
    return this.#settle((seq) => (seq === refused ? 'dropped' : null));
  }

  /**
   * Does this `join_ack` go on with the numbers of the connection before it, or begin anew? A mark below what was once
   * consumed is that of another run. A mark of 0 can be either while nothing was consumed: then `unclear`, if it matters.
   */
  judge({ lastSeq }: SeqReport): 'resumed' | 'anew' | 'unclear' {
    if (lastSeq < this.#consumed) return 'anew';
    const nothingAtStake = this.#waiting.every(({ seq }) => seq > this.#sent);
    return lastSeq > 0 || nothingAtStake ? 'resumed' : 'unclear';
  }

  /**
   * After a `join_ack`. Answers what is settled by it, and what to send again, in order and under its own
   * numbers. After a resume that did not work, nobody can tell what became of those that were sent; the others were not.
   */
  rejoin(
    report: SeqReport,
    resumed: boolean,
  ): { readonly settled: SettledIntent<Data>[]; readonly resend: NumberedIntent<Data>[] } {
    const settled = this.#settle((seq) => (resumed ? fateOf(seq, report) : seq <= this.#sent ? 'unknown' : 'dropped'));
    // Where it only seems to be another run, no number may be used again that this one may know.
    const goesOn = resumed || this.#consumed === 0;
    this.#next = goesOn ? Math.max(this.#next, report.lastSeq + 1) : report.lastSeq + 1;
    this.#consumed = report.lastSeq;
    this.#sent = Math.min(this.#sent, this.#next - 1);
    return { settled, resend: [...this.#waiting] };
  }

  #settle(fate: (seq: number) => Fate | null): SettledIntent<Data>[] {
    const settled: SettledIntent<Data>[] = [];
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
