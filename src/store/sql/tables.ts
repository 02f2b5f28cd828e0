/**
 * The tables in SQL, within one transaction: one method, one statement, the same for both databases.
 * Lists travel as one JSON parameter, bodies as bound bytes; nothing is ever written into the text of a statement.
 */
import type { TickNumber, ZoneId } from '../../../actors/ids.js';
import type { ZoneLink } from '../../../actors/records.js';
import {
  type Attempt,
  type BesideRow,
  type CheckpointRow,
  type CoveredRow,
  type InboxTable,
  type JournalEntry,
  type JournalMark,
  PartRefused,
  type PlaceTable,
  type Projection,
  type StoredTick,
  type Tables,
  type Wish,
  type ZoneHead,
  type ZoneHold,
  type ZonePatch,
  type ZoneRow,
} from '../tables.js';
import { idOf, numberOf, timeText, wholeMs } from './decode.js';
import type { Dialect } from './dialect.js';
import { SqlError, type SqlSession, type SqlValue } from './engine.js';
import { SqlInbox } from './inbox.js';
import { appendJournal } from './journal.js';
import { asList, listed } from './lists.js';
import { packed } from './packed.js';
import { patchRow } from './patch.js';
import { SqlPlaces } from './places.js';
import { project } from './projection.js';
import { SqlReads } from './reads.js';
import { besideRow, coveredRow, storedTick, zoneHead, zoneRow } from './rows.js';

export class SqlTables extends SqlReads implements Tables {
  readonly inbox: InboxTable;
  readonly places: PlaceTable;

  constructor(
    session: SqlSession,
    private readonly dialect: Dialect,
    private readonly worldEpoch: number,
  ) {
    super(session);
    this.inbox = new SqlInbox(session, dialect);
    this.places = new SqlPlaces(session, dialect);
  }

  async attempt<T>(part: () => Promise<T>): Promise<Attempt<T>> {
    await this.session.run('SAVEPOINT part');
    try {
      const value = await part();
      await this.session.run('RELEASE SAVEPOINT part');
      return { done: true, value };
    } catch (error) {
      const isItsOwn = error instanceof PartRefused || (error instanceof SqlError && error.fault === 'rows');
      if (!isItsOwn) throw error;
      await this.session.run('ROLLBACK TO SAVEPOINT part');
      await this.session.run('RELEASE SAVEPOINT part');
      return { done: false, error };
    }
  }

  async zones(ids: readonly ZoneId[], hold: ZoneHold): Promise<ReadonlyMap<ZoneId, ZoneRow>> {
    if (ids.length === 0) return new Map();
    // In one order for everybody, or two who want the same zones could wait for each other.
    const rows = await this.session.all(
      `SELECT * FROM zones WHERE id IN (SELECT m.id FROM ${listed(this.dialect, { id: 'uuid' })}) ORDER BY id ${this.dialect.hold[hold]}`,
      asList(ids, (id) => ({ id })),
    );
    return new Map(rows.map(zoneRow).map((row) => [row.info.id, row]));
  }

  async zoneHeads(ids: readonly ZoneId[], hold: ZoneHold): Promise<ReadonlyMap<ZoneId, ZoneHead>> {
    if (ids.length === 0) return new Map();
    const rows = await this.session.all(
      `SELECT id, epoch, quarantined, width, height FROM zones WHERE id IN (SELECT m.id FROM ${listed(this.dialect, { id: 'uuid' })})
       ORDER BY id ${this.dialect.hold[hold]}`,
      asList(ids, (id) => ({ id })),
    );
    return new Map(rows.map((row) => [idOf<ZoneId>(row, 'id'), zoneHead(row)]));
  }

  async updateZone(id: ZoneId, patch: ZonePatch): Promise<void> {
    const columns: Record<string, SqlValue | undefined> = {
      epoch: patch.epoch,
      live: patch.live === undefined ? undefined : Number(patch.live),
      quarantined: patch.quarantined === undefined ? undefined : Number(patch.quarantined),
      ticked_until_ms: patch.tickedUntilMs,
      wake_at_ms: patch.wakeAtMs == null ? patch.wakeAtMs : wholeMs(patch.wakeAtMs),
      metadata: patch.metadata && JSON.stringify(patch.metadata),
      updated_at: patch.updatedAtMs === undefined ? undefined : timeText(patch.updatedAtMs),
    };
    await patchRow(this.session, 'zones', 'id', id, columns);
  }

