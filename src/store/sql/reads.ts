/**
 * Reads that are one statement each: they need no transaction, and see only what is committed.
 */
import type { EntityId, PlayerId, TickNumber, ZoneId } from '../../../actors/ids.js';
import type { JournalRow, KeptState, Place, StoredEntity, ZoneInfo, ZoneLink } from '../../../actors/records.js';
import type { Reads } from '../tables.js';
import { bytesOf, idOf, numberOf, optionalNumberOf } from './decode.js';
import type { SqlRow, SqlSession, SqlValue } from './engine.js';
import { entityRow, journalRow, linkRow, placeRow, zoneInfo } from './rows.js';

// A zone to resume in that is gone is none.
const PLACE = `SELECT p.number, p.player_id, p.holder, p.stay, z.id AS zone, p.run, p.newest_hash, p.newest_session,
  p.spoken_hash, p.spoken_session, p.dropped_at_ms, p.document, p.mark
  FROM player_places p LEFT JOIN zones z ON z.id = p.zone WHERE p.player_id = $1`;

const ENTITY = 'SELECT id, zone_id, x, y, width, height, metadata, created_at, updated_at FROM entities';

const ZONE_INFO = 'id, name, width, height, metadata, created_at, updated_at';

const DUE = `SELECT id FROM zones WHERE wake_at_ms <= $1
  OR id IN (SELECT holder FROM player_places WHERE holder IS NOT NULL)
  OR id IN (SELECT to_zone FROM zone_inbox)`;

const UNFOLDED = `SELECT z.id FROM (SELECT zone_id, MAX(tick) AS tick FROM zone_journal GROUP BY zone_id) AS j
  JOIN zones z ON z.id = j.zone_id LEFT JOIN zone_checkpoint c ON c.zone_id = j.zone_id WHERE c.tick IS NULL OR c.tick < j.tick`;

const BYTES = `SELECT (SELECT COALESCE(SUM(bytes), 0) FROM zone_journal) + (SELECT COALESCE(SUM(bytes), 0) FROM zone_history) AS bytes`;

const CHECKPOINTS =
  'SELECT * FROM (SELECT zone_id, tick, body FROM zone_checkpoint UNION ALL SELECT zone_id, tick, body FROM zone_history) AS c';

export class SqlReads implements Reads {
  constructor(protected readonly session: SqlSession) {}

  async place(player: PlayerId): Promise<Place | null> {
    const row = await this.one(PLACE, player);
    return row && placeRow(row);
  }

  async entities(zone: ZoneId): Promise<readonly StoredEntity[]> {
    return (await this.session.all(`${ENTITY} WHERE zone_id = $1 ORDER BY created_at, id`, zone)).map(entityRow);
  }

  async entity(id: EntityId): Promise<{ readonly zone: ZoneId; readonly entity: StoredEntity } | null> {
    const row = await this.one(`${ENTITY} WHERE id = $1`, id);
    return row && { zone: idOf<ZoneId>(row, 'zone_id'), entity: entityRow(row) };
  }

  async dueZones(nowMs: number): Promise<readonly ZoneId[]> {
    return (await this.session.all(DUE, nowMs)).map((row) => idOf<ZoneId>(row, 'id'));
  }

  async unfoldedZones(): Promise<readonly ZoneId[]> {
    return (await this.session.all(UNFOLDED)).map((row) => idOf<ZoneId>(row, 'id'));
  }

  async nextWake(afterMs: number): Promise<number | null> {
    const row = await this.one('SELECT MIN(wake_at_ms) AS wake_at_ms FROM zones WHERE wake_at_ms > $1', afterMs);
    return row && optionalNumberOf(row, 'wake_at_ms');
  }

  async links(): Promise<readonly ZoneLink[]> {
    return (await this.session.all('SELECT zone_id, neighbor_id, dx, dy FROM zone_links')).map(linkRow);
  }

  async journalBytes(): Promise<number> {
    const row = await this.one(BYTES);
    return row ? numberOf(row, 'bytes') : 0;
  }

  async zoneInfos(): Promise<readonly ZoneInfo[]> {
    return (await this.session.all(`SELECT ${ZONE_INFO} FROM zones`)).map(zoneInfo);
  }

  async zoneNamed(name: string): Promise<ZoneInfo | null> {
    const row = await this.one(`SELECT ${ZONE_INFO} FROM zones WHERE name = $1`, name);
    return row && zoneInfo(row);
  }

  async zoneById(id: ZoneId): Promise<ZoneInfo | null> {
    const row = await this.one(`SELECT ${ZONE_INFO} FROM zones WHERE id = $1`, id);
    return row && zoneInfo(row);
  }

  async checkpointBefore(zone: ZoneId, tick: TickNumber): Promise<KeptState | null> {
    const row = await this.one(`${CHECKPOINTS} WHERE zone_id = $1 AND tick <= $2 ORDER BY tick DESC LIMIT 1`, zone, tick);
    return row && { tick: numberOf(row, 'tick'), body: bytesOf(row, 'body') };
  }

  async oldestCheckpoint(zone: ZoneId): Promise<TickNumber | null> {
    const row = await this.one(`${CHECKPOINTS} WHERE zone_id = $1 ORDER BY tick LIMIT 1`, zone);
    return row && numberOf(row, 'tick');
  }

  async newestRow(zone: ZoneId): Promise<TickNumber | null> {
    const row = await this.one('SELECT MAX(tick) AS tick FROM zone_journal WHERE zone_id = $1', zone);
    return row && optionalNumberOf(row, 'tick');
  }

  async journalRows(zone: ZoneId, after: TickNumber, upTo: TickNumber, limit: number): Promise<readonly JournalRow[]> {
    const sql =
      'SELECT tick, inputs, body FROM zone_journal WHERE zone_id = $1 AND tick > $2 AND tick <= $3 ORDER BY tick LIMIT $4';
    return (await this.session.all(sql, zone, after, upTo, limit)).map(journalRow);
  }

  protected async one(sql: string, ...values: readonly SqlValue[]): Promise<SqlRow | null> {
    return (await this.session.all(sql, ...values))[0] ?? null;
  }
}
