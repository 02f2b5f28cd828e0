/**
 * What a start writes before anybody else does: the world's row, and what a stop or a kill left behind.
 */
import type { StartTables, WorldRow } from '../tables.js';
import { numberOf, textOf, wholeMs } from './decode.js';
import type { SqlSession } from './engine.js';

export class SqlStartTables implements StartTables {
  constructor(private readonly session: SqlSession) {}

  async world(): Promise<WorldRow | null> {
    const row = (await this.session.all('SELECT epoch, reserved_ticks, alive_at_ms, secret FROM world'))[0];
    if (!row) return null;
    return {
      epoch: numberOf(row, 'epoch'),
      reservedTicks: numberOf(row, 'reserved_ticks'),
      aliveAtMs: numberOf(row, 'alive_at_ms'),
      secret: textOf(row, 'secret'),
    };
  }

  async putWorld({ epoch, reservedTicks, aliveAtMs, secret }: WorldRow): Promise<void> {
    await this.session.run(
      `INSERT INTO world (id, epoch, reserved_ticks, alive_at_ms, secret) VALUES (1, $1, $2, $3, $4)
       ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, reserved_ticks = excluded.reserved_ticks, alive_at_ms = excluded.alive_at_ms`,
      ...[epoch, reservedTicks, wholeMs(aliveAtMs), secret],
    );
  }

  async endLiveZones(tickedUntilMs: number): Promise<void> {
    await this.session.run('UPDATE zones SET ticked_until_ms = $1, live = 0 WHERE live = 1', wholeMs(tickedUntilMs));
  }

  async dropPlayers(nowMs: number, sinceMs: number): Promise<void> {
    await this.session.run(
      `UPDATE player_places SET dropped_at_ms = $1
       WHERE (newest_hash IS NOT NULL OR spoken_hash IS NOT NULL) AND (dropped_at_ms IS NULL OR dropped_at_ms >= $2)`,
      ...[wholeMs(nowMs), wholeMs(sinceMs)],
    );
  }
}
