/**
 * An engine that fails at one statement of the test's choosing: instead of it, or after it was done, so that
 * only the answer is lost.
 */
import { type Engine, SqlError, type SqlFault, type SqlSession, type SqlValue } from '../../../src/store/sql/engine.js';

export type LostPart = 'statement' | 'answer';

export class FailingEngine implements Engine {
  #left = Number.POSITIVE_INFINITY;
  #lost: LostPart = 'statement';
  #fault: SqlFault = 'away';
  /** How many statements have failed. */
  failures = 0;
  /** How many statements there were, whatever became of them. */
  statements = 0;

  constructor(private readonly engine: Engine) {}

  /** The `nth` statement from now fails, once. COMMIT counts as one. */
  failAt(nth: number, lost: LostPart, fault: SqlFault = 'away'): void {
    this.#left = nth;
    this.#lost = lost;
    this.#fault = fault;
  }

  get dialect() {
    return this.engine.dialect;
  }
  get width() {
    return this.engine.width;
  }
  get reader() {
    return this.engine.reader;
  }
  get single(): SqlSession {
    return this.#watched(this.engine.single);
  }

  async transaction<T>(job: (session: SqlSession) => Promise<T>): Promise<T> {
    let answerIsLost = false;
    const value = await this.engine.transaction(async (session) => {
      const result = await job(this.#watched(session));
      // The COMMIT that follows.
      if (--this.#left === 0) {
        if (this.#lost === 'statement') this.#fail();
        answerIsLost = true;
      }
      return result;
    });
    if (answerIsLost) this.#fail();
    return value;
  }

  errorOf(error: unknown): SqlError {
    return this.engine.errorOf(error);
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  #watched(session: SqlSession): SqlSession {
    return {
      all: (sql, ...values) => this.#once(() => session.all(sql, ...values)),
      run: (sql: string, ...values: readonly SqlValue[]) => this.#once(() => session.run(sql, ...values)),
    };
  }

  async #once<T>(statement: () => Promise<T>): Promise<T> {
    this.statements++;
    const fails = --this.#left === 0;
    if (fails && this.#lost === 'statement') this.#fail();
    const answer = await statement();
    if (fails) this.#fail();
    return answer;
  }

  #fail(): never {
    this.failures++;
    throw new SqlError(this.#fault, 'TEST', 'the test says so');
  }
}
