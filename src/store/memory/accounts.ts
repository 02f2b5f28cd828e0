/**
 * Accounts and sessions in memory, with the refusals of the SQL ones.
 */
import type { PlayerId, SessionId } from '../../../actors/ids.js';
import type { Place } from '../../../actors/records.js';
import type { Account, AccountStore, Ban, Credentials, Session } from '../../auth/ports.js';
import type { MemoryBackend } from './backend.js';
import type { UndoLog } from './undo.js';
import type { MemoryWorld } from './world.js';

export class MemoryAccounts implements AccountStore {
  constructor(
    private readonly backend: MemoryBackend,
    private readonly world: MemoryWorld,
  ) {}

  create(account: Account): Promise<boolean> {
    return this.backend.change((undo) => {
      if (this.world.accounts.has(account.id) || this.#byKey(account.usernameKey)) return false;
      undo.set(this.world.accounts, account.id, account);
      return true;
    });
  }

  byKey(usernameKey: string): Promise<Account | null> {
    return this.backend.look(() => this.#byKey(usernameKey) ?? null);
  }

  byId(id: PlayerId): Promise<Account | null> {
    return this.backend.look(() => this.world.accounts.get(id) ?? null);
  }

  logIn(session: Session, { passwordHash, anew }: Parameters<AccountStore['logIn']>[1]): Promise<boolean> {
    return this.backend.change((undo) => {
      const account = this.world.accounts.get(session.player);
      if (!account || account.passwordHash !== passwordHash || account.ban) return false;
      const current = { ...account, lastLoginMs: session.createdAtMs, passwordHash: anew ?? passwordHash };
      undo.set(this.world.accounts, account.id, current);
      undo.set(this.world.sessions, session.id, session);
      return true;
    });
  }

  session(tokenHash: string): Promise<{ readonly session: Session; readonly account: Account } | null> {
    return this.backend.look(() => {
      const session = [...this.world.sessions.values()].find((one) => one.tokenHash === tokenHash);
      const account = session && this.world.accounts.get(session.player);
      return session && account ? { session, account } : null;
    });
  }

  sessionLives(id: SessionId, nowMs: number): Promise<boolean> {
    return this.backend.look(() => {
      const session = this.world.sessions.get(id);
      return session !== undefined && !isExpired(session, nowMs);
    });
  }

  endSession(id: SessionId): Promise<void> {
    return this.backend.change((undo) => this.#end(id, undo));
  }

  replace(id: PlayerId, checkedHash: string, by: Credentials, spared: SessionId | null): Promise<readonly SessionId[] | null> {
    return this.backend.change((undo) => {
      const account = this.world.accounts.get(id);
      if (account?.passwordHash !== checkedHash) return null;
      undo.set(this.world.accounts, id, { ...account, ...by });
      return this.#endAll(id, spared, undo);
    });
  }

  ban(id: PlayerId, ban: Ban): Promise<readonly SessionId[] | null> {
    return this.backend.change((undo) => {
      const account = this.world.accounts.get(id);
      if (!account) return null;
      undo.set(this.world.accounts, id, { ...account, ban });
      return this.#endAll(id, null, undo);
    });
  }

  liftBan(id: PlayerId): Promise<void> {
    return this.backend.change((undo) => {
      const account = this.world.accounts.get(id);
      if (account) undo.set(this.world.accounts, id, { ...account, ban: null });
    });
  }

  dropExpiredSessions(nowMs: number): Promise<number> {
    return this.backend.change((undo) => {
      const expired = [...this.world.sessions.values()].filter((session) => isExpired(session, nowMs));
      for (const { id } of expired) this.#end(id, undo);
      return expired.length;
    });
  }

  #byKey(usernameKey: string): Account | undefined {
    return [...this.world.accounts.values()].find((account) => account.usernameKey === usernameKey);
  }

  #endAll(player: PlayerId, spared: SessionId | null, undo: UndoLog): readonly SessionId[] {
    const open = [...this.world.sessions.values()].filter((session) => session.player === player && session.id !== spared);
    for (const { id } of open) this.#end(id, undo);
    return open.map(({ id }) => id);
  }

  #end(id: SessionId, undo: UndoLog): void {
    const session = this.world.sessions.get(id);
    if (!session) return;
    undo.delete(this.world.sessions, id);
    const place = this.world.places.get(session.player);
    if (place) undo.set(this.world.places, session.player, withoutTokens(place, id));
  }
}

function isExpired(session: Session, nowMs: number): boolean {
  return session.expiresAtMs !== null && session.expiresAtMs <= nowMs;
}

function withoutTokens(place: Place, session: SessionId): Place {
  const newest = place.newest?.session === session ? null : place.newest;
  const spoken = place.spoken?.session === session ? null : place.spoken;
  return { ...place, newest, spoken };
}
