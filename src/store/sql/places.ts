/**
 * The places of players in SQL: one table, with a row for each player that ever came.
 */
import type { PlayerId, ZoneId } from '../../../actors/ids.js';
import type { PlaceNote } from '../../../actors/records.js';
import type { HeldBy, PlaceShift, PlaceTable } from '../tables.js';
import { idOf, wholeMs } from './decode.js';
import type { Dialect } from './dialect.js';
import type { SqlSession } from './engine.js';
import { asList, listed } from './lists.js';
import { patchRow } from './patch.js';
import { heldByRow } from './rows.js';

const HELD = 'SELECT player_id, holder, stay FROM player_places';
const NO_MARK = JSON.stringify({ run: 0, highest: 0, dropped: [] });

export class SqlPlaces implements PlaceTable {
  constructor(
    private readonly session: SqlSession,
    private readonly dialect: Dialect,
  ) {}

  async shift(shifts: readonly PlaceShift[]): Promise<ReadonlySet<PlayerId>> {
    if (shifts.length === 0) return new Set();
    const columns = { player: 'uuid', giver: 'uuid', stay: 'bigint', taker: 'uuid', resumes: 'integer', resume: 'uuid' } as const;
    const rows = await this.session.all(
      `UPDATE player_places AS p SET holder = m.taker, stay = p.stay + 1,
         zone = CASE WHEN m.resumes = 1 AND (m.giver IS NULL OR p.zone IS NOT NULL) THEN m.resume ELSE p.zone END,
         document = CASE WHEN m.mark IS NULL THEN p.document ELSE m.document END, mark = COALESCE(m.mark, p.mark)
       FROM ${listed(this.dialect, { ...columns, document: 'text', mark: 'text' })}
       WHERE p.player_id = m.player AND p.holder IS NOT DISTINCT FROM m.giver AND p.stay = m.stay RETURNING player_id`,
      asList(shifts, shiftColumns),
    );
    return new Set(rows.map((row) => idOf<PlayerId>(row, 'player_id')));
  }

  async of(players: readonly PlayerId[]): Promise<readonly HeldBy[]> {
    const list = asList(players, (player) => ({ player }));
    const sql = `${HELD} WHERE player_id IN (SELECT m.player FROM ${listed(this.dialect, { player: 'uuid' })})`;
    return (await this.session.all(sql, list)).map(heldByRow);
  }

  async heldBy(zones: readonly ZoneId[]): Promise<readonly HeldBy[]> {
    const sql = `${HELD} WHERE holder IN (SELECT m.id FROM ${listed(this.dialect, { id: 'uuid' })})`;
    return (
      await this.session.all(
        sql,
        asList(zones, (id) => ({ id })),
      )
    ).map(heldByRow);
  }

  async make(player: PlayerId): Promise<void> {
    // Not ON CONFLICT alone: that would use up a number each time, and they are to stay small.
    const sql = `INSERT INTO player_places (player_id, mark) SELECT m.player, m.mark FROM ${listed(this.dialect, { player: 'uuid', mark: 'text' })}
      WHERE NOT EXISTS (SELECT 1 FROM player_places WHERE player_id = $2) ON CONFLICT DO NOTHING`;
    await this.session.run(
      sql,
      asList([player], () => ({ player, mark: NO_MARK })),
      player,
    );
  }

  async note(player: PlayerId, note: PlaceNote): Promise<void> {
    await patchRow(this.session, 'player_places', 'player_id', player, {
      zone: note.zone,
      run: note.run,
      dropped_at_ms: note.droppedAtMs == null ? note.droppedAtMs : wholeMs(note.droppedAtMs),
      ...(note.newest !== undefined && { newest_hash: note.newest?.hash ?? null, newest_session: note.newest?.session ?? null }),
      ...(note.spoken !== undefined && { spoken_hash: note.spoken?.hash ?? null, spoken_session: note.spoken?.session ?? null }),
    });
  }
}

function shiftColumns({ player, from, stay, to, resume, kept }: PlaceShift): object {
  return {
    ...{ player, giver: from, stay, taker: to },
    ...{ resumes: resume === undefined ? 0 : 1, resume: resume ?? null },
    document: kept?.document ? JSON.stringify(kept.document) : null,
    mark: kept ? JSON.stringify(kept.mark) : null,
  };
}