  async claimZones(ids: readonly ZoneId[]): Promise<void> {
    await this.session.run(
      `UPDATE zones SET epoch = epoch + 1, live = 1, quarantined = 0 WHERE id IN (SELECT m.id FROM ${listed(this.dialect, { id: 'uuid' })})`,
      asList(ids, (id) => ({ id })),
    );
  }

  async layToSleep(ids: readonly ZoneId[]): Promise<void> {
    await this.session.run(
      `UPDATE zones SET live = 0 WHERE id IN (SELECT m.id FROM ${listed(this.dialect, { id: 'uuid' })})`,
      asList(ids, (id) => ({ id })),
    );
  }

  async setWishes(wishes: readonly Wish[]): Promise<void> {
    if (wishes.length === 0) return;
    await this.session.run(
      `UPDATE zones AS z SET wake_at_ms = m.wake_at FROM ${listed(this.dialect, { id: 'uuid', wake_at: 'bigint' })} WHERE z.id = m.id`,
      asList(wishes, ({ zone, wakeAtMs }) => ({ id: zone, wake_at: wakeAtMs === null ? null : wholeMs(wakeAtMs) })),
    );
  }

  async deleteZone(id: ZoneId): Promise<void> {
    for (const table of ['entities', 'zone_journal', 'zone_history', 'zone_checkpoint']) {
      await this.session.run(`DELETE FROM ${table} WHERE zone_id = $1`, id);
    }
    await this.session.run('DELETE FROM zone_links WHERE zone_id = $1 OR neighbor_id = $1', id);
    await this.session.run('DELETE FROM zones WHERE id = $1', id);
  }

  async neighbors(zones: readonly ZoneId[]): Promise<readonly BesideRow[]> {
    const list = asList(zones, (id) => ({ id }));
    const sql = `SELECT l.zone_id, z.id, z.name, z.width, z.height, l.dx, l.dy FROM zone_links l JOIN zones z ON z.id = l.neighbor_id
      WHERE l.zone_id IN (SELECT m.id FROM ${listed(this.dialect, { id: 'uuid' })}) ORDER BY l.dy, l.dx, z.id`;
    return (await this.session.all(sql, list)).map(besideRow);
  }

  async putLink({ zone, neighbor, dx, dy }: ZoneLink): Promise<void> {
    await this.session.run(
      `INSERT INTO zone_links (zone_id, neighbor_id, dx, dy) VALUES ($1, $2, $3, $4)
       ON CONFLICT (zone_id, neighbor_id) DO UPDATE SET dx = excluded.dx, dy = excluded.dy`,
      ...[zone, neighbor, dx, dy],
    );
  }

  async appendJournal(rows: readonly JournalEntry[]): Promise<number> {
    return rows.length === 0 ? 0 : appendJournal(this.session, this.dialect, this.worldEpoch, rows);
  }

  async journalEpochs(zone: ZoneId, ticks: readonly TickNumber[]): Promise<ReadonlyMap<TickNumber, number>> {
    const rows = await this.session.all(
      `SELECT tick, epoch FROM zone_journal WHERE zone_id = $2 AND tick IN (SELECT m.tick FROM ${listed(this.dialect, { tick: 'bigint' })})`,
      asList(ticks, (tick) => ({ tick })),
      zone,
    );
    return new Map(rows.map((row) => [numberOf(row, 'tick'), numberOf(row, 'epoch')]));
  }

  async journalAfter(marks: readonly JournalMark[]): Promise<readonly StoredTick[]> {
    const sql = `SELECT j.zone_id, j.tick, j.body FROM ${listed(this.dialect, { zone: 'uuid', tick: 'bigint' })}
      JOIN zone_journal j ON j.zone_id = m.zone AND j.tick > m.tick ORDER BY j.tick`;
    const list = asList(marks, ({ zone, tick }) => ({ zone, tick }));
    return (await this.session.all(sql, list)).map(storedTick);
  }

