/**
 * Is this the password? Asked at a login, and again before an account is changed for good. Wrong ones count against the name at
 * that address, and guesses at one name are looked at one after the other.
 */
import type { Telemetry } from '../../actors/telemetry.js';
import { FailureLimit, guessOf } from './guess-limits.js';
import { hashOfNobody, type PasswordHasher } from './hashing.js';
import { isHashable } from './passwords.js';
import type { Account, NotRight } from './ports.js';
import { Turns } from './turns.js';

export interface PasswordCheckParts {
  readonly hasher: PasswordHasher;
  readonly telemetry: Telemetry;
  readonly settings: { readonly bcryptCost: number; readonly loginFailuresPerMinute: number };
}

/** Who tries what: the key of the name, as typed, and the address that the call comes from. */
export interface Guess {
  readonly usernameKey: string;
  readonly password: string;
  readonly address: string;
}

/** The account as it was when the password was found to be its own, or why it was not found so. */
export type Checked = { readonly type: 'right'; readonly account: Account } | NotRight;

/** Guesses under way and waiting for their turn; beyond, they are told to come back. */
const MAX_GUESSES = 512;
/** A full queue of hashes at the default cost is done in about twice this. */
const BUSY_RETRY_S = 10;
export const BUSY = { type: 'busy', retryAfterS: BUSY_RETRY_S } as const;

export class PasswordCheck {
  readonly #failures: FailureLimit;
  readonly #guesses = new Turns(MAX_GUESSES);

  constructor(private readonly parts: PasswordCheckParts) {
    this.#failures = new FailureLimit(parts.settings.loginFailuresPerMinute);
  }

  /** An unknown name takes the same steps as a known one, so that neither answer nor time tells which it was. */
  async ask(guess: Guess, find: () => Promise<Account | null>): Promise<Checked> {
    const key = guessOf(guess.usernameKey, guess.address);
    const checked = (await this.#guesses.take(key, () => this.#try(key, guess.password, find))) ?? BUSY;
    if (checked.type === 'wrong') this.parts.telemetry.count('auth_failures_total');
    if (checked.type === 'too_many') this.parts.telemetry.count('auth_rate_limited_total');
    return checked;
  }

  async #try(key: string, password: string, find: () => Promise<Account | null>): Promise<Checked> {
    const { hasher, settings } = this.parts;
    const allowance = await this.#failures.check(key);
    if (!allowance.allowed) return { type: 'too_many', retryAfterS: allowance.retryAfterS };
    const account = await find();
    // bcrypt would cut or alter what is not hashable, and might then find it right.
    const hashable = isHashable(password);
    const matches = await hasher.matches(hashable ? password : '', account?.passwordHash ?? hashOfNobody(settings.bcryptCost));
    if (matches === null) return BUSY;
    if (account && hashable && matches) return { type: 'right', account };
    await this.#failures.failed(key);
    return { type: 'wrong' };
  }
}
