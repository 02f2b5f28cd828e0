/**
 * Password hashing without the work: a hash shows cost and password, and each call is remembered.
 * `full` makes it answer as a hasher with too much to do; `hold` makes it wait until `release`.
 */
import type { PasswordHasher } from '../../src/auth/hashing.js';

export class RecordingHasher implements PasswordHasher {
  readonly calls: { readonly type: 'hash' | 'matches'; readonly cost: number }[] = [];
  full = false;
  #gate: Promise<void> = Promise.resolve();
  #open: () => void = () => undefined;

  async hash(password: string, cost: number): Promise<string | null> {
    return this.#do('hash', cost, `$2b$${String(cost).padStart(2, '0')}$${password}`);
  }

  async matches(password: string, hash: string): Promise<boolean | null> {
    return this.#do('matches', Number(hash.slice(4, 6)), hash.slice(7) === password);
  }

  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  release(): void {
    this.#open();
  }

  async #do<Answer>(type: 'hash' | 'matches', cost: number, answer: Answer): Promise<Answer | null> {
    if (this.full) return null;
    this.calls.push({ type, cost });
    await this.#gate;
    return answer;
  }
}