  async oldestCovered(limit: number): Promise<readonly CoveredRow[]> {
    const sql = `SELECT j.zone_id, j.tick, j.at_ms, j.bytes + COALESCE((SELECT SUM(h.bytes) FROM zone_history h
        WHERE h.zone_id = j.zone_id AND h.tick < j.tick AND h.tick >=
          COALESCE((SELECT MAX(e.tick) FROM zone_journal e WHERE e.zone_id = j.zone_id AND e.tick < j.tick), 0)), 0) AS bytes
      FROM (SELECT r.zone_id, r.tick, r.at_ms, r.bytes FROM zone_journal r
        JOIN zone_checkpoint c ON c.zone_id = r.zone_id AND c.tick >= r.tick ORDER BY r.at_ms, r.tick LIMIT $1) AS j
      ORDER BY j.at_ms, j.tick`;
    return (await this.session.all(sql, limit)).map(coveredRow);
  }

  async deleteJournal(rows: readonly Pick<CoveredRow, 'zone' | 'tick'>[]): Promise<void> {
    if (rows.length === 0) return;
    const deleted = listed(this.dialect, { zone: 'uuid', tick: 'bigint' });
    const list = asList(rows, ({ zone, tick }) => ({ zone, tick }));
    await this.session.run(`DELETE FROM zone_journal WHERE (zone_id, tick) IN (SELECT m.zone, m.tick FROM ${deleted})`, list);
    await this.session.run(
      `DELETE FROM zone_history WHERE zone_id IN (SELECT m.zone FROM ${deleted})
       AND tick < (SELECT MAX(CAST(m.tick AS BIGINT)) FROM ${deleted} WHERE m.zone = zone_history.zone_id)`,
      list,
    );
  }

  async checkpoints(zones: readonly ZoneId[]): Promise<readonly StoredTick[]> {
    const sql = `SELECT zone_id, tick, body FROM zone_checkpoint WHERE zone_id IN (SELECT m.id FROM ${listed(this.dialect, { id: 'uuid' })})`;
    return (
      await this.session.all(
        sql,
        asList(zones, (id) => ({ id })),
      )
    ).map(storedTick);
  }

  async putCheckpoints(rows: readonly CheckpointRow[]): Promise<void> {
    const { bytes, places } = packed(rows.map(({ body }) => body));
    const list = asList(rows, ({ zone, tick, epoch }, index) => ({ zone, tick, epoch, ...places[index] }));
    const marks = { zone: 'uuid', tick: 'bigint', epoch: 'bigint' } as const;
    await this.session.run(
      `INSERT INTO zone_history (zone_id, tick, bytes, body) SELECT c.zone_id, c.tick, length(c.body), c.body
       FROM ${listed(this.dialect, marks)} JOIN zone_checkpoint c ON c.zone_id = m.zone AND c.tick < m.tick AND c.epoch <= m.epoch
       WHERE true ON CONFLICT DO NOTHING`,
      list,
    );
    await this.session.run(
      `INSERT INTO zone_checkpoint (zone_id, tick, epoch, body)
       SELECT m.zone, m.tick, m.epoch, substr(${this.dialect.bytes('$2')}, m.start, m.length)
       FROM ${listed(this.dialect, { ...marks, start: 'integer', length: 'integer' })} WHERE true
       ON CONFLICT (zone_id) DO UPDATE SET tick = excluded.tick, epoch = excluded.epoch, body = excluded.body
       WHERE (zone_checkpoint.tick < excluded.tick AND zone_checkpoint.epoch <= excluded.epoch)
         OR (zone_checkpoint.tick = excluded.tick AND zone_checkpoint.epoch < excluded.epoch)`,
      list,
      bytes,
    );
  }

  project(zones: readonly Projection[]): Promise<void> {
    return project(this.session, this.dialect, zones);
  }
}
