/**
 * A stretch of one zone's history: the state before it, and each tick that was written, with what went in and what
 * came of it. Plain JSON, so that it can be kept in a file and played anywhere.
 */

import { WorldError } from '../../actors/errors.js';
import type { TickNumber, ZoneId } from '../../actors/ids.js';
import type { ZoneHistory, ZoneInfo } from '../../actors/ports.js';

export interface Stretch {
  readonly zone: ZoneInfo;
  /** The newest checkpoint before the first tick: a body of `zone-codec.ts`. */
  readonly base: { readonly tick: TickNumber; readonly body: string };
  /** From the first tick behind the base: those before `from` are only applied. By rising tick. */
  readonly rows: readonly StretchRow[];
  /** The first tick to play. */
  readonly from: TickNumber;
}

/** One tick of the journal: `inputs` and `body` as `journal-record.ts` writes them. */
export interface StretchRow {
  readonly tick: TickNumber;
  readonly inputs: string;
  readonly body: string;
}

/** The history asked for is not kept. */
export class NoHistoryError extends WorldError {
  readonly code = 'REPLAY_NO_HISTORY';
}

/** More than this in memory at once is a mistake in `from` and `to`, not a stretch to look into. */
const MAX_ROWS = 100_000;

/** What is kept of these ticks, both included. Rejects with `NoHistoryError`, which says what there is. */
export async function readStretch(
  history: ZoneHistory,
  zone: ZoneInfo,
  ticks: { readonly from: TickNumber; readonly to: TickNumber },
): Promise<Stretch> {
  const base = await history.base(zone.id, ticks.from - 1);
  if (!base)
    throw new NoHistoryError(
      `zone "${zone.name}" has no history before tick ${ticks.from}; ${await rangeText(history, zone.id)}`,
    );
  const rows = await history.rows(zone.id, base.tick, ticks.to, MAX_ROWS + 1);
  if (rows.length > MAX_ROWS) throw new NoHistoryError(`there are more than ${MAX_ROWS} ticks up to ${ticks.to}: ask for fewer`);
  if (!rows.some(({ tick }) => tick >= ticks.from)) {
    throw new NoHistoryError(
      `zone "${zone.name}" wrote nothing from tick ${ticks.from} to ${ticks.to}; ${await rangeText(history, zone.id)}`,
    );
  }
  return {
    zone,
    base: { tick: base.tick, body: textOf(base.body) },
    rows: rows.map(({ tick, inputs, body }) => ({ tick, inputs, body: textOf(body) })),
    from: ticks.from,
  };
}

async function rangeText(history: ZoneHistory, zone: ZoneId): Promise<string> {
  const range = await history.range(zone);
  return range ? `ticks from ${range.after + 1} to ${range.upTo} can be played again` : 'nothing of it can be played again';
}

function textOf(body: Uint8Array): string {
  return Buffer.from(body).toString('utf8');
}
