/**
 * Writes that wait for the database: a bounded queue with a width.
 * SQLite has one write lock, and whoever waits for it inside the driver blocks one of libuv's few threads; so
 * there the width is 1 and everybody waits here. Postgres gets as many at once as it has connections.
 */
import { StoreUnavailableError } from '../../actors/errors.js';

export class WriteQueue {
  readonly #width: number;
  readonly #bound: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #closed = false;
  #onIdle: (() => void) | null = null;

  /** `bound`: how many may wait; one more is refused, because a database that is so far behind is as good as away. */
  constructor(options: { readonly width: number; readonly bound: number }) {
    this.#width = options.width;
    this.#bound = options.bound;
  }

  /** Runs the job when its turn comes, in the order of the calls. Rejects with `StoreUnavailableError` when full or closed. */
  async run<T>(job: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new StoreUnavailableError('the store is closed');
    if (this.#waiting.length >= this.#bound) throw new StoreUnavailableError('too many writes wait for the database');
    if (this.#running >= this.#width) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await job();
    } finally {
      this.#next();
    }
  }

  waiting(): number {
    return this.#waiting.length;
  }

  /** Takes nothing new; resolves once all that was taken has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#running === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** The place of the job that ended goes to the next one directly, so that no newcomer slips in between. */
  #next(): void {
    const next = this.#waiting.shift();
    if (next) return next();
    this.#running--;
    if (this.#running === 0) this.#onIdle?.();
  }
}
