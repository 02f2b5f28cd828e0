/**
 * Says in shared memory whose game code runs, so that the main thread can name the one that does not come back. What a call
 * leaves behind (a promise that goes on, a timer) runs later, where nobody has called it: by its async context it is known whose it is, and
 * it says so, too. Route handlers are such code from their first `await` on.
 */
import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { CHANGES, RUNNING } from './protocol.js';

export class Running {
  readonly #marks = new AsyncLocalStorage<number>();
  #goesOn = false;

  /** `busy`: the shared cells of this thread. */
  constructor(private readonly busy: Int32Array) {
    createHook({ before: () => this.#goOn() }).enable();
  }

  /** Runs game code under a name that the main thread can read. */
  run<Answer>(mark: number, call: () => Answer): Answer {
    this.#say(mark);
    try {
      return this.#marks.run(mark, call);
    } finally {
      this.#say(0);
    }
  }

  #say(mark: number): void {
    Atomics.store(this.busy, RUNNING, mark);
    Atomics.add(this.busy, CHANGES, 1);
  }

  /**
   * The name stands until the thread turns to something else. It is no change: promises that follow one upon the other without
   * an end let nothing else come up, and are to be noticed as a loop is.
   */
  #goOn(): void {
    const mark = this.#marks.getStore();
    if (mark === undefined) return;
    Atomics.store(this.busy, RUNNING, mark);
    if (this.#goesOn) return;
    this.#goesOn = true;
    this.#marks.exit(() => setImmediate(() => this.#turn()));
  }

  #turn(): void {
    this.#goesOn = false;
    this.#say(0);
  }
}
