/**
 * Accounts and sessions: registering, logging in and out, whom a token stands for, and what becomes of an account.
 * Every refusal is a value; an error means that the database is away or that something is broken.
 * Rows are the store's, hashing is the worker's, HTTP is the edge's.
 */
import type { Identity } from '../../actors/control.js';
import { newUuid, type PlayerId, type SessionId } from '../../actors/ids.js';
import type { Clock } from '../../actors/ports.js';
import type { Telemetry } from '../../actors/telemetry.js';
import type { Settings } from '../../config/settings.js';
import { DebugUsers } from './debug-users.js';
import { costOf, hashOfNobody, type PasswordHasher } from './hashing.js';
import { BUSY, type Guess, PasswordCheck } from './password-check.js';
import { passwordComplaint } from './passwords.js';
import type {
  Account,
  AccountStore,
  Accounts,
  BanOutcome,
  Credentials,
  LoginOutcome,
  NotRight,
  OwnAccountOutcome,
  OwnAccountRequest,
  RegisterOutcome,
} from './ports.js';
import { hashToken, isTokenShaped, newToken } from './tokens.js';
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

/** An account may change between a check of its password and what is done for that; then it is checked again. */
const MAX_CHECKS = 3;

export class PlayerAccounts implements Accounts {
  readonly #debugUsers: DebugUsers;
  readonly #passwords: PasswordCheck;

  constructor(private readonly parts: AccountParts) {
    this.#debugUsers = new DebugUsers(parts.settings.debugUsers);
    this.#passwords = new PasswordCheck(parts);
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
      ban: null,
    };
    return (await store.create(account)) ? { type: 'registered', account } : { type: 'taken' };
  }

  async login(request: Parameters<Accounts['login']>[0]): Promise<LoginOutcome> {
    const { username, password, address } = request;
    if (typeof username !== 'string' || typeof password !== 'string') return { type: 'invalid', details: missingTexts(request) };
    const key = usernameKey(username);
    return this.#whenRight(
      { usernameKey: key, password, address },
      () => this.parts.store.byKey(key),
      (account) => this.#begin(account, password),
    );
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

  accountNamed(username: string): Promise<Account | null> {
    return this.parts.store.byKey(usernameKey(username));
  }

  async changePassword({ newPassword, ...request }: Parameters<Accounts['changePassword']>[0]): Promise<OwnAccountOutcome> {
    const { hasher, settings } = this.parts;
    const complaint = passwordComplaint(newPassword, settings.passwordMinLength);
    if (complaint) return { type: 'invalid', details: [{ path: 'new_password', message: complaint }] };
    return this.#replace(request, request.identity.session, async () => {
      const passwordHash = await hasher.hash(newPassword, settings.bcryptCost);
      return passwordHash === null ? null : { passwordHash };
    });
  }

  close(request: OwnAccountRequest): Promise<OwnAccountOutcome> {
    const { player } = request.identity;
    const passwordHash = hashOfNobody(this.parts.settings.bcryptCost);
    return this.#replace(request, null, async () => ({ ...nobody(player), passwordHash }));
  }

  async ban(id: PlayerId, reason: string): Promise<BanOutcome> {
    const { store, clock } = this.parts;
    const account = await store.byId(id);
    if (account && this.#debugUsers.has(account.usernameKey)) return { type: 'operator' };
    const ended = await store.ban(id, { atMs: clock.epochMs(), reason });
    return ended ? { type: 'banned', ended } : { type: 'unknown' };
  }

  async liftBan(id: PlayerId): Promise<boolean> {
    const { store } = this.parts;
    if (!(await store.byId(id))) return false;
    await store.liftBan(id);
    return true;
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

  /** Does what needs the password. `then` answers null where the account is no longer what was checked. */
  async #whenRight<Outcome>(
    guess: Guess,
    find: () => Promise<Account | null>,
    then: (account: Account) => Promise<Outcome | null>,
  ): Promise<Outcome | NotRight> {
    for (let checks = 0; checks < MAX_CHECKS; checks += 1) {
      const checked = await this.#passwords.ask(guess, find);
      if (checked.type !== 'right') return checked;
      const outcome = await then(checked.account);
      if (outcome) return outcome;
    }
    return BUSY;
  }

  async #begin(account: Account, password: string): Promise<LoginOutcome | null> {
    if (account.ban) return { type: 'banned', reason: account.ban.reason };
    const { store, clock, settings } = this.parts;
    const anew = await this.#hashAnew(account, password);
    const nowMs = clock.epochMs();
    const token = newToken();
    const expiresAtMs = settings.sessionTtlSeconds === 0 ? null : nowMs + settings.sessionTtlSeconds * 1_000;
    const session = {
      id: newUuid<SessionId>(),
      player: account.id,
      tokenHash: hashToken(token),
      createdAtMs: nowMs,
      expiresAtMs,
    };
    if (!(await store.logIn(session, { passwordHash: account.passwordHash, anew }))) return null;
    const current = { ...account, lastLoginMs: nowMs, passwordHash: anew ?? account.passwordHash };
    return { type: 'logged_in', token, expiresAtMs, account: current };
  }

  /** `make` answers null when the hasher has too much to do. */
  async #replace(
    { identity, password, address }: OwnAccountRequest,
    spared: SessionId | null,
    make: () => Promise<Credentials | null>,
  ): Promise<OwnAccountOutcome> {
    const { store } = this.parts;
    const own = await store.byId(identity.player);
    if (!own) return { type: 'wrong' };
    const guess = { usernameKey: own.usernameKey, password, address };
    return this.#whenRight<OwnAccountOutcome>(
      guess,
      () => store.byId(identity.player),
      async (account) => {
        const credentials = await make();
        if (!credentials) return BUSY;
        const ended = await store.replace(account.id, account.passwordHash, credentials, spared);
        return ended && { type: 'done', ended };
      },
    );
  }

  /** A hash at the cost in force, if that of the account has another. null: none is needed, or the queue is full; the next login will do. */
  async #hashAnew(account: Account, password: string): Promise<string | null> {
    const { bcryptCost } = this.parts.settings;
    return costOf(account.passwordHash) === bcryptCost ? null : this.parts.hasher.hash(password, bcryptCost);
  }
}

/** Who an account is that was closed. Nobody can register such a key: names have no spaces. */
function nobody(id: PlayerId): Pick<Account, 'username' | 'usernameKey'> {
  return { username: `deleted-${id.slice(0, 8)}`, usernameKey: `deleted ${id}` };
}

function missingTexts(request: { readonly username: unknown; readonly password: unknown }): Detail[] {
  const details: Detail[] = [];
  if (typeof request.username !== 'string') details.push({ path: 'username', message: 'must be a text' });
  if (typeof request.password !== 'string') details.push({ path: 'password', message: 'must be a text' });
  return details;
}
