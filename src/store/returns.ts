/**
 * Turning round what cannot arrive: an inbox row that waits goes back to the zone it came from, in place, and the
 * players that follow it change hands with it. A row that came back already is never turned again.
 */

import type { PlayerId, ZoneId } from '../../actors/ids.js';
import type { InboxRow } from '../../actors/records.js';
import type { ReturnReason } from '../../games/contract.js';
import type { Tables } from './tables.js';

/** Turns these arrivals round, and answers them as they are now. Where the source is gone too, the row dissolves and is not in the answer. */
export async function turnRound(tables: Tables, rows: readonly InboxRow[], reason: ReturnReason): Promise<readonly InboxRow[]> {
  const arrivals = rows.filter((row) => row.kind === 'arrival');
  const sources = await tables.zones(unique(arrivals.map((row) => row.from)), 'target');
  const turned: InboxRow[] = [];
  for (const row of arrivals) {
    if (sources.has(row.from)) turned.push(await turn(tables, row, reason));
    else await dissolve(tables, row);
  }
  return turned;
}

/** Nobody is left to take the row: its entity goes with it, and its players get their place row back. */
export async function dissolve(tables: Tables, row: InboxRow): Promise<void> {
  await tables.inbox.delete([row]);
  await tables.places.shift(
    row.followers.map(({ player, stay }) => {
      const kept = row.parcel.followers.find((follower) => follower.id === player);
      return { player, from: row.to, stay, to: null, resume: null, kept };
    }),
  );
}

export function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

async function turn(tables: Tables, row: InboxRow, reason: ReturnReason): Promise<InboxRow> {
  const back = {
    ...row,
    to: row.from,
    from: row.to,
    kind: 'returned',
    reason,
    followers: await moveFollowers(tables, row, row.from),
  } as const;
  await tables.inbox.readdress(back);
  return back;
}

/** Those who moved, with their new stay. One who moved on before is the row's no more. */
async function moveFollowers(tables: Tables, row: InboxRow, to: ZoneId): Promise<InboxRow['followers']> {
  const shifts = row.followers.map(({ player, stay }) => ({ player, from: row.to, stay, to, resume: to }));
  const moved: ReadonlySet<PlayerId> = await tables.places.shift(shifts);
  return row.followers.filter(({ player }) => moved.has(player)).map(({ player, stay }) => ({ player, stay: stay + 1 }));
}
