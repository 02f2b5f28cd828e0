/**
 * Checkpoints that were replaced, kept as long as the journal behind them: a tick is played again from the one before it.
 */
import type { Migration } from '../migrate.js';

export const history: Migration = {
  name: '0004-history',
  async up(session, { types }) {
    await session.run(`CREATE TABLE zone_history (
      zone_id ${types.uuid} NOT NULL,
      tick BIGINT NOT NULL,
      bytes INTEGER NOT NULL,
      body ${types.bytes} NOT NULL,
      PRIMARY KEY (zone_id, tick))`);
  },
};
