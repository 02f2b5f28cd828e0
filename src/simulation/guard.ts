/**
 * Runs game code on this thread with an end to its patience. Nothing outside a thread can stop a loop in it, but
 * V8 can from within: a script with a time-out is ended wherever it is. That costs about 80 µs a call, so one guard
 * goes round a whole step. What a time-out means (the process ends, a call counts as late) is the caller's.
 */
import vm from 'node:vm';

export type Guarded<Answer> = { readonly type: 'answered'; readonly answer: Answer } | { readonly type: 'timed_out' };

/** Where the call waits for the script: the only thing that both sides can name. */
const SLOT = Symbol.for('gridstead.guarded-call');
const SOURCE = `(() => {
  const slot = Symbol.for('gridstead.guarded-call');
  const call = globalThis[slot];
  delete globalThis[slot];
  call();
})()`;

export class Guard {
  readonly #script = new vm.Script(SOURCE, { filename: 'gridstead-guard' });

  /** Throws what `call` throws. After a time-out `call` was cut off anywhere: what it was changing is to be thrown away. Not to be nested. */
  run<Answer>(timeoutMs: number, call: () => Answer): Guarded<Answer> {
    let answered: Guarded<Answer> = { type: 'timed_out' };
    let thrown: { readonly error: unknown } | null = null;
    const slots: Record<symbol, unknown> = globalThis as never; // a global by symbol has no declared type
    slots[SLOT] = () => {
      try {
        answered = { type: 'answered', answer: call() };
      } catch (error) {
        // Kept here, so that an error of the game is never taken for the time-out, whatever code it bears.
        thrown = { error };
      }
    };
    try {
      this.#script.runInThisContext({ timeout: Math.max(1, Math.ceil(timeoutMs)), displayErrors: false });
    } catch (error) {
      if (!isTimeout(error)) throw error;
      return { type: 'timed_out' };
    }
    rethrow(thrown);
    return answered;
  }
}

function rethrow(thrown: { readonly error: unknown } | null): void {
  if (thrown) throw thrown.error;
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
