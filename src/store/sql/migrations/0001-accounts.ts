/**
 * Players and their sessions.
 */
import type { Migration } from '../migrate.js';

export const accounts: Migration = {
  name: '0001-accounts',
  async up(session, { types }) {
    await session.run(`CREATE TABLE players (
      id ${types.uuid} PRIMARY KEY,
      username TEXT NOT NULL,
      username_key TEXT NOT NULL UNIQUE,
      password_hash TEXT NOT NULL,
      created_at ${types.time} NOT NULL,
      last_login ${types.time})`);
    // "token" is the hash of one: what opens the door is never written down.
    await session.run(`CREATE TABLE sessions (
      id ${types.uuid} PRIMARY KEY,
      player_id ${types.uuid} NOT NULL REFERENCES players(id) ON DELETE CASCADE,
      token TEXT NOT NULL UNIQUE,
      created_at ${types.time} NOT NULL,
      expires_at ${types.time})`);
    await session.run('CREATE INDEX sessions_player ON sessions(player_id)');
    await session.run('CREATE INDEX sessions_expiry ON sessions(expires_at) WHERE expires_at IS NOT NULL');
  },
};
