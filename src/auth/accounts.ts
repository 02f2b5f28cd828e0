/**
 * Accounts and sessions: registering, logging in and out, and whom a token stands for.
 * Every refusal is a value; an error means that the database is away or that something is broken.
 * Rows are the store's, hashing is the worker's, HTTP is the edge's.
 */
import type { Identity } from '../../actors/control.js';
import { newUuid, type PlayerId, type SessionId } from '../../actors/ids.js';
import type { Clock } from '../../actors/ports.js';
import type { Telemetry } from '../../actors/telemetry.js';
import type { Settings } from '../../config/settings.js';
import { DebugUsers } from './debug-users.js';
import { FailureLimit, guessOf } from './guess-limits.js';
import { costOf, hashOfNobody, type PasswordHasher } from './hashing.js';
import { isHashable, passwordComplaint } from './passwords.js';
import type { Account, AccountStore, Accounts, LoginOutcome, RegisterOutcome } from './ports.js';
import { hashToken, isTokenShaped, newToken } from './tokens.js';
import { Turns } from './turns.js';
import { checkUsername, usernameKey } from './usernames.js';

export type AccountSettings = Pick<
  Settings,
  'bcryptCost' | 'debugUsers' | 'loginFailuresPerMinute' | 'passwordMinLength' | 'sessionTtlSeconds'
>;

export interface AccountParts {
  readonly store: AccountStore;
  readonly hasher: PasswordHasher;
  readonly clock: Clock;
  readonly settings: AccountSettings;
  readonly telemetry: Telemetry;
}

type Detail = { readonly path: string; readonly message: string };

/** Logins under way and waiting for their turn; beyond, they are told to come back. */
const MAX_LOGINS = 512;
/** A full queue of hashes at the default cost is done in about twice this. */
const BUSY_RETRY_S = 10;
const BUSY = { type: 'busy', retryAfterS: BUSY_RETRY_S } as const;

export class PlayerAccounts implements Accounts {
  readonly #debugUsers: DebugUsers;
  readonly #failures: FailureLimit;
  readonly #logins = new Turns(MAX_LOGINS);

  constructor(private readonly parts: AccountParts) {
    this.#debugUsers = new DebugUsers(parts.settings.debugUsers);
    this.#failures = new FailureLimit(parts.settings.loginFailuresPerMinute);
  }

  async register(request: Parameters<Accounts['register']>[0]): Promise<RegisterOutcome> {
    const { store, hasher, clock, settings } = this.parts;
    const name = checkUsername(request.username);
    const details = this.#complaints(name, request);
    if (name.type === 'refused' || typeof request.password !== 'string' || details.length > 0)
      return { type: 'invalid', details };
    // Saves the hash; what decides is `create`, which two registrations at once both reach.
    if (await store.byKey(name.usernameKey)) return { type: 'taken' };
    const passwordHash = await hasher.hash(request.password, settings.bcryptCost);
    if (passwordHash === null) return BUSY;
    const { username, usernameKey } = name;
    const account: Account = {
      id: newUuid(),
      username,
      usernameKey,
      passwordHash,
      createdAtMs: clock.epochMs(),
      lastLoginMs: null,
    };
    return (await store.create(account)) ? { type: 'registered', account } : { type: 'taken' };
  }

