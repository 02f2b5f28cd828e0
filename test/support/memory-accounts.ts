/**
 * Accounts and sessions in memory, for tests of what stands on an `AccountStore`.
 * `failing` makes each call reject as an adapter does while the database is away.
 */
import { StoreUnavailableError } from '../../actors/errors.js';
import type { PlayerId, SessionId } from '../../actors/ids.js';
import type { Account, AccountStore, Ban, Credentials, Session } from '../../src/auth/ports.js';

export class MemoryAccounts implements AccountStore {
  readonly accounts = new Map<PlayerId, Account>();
  readonly sessions = new Map<SessionId, Session>();
  failing = false;
  /** What happens between a check of the password and the login. */
  beforeLogIn: (() => Promise<unknown>) | null = null;

  async create(account: Account): Promise<boolean> {
    this.#reach();
    if (this.#byKey(account.usernameKey)) return false;
    this.accounts.set(account.id, account);
    return true;
  }

  async byKey(usernameKey: string): Promise<Account | null> {
    this.#reach();
    return this.#byKey(usernameKey) ?? null;
  }

  async byId(id: PlayerId): Promise<Account | null> {
    this.#reach();
    return this.accounts.get(id) ?? null;
  }

  async logIn(session: Session, { passwordHash, anew }: Parameters<AccountStore['logIn']>[1]): Promise<boolean> {
    this.#reach();
    await this.beforeLogIn?.();
    const account = this.accounts.get(session.player);
    if (account?.passwordHash !== passwordHash || account.ban) return false;
    this.accounts.set(account.id, { ...account, lastLoginMs: session.createdAtMs, passwordHash: anew ?? passwordHash });
    this.sessions.set(session.id, session);
    return true;
  }

  async replace(id: PlayerId, checkedHash: string, by: Credentials, spared: SessionId | null): Promise<SessionId[] | null> {
    this.#reach();
    const account = this.accounts.get(id);
    if (account?.passwordHash !== checkedHash) return null;
    this.accounts.set(id, { ...account, ...by });
    return this.#endAll(id, spared);
  }

  async ban(id: PlayerId, ban: Ban): Promise<SessionId[] | null> {
    this.#reach();
    const account = this.accounts.get(id);
    if (!account) return null;
    this.accounts.set(id, { ...account, ban });
    return this.#endAll(id, null);
  }

  async liftBan(id: PlayerId): Promise<void> {
    this.#reach();
    const account = this.accounts.get(id);
    if (account) this.accounts.set(id, { ...account, ban: null });
  }

  async session(tokenHash: string): Promise<{ readonly session: Session; readonly account: Account } | null> {
    this.#reach();
    const session = [...this.sessions.values()].find((candidate) => candidate.tokenHash === tokenHash);
    const account = session && this.accounts.get(session.player);
    return session && account ? { session, account } : null;
  }

  async sessionLives(id: SessionId, nowMs: number): Promise<boolean> {
    this.#reach();
    const session = this.sessions.get(id);
    return session !== undefined && !isExpired(session, nowMs);
  }

  async endSession(id: SessionId): Promise<void> {
    this.#reach();
    this.sessions.delete(id);
  }

  async dropExpiredSessions(nowMs: number): Promise<number> {
    this.#reach();
    const expired = [...this.sessions.values()].filter((session) => isExpired(session, nowMs));
    for (const { id } of expired) this.sessions.delete(id);
    return expired.length;
  }

  #endAll(player: PlayerId, spared: SessionId | null): SessionId[] {
    const open = [...this.sessions.values()].filter((session) => session.player === player && session.id !== spared);
    for (const { id } of open) this.sessions.delete(id);
    return open.map(({ id }) => id);
  }

  #byKey(usernameKey: string): Account | undefined {
    return [...this.accounts.values()].find((account) => account.usernameKey === usernameKey);
  }

  #reach(): void {
    if (this.failing) throw new StoreUnavailableError('the database is away');
  }
}

function isExpired(session: Session, nowMs: number): boolean {
  return session.expiresAtMs !== null && session.expiresAtMs <= nowMs;
}
