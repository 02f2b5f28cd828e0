/**
 * Accounts and sessions in memory, for tests of what stands on an `AccountStore`.
 * `failing` makes each call reject as an adapter does while the database is away.
 */
import { StoreUnavailableError } from '../../actors/errors.js';
import type { PlayerId, SessionId } from '../../actors/ids.js';
import type { Account, AccountStore, Session } from '../../src/auth/ports.js';

export class MemoryAccounts implements AccountStore {
  readonly accounts = new Map<PlayerId, Account>();
  readonly sessions = new Map<SessionId, Session>();
  failing = false;

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

  async loggedIn(id: PlayerId, atMs: number, passwordHash?: string): Promise<void> {
    this.#reach();
    const account = this.accounts.get(id);
    if (account) this.accounts.set(id, { ...account, lastLoginMs: atMs, passwordHash: passwordHash ?? account.passwordHash });
  }

  async createSession(session: Session): Promise<void> {
    this.#reach();
    this.sessions.set(session.id, session);
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
