/**
 * Calls that wait for their answers, by small numbers that are used again. Not a map: one that grows and shrinks with
 * every tick leaves its old tables behind, each pointing to the next, and once one of them is old the collector keeps them all, with
 * everything that was ever pending in them, until its next full run.
 */

export class PendingCalls<Call> {
  readonly #calls: (Call | null)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#calls.length - this.#free.length;
  }

  /** Answers the number to ask for it by. */
  add(call: Call): number {
    const number = this.#free.pop() ?? this.#calls.length;
    this.#calls[number] = call;
    return number;
  }

  /** Takes out the call of that number; undefined: there is none. */
  take(number: number): Call | undefined {
    const call = this.#calls[number];
    if (call === null || call === undefined) return undefined;
    this.#calls[number] = null;
    this.#free.push(number);
    return call;
  }

  /** Takes out all of them, in no order. */
  takeAll(): readonly Call[] {
    const all = this.#calls.filter((call) => call !== null);
    this.#calls.length = 0;
    this.#free.length = 0;
    return all;
  }
}
