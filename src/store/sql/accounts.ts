/**
 * Accounts and sessions through Sequelize's models.
 * The end of a session takes the resume tokens that hang on it along, in the same transaction.
 */
import { type Model, Op, type Transaction } from 'sequelize';
import type { PlayerId, SessionId } from '../../../actors/ids.js';
import type { Account, AccountStore, Session } from '../../auth/ports.js';
import type { ModelAccess } from './model-access.js';
import type { PlayerRecord, SessionRecord } from './models.js';

/** Sessions dropped in one transaction: a tick's commit waits behind each. */
const SESSIONS_AT_ONCE = 200;

export class SqlAccounts implements AccountStore {
  constructor(private readonly access: ModelAccess) {}

  create(account: Account): Promise<boolean> {
    const { createdAtMs, lastLoginMs, ...columns } = account;
    const record = { ...columns, createdAt: new Date(createdAtMs), lastLogin: timeOf(lastLoginMs) };
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

  async loggedIn(id: PlayerId, atMs: number, passwordHash?: string): Promise<void> {
    const changes = { lastLogin: new Date(atMs), ...(passwordHash !== undefined && { passwordHash }) };
    await this.access.write((transaction) => this.access.models.players.update(changes, { where: { id }, transaction }));
  }

  async createSession({ id, player, tokenHash, createdAtMs, expiresAtMs }: Session): Promise<void> {
    const record = { id, playerId: player, token: tokenHash, createdAt: new Date(createdAtMs), expiresAt: timeOf(expiresAtMs) };
    await this.access.write((transaction) => this.access.models.sessions.create(record, { transaction }));
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
  const { id, createdAt, lastLogin, ...account } = record.get();
  return { ...account, id: id as PlayerId, createdAtMs: createdAt.getTime(), lastLoginMs: lastLogin?.getTime() ?? null };
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
