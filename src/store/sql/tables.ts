/**
 * The tables in SQL, within one transaction: one method, one statement, the same for both databases.
 * Lists travel as one JSON parameter, bodies as bound bytes; nothing is ever written into the text of a statement.
 */
import type { EntityId, PlayerId, TickNumber, ZoneId } from '../../../actors/ids.js';
import type { InboxRow, PlaceNote, StoredEntity, ZoneLink } from '../../../actors/records.js';
import type { ReturnReason } from '../../../games/contract.js';
import {
  type Attempt,
  type BesideRow,
  type CheckpointRow,
  type CoveredRow,
  type HeldBy,
  type JournalEntry,
  type JournalMark,
  PartRefused,
  type PlaceShift,
  type Projection,
  type SentRow,
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
import { appendJournal } from './journal.js';
import { packed } from './packed.js';
import { SqlReads } from './reads.js';
import { besideRow, coveredRow, heldByRow, inboxRow, storedTick, zoneHead, zoneRow } from './rows.js';

/** Rows of the projection in one statement: more would hold up the main thread while their text is made. */
const ENTITIES_AT_ONCE = 5_000;

const INBOX = 'SELECT id, to_zone, from_zone, tick, kind, reason, followers, body FROM zone_inbox';
const HELD = 'SELECT player_id, holder, stay FROM player_places';
const MARKED = { id: 'uuid', zone: 'uuid', tick: 'bigint' } as const;
const NO_MARK = JSON.stringify({ run: 0, highest: 0, dropped: [] });

export class SqlTables extends SqlReads implements Tables {
  constructor(
    session: SqlSession,
    private readonly dialect: Dialect,
    private readonly worldEpoch: number,
  ) {
    super(session);
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
      `SELECT * FROM zones WHERE id IN (SELECT m.id FROM ${this.#list('m', { id: 'uuid' })}) ORDER BY id ${this.dialect.hold[hold]}`,
      asList(ids, (id) => ({ id })),
    );
    return new Map(rows.map(zoneRow).map((row) => [row.info.id, row]));
  }

  async zoneHeads(ids: readonly ZoneId[], hold: ZoneHold): Promise<ReadonlyMap<ZoneId, ZoneHead>> {
    if (ids.length === 0) return new Map();
    const rows = await this.session.all(
      `SELECT id, epoch, quarantined, width, height FROM zones WHERE id IN (SELECT m.id FROM ${this.#list('m', { id: 'uuid' })})
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
    await this.#update('zones', 'id', id, columns);
  }

  async claimZones(ids: readonly ZoneId[]): Promise<void> {
    await this.session.run(
      `UPDATE zones SET epoch = epoch + 1, live = 1, quarantined = 0 WHERE id IN (SELECT m.id FROM ${this.#list('m', { id: 'uuid' })})`,
      asList(ids, (id) => ({ id })),
    );
  }

  async layToSleep(ids: readonly ZoneId[]): Promise<void> {
    await this.session.run(
      `UPDATE zones SET live = 0 WHERE id IN (SELECT m.id FROM ${this.#list('m', { id: 'uuid' })})`,
      asList(ids, (id) => ({ id })),
    );
  }

  async setWishes(wishes: readonly Wish[]): Promise<void> {
    if (wishes.length === 0) return;
    await this.session.run(
      `UPDATE zones AS z SET wake_at_ms = m.wake_at FROM ${this.#list('m', { id: 'uuid', wake_at: 'bigint' })} WHERE z.id = m.id`,
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
      WHERE l.zone_id IN (SELECT m.id FROM ${this.#list('m', { id: 'uuid' })}) ORDER BY l.dy, l.dx, z.id`;
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
      `SELECT tick, epoch FROM zone_journal WHERE zone_id = $2 AND tick IN (SELECT m.tick FROM ${this.#list('m', { tick: 'bigint' })})`,
      asList(ticks, (tick) => ({ tick })),
      zone,
    );
    return new Map(rows.map((row) => [numberOf(row, 'tick'), numberOf(row, 'epoch')]));
  }

  async journalAfter(marks: readonly JournalMark[]): Promise<readonly StoredTick[]> {
    const sql = `SELECT j.zone_id, j.tick, j.body FROM ${this.#list('m', { zone: 'uuid', tick: 'bigint' })}
      JOIN zone_journal j ON j.zone_id = m.zone AND j.tick > m.tick ORDER BY j.tick`;
    const list = asList(marks, ({ zone, tick }) => ({ zone, tick }));
    return (await this.session.all(sql, list)).map(storedTick);
  }

  async oldestCovered(limit: number): Promise<readonly CoveredRow[]> {
    const sql = `SELECT j.zone_id, j.tick, j.at_ms, j.bytes FROM zone_journal j
      JOIN zone_checkpoint c ON c.zone_id = j.zone_id AND c.tick >= j.tick ORDER BY j.at_ms, j.tick LIMIT $1`;
    return (await this.session.all(sql, limit)).map(coveredRow);
  }

  async deleteJournal(rows: readonly Pick<CoveredRow, 'zone' | 'tick'>[]): Promise<void> {
    if (rows.length === 0) return;
    const deleted = this.#list('m', { zone: 'uuid', tick: 'bigint' });
    const list = asList(rows, ({ zone, tick }) => ({ zone, tick }));
    await this.session.run(`DELETE FROM zone_journal WHERE (zone_id, tick) IN (SELECT m.zone, m.tick FROM ${deleted})`, list);
    await this.session.run(
      `DELETE FROM zone_history WHERE zone_id IN (SELECT m.zone FROM ${deleted})
       AND tick < (SELECT MAX(CAST(m.tick AS BIGINT)) FROM ${deleted} WHERE m.zone = zone_history.zone_id)`,
      list,
    );
  }

  async checkpoints(zones: readonly ZoneId[]): Promise<readonly StoredTick[]> {
    const sql = `SELECT zone_id, tick, body FROM zone_checkpoint WHERE zone_id IN (SELECT m.id FROM ${this.#list('m', { id: 'uuid' })})`;
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
       FROM ${this.#list('m', marks)} JOIN zone_checkpoint c ON c.zone_id = m.zone AND c.tick < m.tick AND c.epoch <= m.epoch
       WHERE true ON CONFLICT DO NOTHING`,
      list,
    );
    await this.session.run(
      `INSERT INTO zone_checkpoint (zone_id, tick, epoch, body)
       SELECT m.zone, m.tick, m.epoch, substr(${this.dialect.bytes('$2')}, m.start, m.length)
       FROM ${this.#list('m', { ...marks, start: 'integer', length: 'integer' })} WHERE true
       ON CONFLICT (zone_id) DO UPDATE SET tick = excluded.tick, epoch = excluded.epoch, body = excluded.body
       WHERE (zone_checkpoint.tick < excluded.tick AND zone_checkpoint.epoch <= excluded.epoch)
         OR (zone_checkpoint.tick = excluded.tick AND zone_checkpoint.epoch < excluded.epoch)`,
      list,
      bytes,
    );
  }

  async inboxTo(zones: readonly ZoneId[]): Promise<readonly InboxRow[]> {
    const sql = `${INBOX} WHERE to_zone IN (SELECT m.id FROM ${this.#list('m', { id: 'uuid' })}) ORDER BY zone_inbox.id`;
    return (
      await this.session.all(
        sql,
        asList(zones, (id) => ({ id })),
      )
    ).map(inboxRow);
  }

  async inboxRows(ids: readonly number[]): Promise<readonly InboxRow[]> {
    const list = asList(ids, (id) => ({ id }));
    const sql = `${INBOX} WHERE id IN (SELECT m.id FROM ${this.#list('m', { id: 'bigint' })}) ORDER BY id`;
    return (await this.session.all(sql, list)).map(inboxRow);
  }

  async inboxFrom(zones: readonly ZoneId[]): Promise<readonly InboxRow[]> {
    if (zones.length === 0) return [];
    const list = asList(zones, (id) => ({ id }));
    const sql = `${INBOX} WHERE from_zone IN (SELECT m.id FROM ${this.#list('m', { id: 'uuid' })}) ORDER BY zone_inbox.id`;
    return (await this.session.all(sql, list)).map(inboxRow);
  }

  async inboxSentBy(zone: ZoneId, ticks: readonly TickNumber[]): Promise<readonly InboxRow[]> {
    const list = asList(ticks, (tick) => ({ tick }));
    const sql = `${INBOX} WHERE sent_by = $2 AND tick IN (SELECT m.tick FROM ${this.#list('m', { tick: 'bigint' })}) ORDER BY id`;
    return (await this.session.all(sql, list, zone)).map(inboxRow);
  }

  async inboxReturnedBy(zone: ZoneId, reason: ReturnReason): Promise<readonly InboxRow[]> {
    const sql = `${INBOX} WHERE from_zone = $1 AND kind = 'returned' AND reason = $2 ORDER BY id`;
    return (await this.session.all(sql, zone, reason)).map(inboxRow);
  }

  async insertInbox(rows: readonly SentRow[]): Promise<readonly InboxRow[]> {
    if (rows.length === 0) return [];
    const zones = { to_zone: 'uuid', from_zone: 'uuid', sent_by: 'uuid' } as const;
    const contents = { tick: 'bigint', kind: 'text', reason: 'text', followers: 'text', body: 'text' } as const;
    const made = await this.session.all(
      `INSERT INTO zone_inbox (to_zone, from_zone, sent_by, tick, kind, reason, followers, body)
       SELECT m.to_zone, m.from_zone, m.sent_by, m.tick, m.kind, m.reason, m.followers, m.body
       FROM ${this.#list('m', { n: 'integer', ...zones, ...contents })} ORDER BY m.n RETURNING id`,
      asList(rows, inboxColumns),
    );
    // Ids rise in the order in which rows are inserted; nothing is said about the order in which they are returned.
    const ids = made.map((row) => numberOf(row, 'id')).sort((a, b) => a - b);
    return rows.map(({ sentBy: _, ...row }, index) => {
      const id = ids[index];
      if (id === undefined) throw new Error('an inserted row has no id');
      return { ...row, id };
    });
  }

  async deleteInbox(rows: readonly Pick<InboxRow, 'id' | 'to'>[]): Promise<number> {
    if (rows.length === 0) return 0;
    return this.session.run(
      `DELETE FROM zone_inbox WHERE (id, to_zone) IN (SELECT m.id, m.zone FROM ${this.#list('m', { id: 'bigint', zone: 'uuid' })})`,
      asList(rows, ({ id, to }) => ({ id, zone: to })),
    );
  }

  async readdressInbox(row: InboxRow): Promise<void> {
    await this.session.run(
      'UPDATE zone_inbox SET to_zone = $2, from_zone = $3, kind = $4, reason = $5, followers = $6 WHERE id = $1',
      ...[row.id, row.to, row.from, row.kind, row.reason, JSON.stringify(row.followers)],
    );
  }

  async shiftPlaces(shifts: readonly PlaceShift[]): Promise<ReadonlySet<PlayerId>> {
    if (shifts.length === 0) return new Set();
    const columns = { player: 'uuid', giver: 'uuid', stay: 'bigint', taker: 'uuid', resumes: 'integer', resume: 'uuid' } as const;
    const rows = await this.session.all(
      `UPDATE player_places AS p SET holder = m.taker, stay = p.stay + 1,
         zone = CASE WHEN m.resumes = 1 THEN m.resume ELSE p.zone END,
         document = CASE WHEN m.mark IS NULL THEN p.document ELSE m.document END, mark = COALESCE(m.mark, p.mark)
       FROM ${this.#list('m', { ...columns, document: 'text', mark: 'text' })}
       WHERE p.player_id = m.player AND p.holder IS NOT DISTINCT FROM m.giver AND p.stay = m.stay RETURNING player_id`,
      asList(shifts, shiftColumns),
    );
    return new Set(rows.map((row) => idOf<PlayerId>(row, 'player_id')));
  }

  async places(players: readonly PlayerId[]): Promise<readonly HeldBy[]> {
    const list = asList(players, (player) => ({ player }));
    const sql = `${HELD} WHERE player_id IN (SELECT m.player FROM ${this.#list('m', { player: 'uuid' })})`;
    return (await this.session.all(sql, list)).map(heldByRow);
  }

  async heldBy(zones: readonly ZoneId[]): Promise<readonly HeldBy[]> {
    const sql = `${HELD} WHERE holder IN (SELECT m.id FROM ${this.#list('m', { id: 'uuid' })})`;
    return (
      await this.session.all(
        sql,
        asList(zones, (id) => ({ id })),
      )
    ).map(heldByRow);
  }

  async makePlace(player: PlayerId): Promise<void> {
    // Not ON CONFLICT alone: that would use up a number each time, and they are to stay small.
    const sql = `INSERT INTO player_places (player_id, mark) SELECT m.player, m.mark FROM ${this.#list('m', { player: 'uuid', mark: 'text' })}
      WHERE NOT EXISTS (SELECT 1 FROM player_places WHERE player_id = $2) ON CONFLICT DO NOTHING`;
    await this.session.run(
      sql,
      asList([player], () => ({ player, mark: NO_MARK })),
      player,
    );
  }

  async notePlace(player: PlayerId, note: PlaceNote): Promise<void> {
    await this.#update('player_places', 'player_id', player, {
      zone: note.zone,
      run: note.run,
      dropped_at_ms: note.droppedAtMs == null ? note.droppedAtMs : wholeMs(note.droppedAtMs),
      ...(note.newest !== undefined && { newest_hash: note.newest?.hash ?? null, newest_session: note.newest?.session ?? null }),
      ...(note.spoken !== undefined && { spoken_hash: note.spoken?.hash ?? null, spoken_session: note.spoken?.session ?? null }),
    });
  }

  async project(zones: readonly Projection[]): Promise<void> {
    const gone = zones.flatMap(({ zone, tick, gone }) => gone.map((id) => ({ id, zone, tick })));
    const sql = `DELETE FROM entities WHERE id IN (SELECT m.id FROM ${this.#list('m', MARKED)}
      JOIN entities e ON e.id = m.id AND e.zone_id = m.zone AND e.tick <= m.tick)`;
    for (const part of slices(gone, ENTITIES_AT_ONCE)) await this.session.run(sql, JSON.stringify(part));
    for (const part of slices(newest(zones), ENTITIES_AT_ONCE)) await this.#upsertEntities(part);
  }

  async #upsertEntities(rows: readonly ProjectedEntity[]): Promise<void> {
    const sizes = { x: 'integer', y: 'integer', width: 'integer', height: 'integer' } as const;
    const sql = `INSERT INTO entities (id, zone_id, x, y, width, height, metadata, created_at, updated_at, tick)
      SELECT m.id, z.id, m.x, m.y, m.width, m.height, ${this.dialect.json('m.metadata')}, ${this.dialect.time('m.created')}, ${this.dialect.time('m.updated')}, m.tick
      FROM ${this.#list('m', { ...MARKED, ...sizes, metadata: 'text', created: 'text', updated: 'text' })} JOIN zones z ON z.id = m.zone WHERE true
      ON CONFLICT (id) DO UPDATE SET zone_id = excluded.zone_id, x = excluded.x, y = excluded.y, width = excluded.width, height = excluded.height,
        metadata = excluded.metadata, updated_at = excluded.updated_at, tick = excluded.tick WHERE entities.tick <= excluded.tick`;
    await this.session.run(sql, asList(rows, entityColumns));
  }

  /** Sets the columns that are not undefined. */
  async #update(table: string, key: string, id: string, columns: Record<string, SqlValue | undefined>): Promise<void> {
    const values: SqlValue[] = [id];
    const sets: string[] = [];
    for (const [column, value] of Object.entries(columns)) {
      if (value === undefined) continue;
      values.push(value);
      sets.push(`${column} = $${values.length}`);
    }
    if (sets.length > 0) await this.session.run(`UPDATE ${table} SET ${sets.join(', ')} WHERE ${key} = $1`, ...values);
  }

  /** The first parameter, as rows. */
  #list(alias: string, columns: Parameters<Dialect['list']>[2]): string {
    return this.dialect.list('$1', alias, columns);
  }
}

function asList<T>(items: readonly T[], columns: (item: T, index: number) => object): string {
  return JSON.stringify(items.map(columns));
}

function* slices<T>(items: readonly T[], atMost: number): Iterable<readonly T[]> {
  for (let from = 0; from < items.length; from += atMost) yield items.slice(from, from + atMost);
}

interface ProjectedEntity extends JournalMark {
  readonly entity: StoredEntity;
}

/** One that went from one of these zones to another is where it was last: Postgres writes no row twice in one statement. */
function newest(zones: readonly Projection[]): readonly ProjectedEntity[] {
  const rows = new Map<EntityId, ProjectedEntity>();
  for (const { zone, tick, changed } of zones) {
    for (const entity of changed) {
      const other = rows.get(entity.id);
      if (!other || other.tick <= tick) rows.set(entity.id, { zone, tick, entity });
    }
  }
  return [...rows.values()];
}

function inboxColumns({ to, from, sentBy, followers, parcel, ...row }: SentRow, n: number): object {
  const texts = { followers: JSON.stringify(followers), body: JSON.stringify(parcel) };
  return { n, to_zone: to, from_zone: from, sent_by: sentBy, ...row, ...texts };
}

function shiftColumns({ player, from, stay, to, resume, kept }: PlaceShift): object {
  return {
    ...{ player, giver: from, stay, taker: to },
    ...{ resumes: resume === undefined ? 0 : 1, resume: resume ?? null },
    document: kept?.document ? JSON.stringify(kept.document) : null,
    mark: kept ? JSON.stringify(kept.mark) : null,
  };
}

function entityColumns({ zone, tick, entity }: ProjectedEntity): object {
  const { id, x, y, width, height, metadata, createdAtMs, updatedAtMs } = entity;
  return {
    ...{ id, zone, tick, x, y, width, height },
    // As a text within the text: a list of Postgres refuses some of what a JSON column takes.
    metadata: JSON.stringify(metadata),
    created: timeText(createdAtMs),
    updated: timeText(updatedAtMs),
  };
}
