/**
 * The statement of the tick path: journal rows of any number of zones, their contents in one bound parameter,
 * the epochs of the world and of each zone checked in it.
 */
import type { JournalEntry } from '../tables.js';
import { wholeMs } from './decode.js';
import type { Dialect } from './dialect.js';
import type { SqlSession } from './engine.js';
import { listed } from './lists.js';
import { packed } from './packed.js';

/** Leaves out rows of zones whose epoch moved on, and those that are there already; answers how many it wrote. */
export function appendJournal(
  session: SqlSession,
  dialect: Dialect,
  worldEpoch: number,
  entries: readonly JournalEntry[],
): Promise<number> {
  const { bytes, places } = packed(entries.flatMap(({ row }) => [row.body, row.inputs]));
  const rows = entries.map(({ zone, epoch, atMs, row }, index) => {
    const { start = 0, length = 0 } = places[2 * index] ?? {};
    const input_bytes = places[2 * index + 1]?.length;
    return { zone, tick: row.tick, epoch, at_ms: wholeMs(atMs), start, bytes: length, input_bytes };
  });
  return session.run(statementOf(dialect), JSON.stringify(rows), bytes, worldEpoch);
}

function statementOf(dialect: Dialect): string {
  const numbers = { tick: 'bigint', epoch: 'bigint', at_ms: 'bigint' } as const;
  const places = { start: 'integer', bytes: 'integer', input_bytes: 'integer' } as const;
  const contents = dialect.bytes('$2');
  return `INSERT INTO zone_journal (zone_id, tick, epoch, at_ms, bytes, inputs, body)
    SELECT z.id, m.tick, z.epoch, m.at_ms, m.bytes + m.input_bytes,
      ${dialect.text(`substr(${contents}, m.start + m.bytes, m.input_bytes)`)}, substr(${contents}, m.start, m.bytes)
    FROM ${listed(dialect, { zone: 'uuid', ...numbers, ...places })}
    JOIN zones z ON z.id = m.zone AND z.epoch = m.epoch JOIN world w ON w.epoch = $3 WHERE true
    ${dialect.hold.share} ON CONFLICT DO NOTHING`;
}
