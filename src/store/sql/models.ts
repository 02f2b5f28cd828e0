/**
 * Sequelize's models of what is not on the tick path: players, sessions, and zones as records.
 * Tables are made by migrations; a model only maps columns. The framework's own columns of `zones` are not in it.
 */
import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize';
import type { JsonObject } from '../../../games/contract.js';

export interface PlayerRecord {
  id: string;
  username: string;
  usernameKey: string;
  passwordHash: string;
  createdAt: Date;
  lastLogin: Date | null;
  bannedAt: Date | null;
  banReason: string | null;
}

export interface SessionRecord {
  id: string;
  playerId: string;
  /** The hash of the token. */
  token: string;
  createdAt: Date;
  expiresAt: Date | null;
}

export interface ZoneRecord {
  id: string;
  name: string;
  width: number;
  height: number;
  metadata: JsonObject;
  createdAt: Date;
  updatedAt: Date;
}

export interface Models {
  readonly sequelize: Sequelize;
  readonly players: ModelStatic<Model<PlayerRecord>>;
  readonly sessions: ModelStatic<Model<SessionRecord>>;
  readonly zones: ModelStatic<Model<ZoneRecord>>;
}

export function defineModels(sequelize: Sequelize): Models {
  // Times are the caller's, who has a clock; the model must not put its own in.
  const options = { timestamps: false, underscored: true } as const;
  const id = { type: DataTypes.UUID, primaryKey: true };
  const players = sequelize.define<Model<PlayerRecord>>(
    'player',
    {
      id,
      username: DataTypes.TEXT,
      usernameKey: DataTypes.TEXT,
      passwordHash: DataTypes.TEXT,
      createdAt: DataTypes.DATE,
      lastLogin: DataTypes.DATE,
      bannedAt: DataTypes.DATE,
      banReason: DataTypes.TEXT,
    },
    { ...options, tableName: 'players' },
  );
  const sessions = sequelize.define<Model<SessionRecord>>(
    'session',
    { id, playerId: DataTypes.UUID, token: DataTypes.TEXT, createdAt: DataTypes.DATE, expiresAt: DataTypes.DATE },
    { ...options, tableName: 'sessions' },
  );
  const zones = sequelize.define<Model<ZoneRecord>>(
    'zone',
    {
      id,
      name: DataTypes.TEXT,
      width: DataTypes.INTEGER,
      height: DataTypes.INTEGER,
      metadata: DataTypes.JSON,
      createdAt: DataTypes.DATE,
      updatedAt: DataTypes.DATE,
    },
    { ...options, tableName: 'zones' },
  );
  return { sequelize, players, sessions, zones };
}
