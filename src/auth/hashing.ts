/**
 * Password hashes, computed in one worker thread, from the first one on, so that no tick waits for them.
 * One thread, because the other cores are the zones'. What waits is bounded, and a full queue is an
 * answer. Which passwords are acceptable is left to `passwords.ts`.
 */
import { Piscina } from 'piscina';
import type { HashTask } from './hash-worker.js';

/** Hashes and comparisons. null: too many wait already, and nothing was done. */
export interface PasswordHasher {
  hash(password: string, cost: number): Promise<string | null>;
  matches(password: string, hash: string): Promise<boolean | null>;
}

/** What may wait: at cost 10, about twenty seconds of work. */
const MAX_WAITING = 256;

/** A worker thread with bcryptjs in it: started when it is first needed, and kept until `close`. */
export class BcryptHasher implements PasswordHasher {
  readonly #pool: Piscina<HashTask, string | boolean>;
  #closed = false;

  constructor(maxWaiting: number = MAX_WAITING) {
    // The worker has the extension of this file: .ts under tsx, .js once compiled.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const filename = new URL(`./hash-worker.${extension}`, import.meta.url).href;
    // Where players only come back, which their tokens do, a thread would have been started for nothing.
    const threads = { minThreads: 0, maxThreads: 1, idleTimeout: Number.POSITIVE_INFINITY };
    this.#pool = new Piscina({ filename, ...threads, maxQueue: maxWaiting });
  }

  async hash(password: string, cost: number): Promise<string | null> {
    const hash = await this.#ask({ type: 'hash', password, cost });
    return hash === null ? null : String(hash);
  }

  async matches(password: string, hash: string): Promise<boolean | null> {
    const matches = await this.#ask({ type: 'compare', password, hash });
    return matches === null ? null : matches === true;
  }

  /** Ends the thread. What still waits, or comes later, is answered null. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#pool.destroy();
  }

  async #ask(task: HashTask): Promise<string | boolean | null> {
    if (this.#closed) return null;
    try {
      return await this.#pool.run(task);
    } catch (error) {
      if (this.#closed || isQueueFull(error)) return null;
      throw error;
    }
  }
}

/** A hash of the given cost that no password is known for; comparing with it takes as long as with a real one. */
export function hashOfNobody(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${'N0body'.padEnd(22, '.')}${'N0body'.padEnd(31, '.')}`;
}

/** The cost that a bcrypt hash was made at. */
export function costOf(hash: string): number {
  return Number(hash.slice(4, 6));
}

/** piscina gives this error no code. */
function isQueueFull(error: unknown): boolean {
  return error instanceof Error && error.message === 'Task queue is at limit';
}
