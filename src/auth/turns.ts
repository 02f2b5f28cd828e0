/**
 * Work that must be done one after the other for each key, and side by side for different keys.
 * Logins use it: checked side by side, a hundred guesses at one name would all start before the first has failed.
 */

/** Runs jobs in turn, key by key. What runs and waits together is bounded. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();
  #jobs = 0;

  constructor(private readonly maxJobs: number) {}

  /** Does the job when its turn has come; null, and the job is not done, when too many are under way. */
  async take<Result>(key: string, job: () => Promise<Result>): Promise<Result | null> {
    if (this.#jobs >= this.maxJobs) return null;
    this.#jobs += 1;
    const before = this.#last.get(key) ?? Promise.resolve();
    const mine = before.then(job, job);
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      this.#jobs -= 1;
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }

  /** Jobs that run or wait. */
  get size(): number {
    return this.#jobs;
  }
}
