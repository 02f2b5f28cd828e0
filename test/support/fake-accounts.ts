/**
 * Accounts in memory, without hashing: what the edges need to tell players from one another. The
 * outcome of the next register or login can be set, for those that real accounts rarely have.
 */
import type { Identity } from '../../actors/control.js';
import { newUuid, type PlayerId, type SessionId } from '../../actors/ids.js';
import type {
  Account,
  Accounts,
  BanOutcome,
  LoginOutcome,
  OwnAccountOutcome,
  OwnAccountRequest,
  RegisterOutcome,
} from '../../src/auth/ports.js';

const MADE_AT_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

export class FakeAccounts implements Accounts {
  readonly registrations: { readonly username: unknown; readonly fromLoopback: boolean }[] = [];
  readonly loginAddresses: string[] = [];
  nextRegister: RegisterOutcome | null = null;
  nextLogin: LoginOutcome | null = null;
  nextOwnAccount: OwnAccountOutcome | null = null;
  /** What every call rejects with while it is set. */
  failure: Error | null = null;
  #accounts = new Map<PlayerId, Account>();
  #passwords = new Map<string, { readonly password: unknown; readonly account: Account }>();
  #sessions = new Map<string, Identity>();

  /** Somebody who is logged in already: the token to call with. */
  logIn(username: string, role: Identity['role'] = 'player'): { readonly token: string; readonly identity: Identity } {
    const account = this.#add(username, 'unused password');
    const identity = { player: account.id, username, session: newUuid<SessionId>(), expiresAtMs: null, role };
    const token = `token-of-${username}`;
    this.#sessions.set(token, identity);
    return { token, identity };
  }

  /** Takes the account away under a session that lives. */
  forget(player: PlayerId): void {
    this.#accounts.delete(player);
  }

  async register({ username, password, fromLoopback }: Parameters<Accounts['register']>[0]): Promise<RegisterOutcome> {
    this.#failIfTold();
    this.registrations.push({ username, fromLoopback });
    if (this.nextRegister) return this.nextRegister;
    if (this.#passwords.has(String(username))) return { type: 'taken' };
    return { type: 'registered', account: this.#add(String(username), password) };
  }

  async login({ username, password, address }: Parameters<Accounts['login']>[0]): Promise<LoginOutcome> {
    this.#failIfTold();
    this.loginAddresses.push(address);
    if (this.nextLogin) return this.nextLogin;
    const known = this.#passwords.get(String(username));
    if (known?.password !== password || !known) return { type: 'wrong' };
    const { account } = known;
    const token = newUuid<SessionId>();
    const identity = { player: account.id, username: account.username, session: newUuid<SessionId>() };
    this.#sessions.set(token, { ...identity, expiresAtMs: null, role: 'player' });
    return { type: 'logged_in', token, expiresAtMs: null, account };
  }

  async logout(session: SessionId): Promise<void> {
    this.#failIfTold();
    for (const [token, identity] of this.#sessions) if (identity.session === session) this.#sessions.delete(token);
  }

  async authenticate(token: string): Promise<Identity | null> {
    this.#failIfTold();
    return this.#sessions.get(token) ?? null;
  }

  async account(id: PlayerId): Promise<Account | null> {
    return this.#accounts.get(id) ?? null;
  }

  async accountNamed(username: string): Promise<Account | null> {
    return [...this.#accounts.values()].find(({ usernameKey }) => usernameKey === username.toLowerCase()) ?? null;
  }

  async changePassword(request: Parameters<Accounts['changePassword']>[0]): Promise<OwnAccountOutcome> {
    return this.#ownAccount(request, (own) => this.#passwords.set(own.username, { password: request.newPassword, account: own }));
  }

  async close(request: OwnAccountRequest): Promise<OwnAccountOutcome> {
    return this.#ownAccount(request, (own) => this.#accounts.delete(own.id));
  }

  async ban(id: PlayerId, reason: string): Promise<BanOutcome> {
    const account = this.#accounts.get(id);
    if (!account) return { type: 'unknown' };
    if ([...this.#sessions.values()].some(({ player, role }) => player === id && role === 'debug')) return { type: 'operator' };
    this.#accounts.set(id, { ...account, ban: { atMs: MADE_AT_MS, reason } });
    return { type: 'banned', ended: this.#endAll(id) };
  }

  async liftBan(id: PlayerId): Promise<boolean> {
    const account = this.#accounts.get(id);
    if (account) this.#accounts.set(id, { ...account, ban: null });
    return account !== undefined;
  }

  #ownAccount({ identity, password }: OwnAccountRequest, change: (own: Account) => void): OwnAccountOutcome {
    if (this.nextOwnAccount) return this.nextOwnAccount;
    const own = this.#accounts.get(identity.player);
    if (!own || this.#passwords.get(own.username)?.password !== password) return { type: 'wrong' };
    change(own);
    return { type: 'done', ended: this.#accounts.has(own.id) ? [] : this.#endAll(own.id) };
  }

  #endAll(player: PlayerId): SessionId[] {
    const ended = [...this.#sessions].filter(([, identity]) => identity.player === player);
    for (const [token] of ended) this.#sessions.delete(token);
    return ended.map(([, { session }]) => session);
  }

  #add(username: string, password: unknown): Account {
    const names = { username, usernameKey: username.toLowerCase(), passwordHash: 'hash-canary' };
    const account: Account = { id: newUuid<PlayerId>(), ...names, createdAtMs: MADE_AT_MS, lastLoginMs: null, ban: null };
    this.#accounts.set(account.id, account);
    this.#passwords.set(username, { password, account });
    return account;
  }

  #failIfTold(): void {
    if (this.failure) throw this.failure;
  }
}
