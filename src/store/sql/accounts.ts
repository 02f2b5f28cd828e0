/**
 * Accounts and sessions through Sequelize's models.
 * The end of a session takes the resume tokens that hang on it along, in the same transaction.
 */
import { type Model, Op, type Transaction } from 'sequelize';
import type { PlayerId, SessionId } from '../../../actors/ids.js';
import type { Account, AccountStore, Ban, Credentials, Session } from '../../auth/ports.js';
import type { ModelAccess } from './model-access.js';
import type { PlayerRecord, SessionRecord } from './models.js';

/** Sessions dropped in one transaction: a tick's commit waits behind each. */
const SESSIONS_AT_ONCE = 200;

export class SqlAccounts implements AccountStore {
  constructor(private readonly access: ModelAccess) {}

  create(account: Account): Promise<boolean> {
    const { createdAtMs, lastLoginMs, ban, ...columns } = account;
    const record = { ...columns, createdAt: new Date(createdAtMs), lastLogin: timeOf(lastLoginMs), ...banColumns(ban) };
    return this.access.insert((transaction) => this.access.models.players.create(record, { transaction }));
  }

  async byKey(usernameKey: string): Promise<Account | null> {
    const found = await this.access.read(() => this.access.models.players.findOne({ where: { usernameKey } }));
    return found && accountOf(found);
  }

  async byId(id: PlayerId): Promise<Account | null> {
    const found = await this.access.read(() => this.access.models.players.findByPk(id));
    return found && accountOf(found);
  }

  async logIn(session: Session, { passwordHash, anew }: Parameters<AccountStore['logIn']>[1]): Promise<boolean> {
    const { id, player, tokenHash, createdAtMs, expiresAtMs } = session;
    const createdAt = new Date(createdAtMs);
    const { players, sessions } = this.access.models;
    return this.access.write(async (transaction) => {
      const changes = { lastLogin: createdAt, passwordHash: anew ?? passwordHash };
      const [changed] = await players.update(changes, { where: { id: player, passwordHash, bannedAt: null }, transaction });
      if (changed === 0) return false;
      const record = { id, playerId: player, token: tokenHash, createdAt, expiresAt: timeOf(expiresAtMs) };
      await sessions.create(record, { transaction });
      return true;
    });
  }

  async session(tokenHash: string): Promise<{ readonly session: Session; readonly account: Account } | null> {
    const found = await this.access.read(() => this.access.models.sessions.findOne({ where: { token: tokenHash } }));
    if (!found) return null;
    const session = sessionOf(found);
    const account = await this.byId(session.player);
    return account && { session, account };
  }

  async sessionLives(id: SessionId, nowMs: number): Promise<boolean> {
    const found = await this.access.read(() => this.access.models.sessions.findByPk(id));
    const expiresAt = found?.get().expiresAt;
    return found !== null && (!expiresAt || expiresAt.getTime() > nowMs);
  }

  async endSession(id: SessionId): Promise<void> {
    await this.access.write(async (transaction) => {
      const found = await this.access.models.sessions.findByPk(id, { transaction });
      if (found) await this.#end([found], transaction);
    });
  }

  replace(id: PlayerId, checkedHash: string, by: Credentials, spared: SessionId | null): Promise<readonly SessionId[] | null> {
    return this.#changeAndEnd(id, { passwordHash: checkedHash }, by, spared);
  }

  ban(id: PlayerId, ban: Ban): Promise<readonly SessionId[] | null> {
    return this.#changeAndEnd(id, {}, banColumns(ban), null);
  }

  async liftBan(id: PlayerId): Promise<void> {
    await this.access.write((transaction) => this.access.models.players.update(banColumns(null), { where: { id }, transaction }));
  }

  async dropExpiredSessions(nowMs: number): Promise<number> {
    const expired = { expiresAt: { [Op.ne]: null, [Op.lte]: new Date(nowMs) } };
    for (let dropped = 0; ; ) {
      const found = await this.access.write(async (transaction) => {
        const sessions = await this.access.models.sessions.findAll({ where: expired, limit: SESSIONS_AT_ONCE, transaction });
        await this.#end(sessions, transaction);
        return sessions.length;
      });
      dropped += found;
      if (found < SESSIONS_AT_ONCE) return dropped;
    }
  }

  /** Changes an account that is as `where` says, and ends its sessions but one; null where it is not. */
  #changeAndEnd(
    id: PlayerId,
    where: Partial<PlayerRecord>,
    changes: Partial<PlayerRecord>,
    spared: SessionId | null,
  ): Promise<readonly SessionId[] | null> {
    const { players, sessions } = this.access.models;
    return this.access.write(async (transaction) => {
      const [changed] = await players.update(changes, { where: { ...where, id }, transaction });
      if (changed === 0) return null;
      const open = await sessions.findAll({ where: { playerId: id }, transaction });
      const ended = open.filter((session) => session.get().id !== spared);
      await this.#end(ended, transaction);
      return ended.map((session) => sessionOf(session).id);
    });
  }

  async #end(sessions: readonly Model<SessionRecord>[], transaction: Transaction): Promise<void> {
    for (const { id, playerId } of sessions.map((session) => session.get())) {
      for (const token of ['newest', 'spoken']) {
        const sql = `UPDATE player_places SET ${token}_hash = NULL, ${token}_session = NULL WHERE player_id = $1 AND ${token}_session = $2`;
        await this.access.run(transaction, sql, playerId, id);
      }
      await this.access.models.sessions.destroy({ where: { id }, transaction });
    }
  }
}

// The ids in these records are UUIDs of players and sessions: only this file writes them.

function accountOf(record: Model<PlayerRecord>): Account {
  const { id, createdAt, lastLogin, bannedAt, banReason, ...account } = record.get();
  const ban = bannedAt && { atMs: bannedAt.getTime(), reason: banReason ?? '' };
  const times = { createdAtMs: createdAt.getTime(), lastLoginMs: lastLogin?.getTime() ?? null };
  return { ...account, id: id as PlayerId, ...times, ban };
}

function banColumns(ban: Ban | null): Pick<PlayerRecord, 'bannedAt' | 'banReason'> {
  return { bannedAt: timeOf(ban?.atMs ?? null), banReason: ban?.reason ?? null };
}

function sessionOf(record: Model<SessionRecord>): Session {
  const { id, playerId, token, createdAt, expiresAt } = record.get();
  return {
    id: id as SessionId,
    player: playerId as PlayerId,
    tokenHash: token,
    createdAtMs: createdAt.getTime(),
    expiresAtMs: expiresAt?.getTime() ?? null,
  };
}

function timeOf(timeMs: number | null): Date | null {
  return timeMs === null ? null : new Date(timeMs);
}
