/**
 * The inboxes of all zones in SQL: one table, with a row for whatever is on its way from one zone to another.
 */
import type { TickNumber, ZoneId } from '../../../actors/ids.js';
import type { InboxRow } from '../../../actors/records.js';
import type { ReturnReason } from '../../../games/contract.js';
import type { InboxTable, SentRow } from '../tables.js';
import { numberOf } from './decode.js';
import type { Dialect } from './dialect.js';
import type { SqlSession } from './engine.js';
import { asList, listed } from './lists.js';
import { inboxRow } from './rows.js';

const INBOX = 'SELECT id, to_zone, from_zone, tick, kind, reason, followers, body FROM zone_inbox';

export class SqlInbox implements InboxTable {
  constructor(
    private readonly session: SqlSession,
    private readonly dialect: Dialect,
  ) {}

  async to(zones: readonly ZoneId[]): Promise<readonly InboxRow[]> {
    const sql = `${INBOX} WHERE to_zone IN (SELECT m.id FROM ${listed(this.dialect, { id: 'uuid' })}) ORDER BY zone_inbox.id`;
    return (
      await this.session.all(
        sql,
        asList(zones, (id) => ({ id })),
      )
    ).map(inboxRow);
  }

  async rows(ids: readonly number[]): Promise<readonly InboxRow[]> {
    const list = asList(ids, (id) => ({ id }));
    const sql = `${INBOX} WHERE id IN (SELECT m.id FROM ${listed(this.dialect, { id: 'bigint' })}) ORDER BY id`;
    return (await this.session.all(sql, list)).map(inboxRow);
  }

  async from(zones: readonly ZoneId[]): Promise<readonly InboxRow[]> {
    if (zones.length === 0) return [];
    const list = asList(zones, (id) => ({ id }));
    const sql = `${INBOX} WHERE from_zone IN (SELECT m.id FROM ${listed(this.dialect, { id: 'uuid' })}) ORDER BY zone_inbox.id`;
    return (await this.session.all(sql, list)).map(inboxRow);
  }

  async sentBy(zone: ZoneId, ticks: readonly TickNumber[]): Promise<readonly InboxRow[]> {
    const list = asList(ticks, (tick) => ({ tick }));
    const sql = `${INBOX} WHERE sent_by = $2 AND tick IN (SELECT m.tick FROM ${listed(this.dialect, { tick: 'bigint' })}) ORDER BY id`;
    return (await this.session.all(sql, list, zone)).map(inboxRow);
  }

  async returnedBy(zone: ZoneId, reason: ReturnReason): Promise<readonly InboxRow[]> {
    const sql = `${INBOX} WHERE from_zone = $1 AND reason = $2 ORDER BY id`;
    return (await this.session.all(sql, zone, reason)).map(inboxRow);
  }

  async insert(rows: readonly SentRow[]): Promise<readonly InboxRow[]> {
    if (rows.length === 0) return [];
    const zones = { to_zone: 'uuid', from_zone: 'uuid', sent_by: 'uuid' } as const;
    const contents = { tick: 'bigint', kind: 'text', reason: 'text', followers: 'text', body: 'text' } as const;
    const made = await this.session.all(
      `INSERT INTO zone_inbox (to_zone, from_zone, sent_by, tick, kind, reason, followers, body)
       SELECT m.to_zone, m.from_zone, m.sent_by, m.tick, m.kind, m.reason, m.followers, m.body
       FROM ${listed(this.dialect, { n: 'integer', ...zones, ...contents })} ORDER BY m.n RETURNING id`,
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

  async delete(rows: readonly Pick<InboxRow, 'id' | 'to'>[]): Promise<number> {
    if (rows.length === 0) return 0;
    return this.session.run(
      `DELETE FROM zone_inbox WHERE (id, to_zone) IN (SELECT m.id, m.zone FROM ${listed(this.dialect, { id: 'bigint', zone: 'uuid' })})`,
      asList(rows, ({ id, to }) => ({ id, zone: to })),
    );
  }

  async readdress(row: InboxRow): Promise<void> {
    await this.session.run(
      'UPDATE zone_inbox SET to_zone = $2, from_zone = $3, kind = $4, reason = $5, followers = $6 WHERE id = $1',
      ...[row.id, row.to, row.from, row.kind, row.reason, JSON.stringify(row.followers)],
    );
  }
}

function inboxColumns({ to, from, sentBy, followers, parcel, ...row }: SentRow, n: number): object {
  const texts = { followers: JSON.stringify(followers), body: JSON.stringify(parcel) };
  return { n, to_zone: to, from_zone: from, sent_by: sentBy, ...row, ...texts };
}
