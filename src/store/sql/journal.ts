/**
 * The statement of the tick path: journal rows of any number of zones, their contents in one bound parameter,
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
  const rows = entries.map(({ zone, epoch, atMs, row }) => ({
    ...{ zone, tick: row.tick, epoch, at_ms: wholeMs(atMs) },
    ...{ bytes: row.body.byteLength, input_bytes: Buffer.byteLength(row.inputs) },
  }));
  return session.run(statementOf(dialect), JSON.stringify(withStarts(rows)), contentsOf(entries, rows), worldEpoch);
}

function statementOf(dialect: Dialect): string {
  const numbers = { tick: 'bigint', epoch: 'bigint', at_ms: 'bigint' } as const;
  const places = { start: 'integer', bytes: 'integer', input_bytes: 'integer' } as const;
  const contents = dialect.bytes('$2');
  return `INSERT INTO zone_journal (zone_id, tick, epoch, at_ms, bytes, inputs, body)
    SELECT z.id, m.tick, z.epoch, m.at_ms, m.bytes + m.input_bytes,
      ${dialect.text(`substr(${contents}, m.start + m.bytes, m.input_bytes)`)}, substr(${contents}, m.start, m.bytes)
    FROM ${dialect.list('$1', 'm', { zone: 'uuid', ...numbers, ...places })}
    JOIN zones z ON z.id = m.zone AND z.epoch = m.epoch JOIN world w ON w.epoch = $3 WHERE true
    ${dialect.hold.share} ON CONFLICT DO NOTHING`;
}

interface RowLengths {
  readonly bytes: number;
  readonly input_bytes: number;
}

/** Where each row's contents begin. Positions in SQL count from 1, and the first byte is padding. */
function withStarts<Row extends RowLengths>(rows: readonly Row[]): readonly (Row & { readonly start: number })[] {
  let next = 2;
  return rows.map((row) => {
    const start = next;
    next += row.bytes + row.input_bytes;
    return { ...row, start };
  });
}

/**
 * Body and inputs of each row, one behind the other: as they are, where a list in JSON would write every quote of the
 * inputs as two. Padded, because a driver may take no bytes at all for NULL.
 */
function contentsOf(entries: readonly JournalEntry[], lengths: readonly RowLengths[]): Uint8Array {
  const total = lengths.reduce((sum, { bytes, input_bytes }) => sum + bytes + input_bytes, 1);
  const contents = Buffer.allocUnsafe(total);
  let at = contents.writeUInt8(0);
  for (const { row } of entries) {
    contents.set(row.body, at);
    at += row.body.byteLength;
    at += contents.write(row.inputs, at);
  }
  return contents;
}
