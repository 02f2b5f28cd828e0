/**
 * Accounts and sessions in memory, with the refusals of the SQL ones.
 */
import type { PlayerId, SessionId } from '../../../actors/ids.js';
import type { Place } from '../../../actors/records.js';
import type { Account, AccountStore, Session } from '../../auth/ports.js';
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

  loggedIn(id: PlayerId, atMs: number, passwordHash?: string): Promise<void> {
    return this.backend.change((undo) => {
      const account = this.world.accounts.get(id);
      if (!account) return;
      const changed = { ...account, lastLoginMs: atMs, passwordHash: passwordHash ?? account.passwordHash };
      undo.set(this.world.accounts, id, changed);
    });
  }

  createSession(session: Session): Promise<void> {
    return this.backend.change((undo) => {
      if (!this.world.accounts.has(session.player)) throw new Error('a session of a player that does not exist');
      undo.set(this.world.sessions, session.id, session);
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
