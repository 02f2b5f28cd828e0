/**
 * The statement of the tick path: journal rows of any number of zones, their bodies in one bound parameter,
 * the epochs of the world and of each zone checked in it.
 */
import type { JournalEntry } from '../tables.js';
import { wholeMs } from './decode.js';
import type { Dialect } from './dialect.js';
import type { SqlSession } from './engine.js';

/** Leaves out rows of zones whose epoch moved on, and those that are there already; answers how many it wrote. */
export function appendJournal(
  session: SqlSession,
  dialect: Dialect,
  worldEpoch: number,
  entries: readonly JournalEntry[],
): Promise<number> {
  return session.run(statementOf(dialect), headsOf(entries), bodiesOf(entries), worldEpoch);
}

function statementOf(dialect: Dialect): string {
  const numbers = { tick: 'bigint', epoch: 'bigint', at_ms: 'bigint', start: 'integer', bytes: 'integer' } as const;
  return `INSERT INTO zone_journal (zone_id, tick, epoch, at_ms, bytes, inputs, body)
    SELECT z.id, m.tick, z.epoch, m.at_ms, m.bytes + octet_length(m.inputs), m.inputs, substr(${dialect.bytes('$2')}, m.start, m.bytes)
    FROM ${dialect.list('$1', 'm', { zone: 'uuid', ...numbers, inputs: 'text' })}
    JOIN zones z ON z.id = m.zone AND z.epoch = m.epoch JOIN world w ON w.epoch = $3 WHERE true
    ${dialect.hold.share} ON CONFLICT DO NOTHING`;
}

/** Positions in SQL count from 1, and the bodies begin behind one byte of padding. */
function headsOf(entries: readonly JournalEntry[]): string {
  let start = 2;
  const heads = entries.map(({ zone, epoch, atMs, row }) => {
    const bytes = row.body.byteLength;
    const head = { zone, tick: row.tick, epoch, at_ms: wholeMs(atMs), start, bytes, inputs: row.inputs };
    start += bytes;
    return head;
  });
  return JSON.stringify(heads);
}

/** Padded, because a driver may take no bytes at all for NULL. */
function bodiesOf(entries: readonly JournalEntry[]): Uint8Array {
  return Buffer.concat([new Uint8Array(1), ...entries.map((entry) => entry.row.body)]);
}