  async login(request: Parameters<Accounts['login']>[0]): Promise<LoginOutcome> {
    const { username, password, address } = request;
    if (typeof username !== 'string' || typeof password !== 'string') return { type: 'invalid', details: missingTexts(request) };
    const key = usernameKey(username);
    const guess = guessOf(key, address);
    const outcome = (await this.#logins.take(guess, () => this.#tryLogin(key, password, guess))) ?? BUSY;
    if (outcome.type === 'wrong') this.parts.telemetry.count('auth_failures_total');
    if (outcome.type === 'too_many') this.parts.telemetry.count('auth_rate_limited_total');
    return outcome;
  }

  async logout(session: SessionId): Promise<void> {
    await this.parts.store.endSession(session);
  }

  async authenticate(token: string): Promise<Identity | null> {
    if (!isTokenShaped(token)) return null;
    const found = await this.parts.store.session(hashToken(token));
    if (!found) return null;
    const { session, account } = found;
    if (session.expiresAtMs !== null && session.expiresAtMs <= this.parts.clock.epochMs()) return null;
    return {
      player: account.id,
      username: account.username,
      session: session.id,
      expiresAtMs: session.expiresAtMs,
      role: this.#debugUsers.has(account.usernameKey) ? 'debug' : 'player',
    };
  }

  account(id: PlayerId): Promise<Account | null> {
    return this.parts.store.byId(id);
  }

  /** Deletes the sessions that are over; for a timer of the composition. Answers how many there were. */
  dropExpiredSessions(): Promise<number> {
    return this.parts.store.dropExpiredSessions(this.parts.clock.epochMs());
  }

  #complaints(name: ReturnType<typeof checkUsername>, request: Parameters<Accounts['register']>[0]): Detail[] {
    const details: Detail[] = [];
    if (name.type === 'refused') details.push({ path: 'username', message: name.message });
    else if (this.#debugUsers.has(name.usernameKey) && !request.fromLoopback) {
      details.push({ path: 'username', message: 'can be registered on the machine of the server only' });
    }
    const complaint = passwordComplaint(request.password, this.parts.settings.passwordMinLength);
    if (complaint) details.push({ path: 'password', message: complaint });
    return details;
  }

  /** An unknown name takes the same steps as a known one, so that neither answer nor time tells which it was. */
  async #tryLogin(key: string, password: string, guess: string): Promise<LoginOutcome> {
    const { store, hasher, settings } = this.parts;
    const allowance = await this.#failures.check(guess);
    if (!allowance.allowed) return { type: 'too_many', retryAfterS: allowance.retryAfterS };
    const account = await store.byKey(key);
    // bcrypt would cut or alter what is not hashable, and might then find it right.
    const hashable = isHashable(password);
    const matches = await hasher.matches(hashable ? password : '', account?.passwordHash ?? hashOfNobody(settings.bcryptCost));
    if (matches === null) return BUSY;
    if (account && hashable && matches) return this.#begin(account, password);
    await this.#failures.failed(guess);
    return { type: 'wrong' };
  }

  async #begin(account: Account, password: string): Promise<LoginOutcome> {
    const { store, clock, settings } = this.parts;
    const nowMs = clock.epochMs();
    const passwordHash = await this.#hashAnew(account, password);
    await store.loggedIn(account.id, nowMs, passwordHash ?? undefined);
    const token = newToken();
    const expiresAtMs = settings.sessionTtlSeconds === 0 ? null : nowMs + settings.sessionTtlSeconds * 1_000;
    await store.createSession({
      id: newUuid(),
      player: account.id,
      tokenHash: hashToken(token),
      createdAtMs: nowMs,
      expiresAtMs,
    });
    const current = { ...account, lastLoginMs: nowMs, passwordHash: passwordHash ?? account.passwordHash };
    return { type: 'logged_in', token, expiresAtMs, account: current };
  }

  /** A hash at the cost in force, if that of the account has another. null: none is needed, or the queue is full; the next login will do. */
  async #hashAnew(account: Account, password: string): Promise<string | null> {
    const { bcryptCost } = this.parts.settings;
    return costOf(account.passwordHash) === bcryptCost ? null : this.parts.hasher.hash(password, bcryptCost);
  }
}

function missingTexts(request: { readonly username: unknown; readonly password: unknown }): Detail[] {
  const details: Detail[] = [];
  if (typeof request.username !== 'string') details.push({ path: 'username', message: 'must be a text' });
  if (typeof request.password !== 'string') details.push({ path: 'password', message: 'must be a text' });
  return details;
}
