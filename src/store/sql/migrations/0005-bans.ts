/**
 * Since when, and why, somebody may not log in.
 */
import type { Migration } from '../migrate.js';

export const bans: Migration = {
  name: '0005-bans',
  async up(session, { types }) {
    await session.run(`ALTER TABLE players ADD COLUMN banned_at ${types.time}`);
    await session.run('ALTER TABLE players ADD COLUMN ban_reason TEXT');
  },
};
