/**
 * A stretch of one zone's history: the state before it, and each tick that was written, with what went in and what
 * came of it. Plain JSON, so that it can be kept in a file and played anywhere.
 */

import { WorldError } from '../../actors/errors.js';
import type { PlayerId, TickNumber, ZoneId } from '../../actors/ids.js';
import type { ZoneHistory } from '../../actors/ports.js';
import type { JournalRow, KeptState, StoredZone, ZoneInfo, ZoneNeighbor } from '../../actors/records.js';
import { restoreZone } from '../simulation/fold.js';

export interface Stretch extends Kept {
  readonly zone: ZoneInfo;
  /** The first tick to play: those of `rows` before it are only applied. */
  readonly from: TickNumber;
  /** What the zones beside it were like, for a game that looks over borders; [] for another. */
  readonly neighbors: readonly (Kept & { readonly neighbor: ZoneNeighbor })[];
}

/** Of one zone. */
export interface Kept {
  /** The newest checkpoint before the first tick: a body of `zone-codec.ts`. */
  readonly base: { readonly tick: TickNumber; readonly body: string };
  /** From the first tick behind the base on, by rising tick. */
  readonly rows: readonly StretchRow[];
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
  { from, to, besides }: { readonly from: TickNumber; readonly to: TickNumber; readonly besides: boolean },
): Promise<Stretch> {
  const kept = await readKept(history, zone, { from, to }, from - 1);
  if (!kept.rows.some(({ tick }) => tick >= from)) {
    throw new NoHistoryError(
      `zone "${zone.name}" wrote nothing from tick ${from} to ${to}; ${await rangeText(history, zone.id)}`,
    );
  }
  const neighbors: (Kept & { readonly neighbor: ZoneNeighbor })[] = [];
  for (const neighbor of besides ? await history.neighbors(zone.id) : []) {
    const later = { from, to: to + LATEST_ARRIVAL };
    neighbors.push({ neighbor, ...(await readKept(history, neighbor, later, from - 1 - FURTHEST_BACK)) });
  }
  return { zone, ...kept, from, neighbors };
}

/** What is seen of a zone that is awake is not older than this; one that sleeps has not changed since its last checkpoint. */
const FURTHEST_BACK = 100;
/** Within so many ticks an entity that is on its way is in the zone that it goes to. */
const LATEST_ARRIVAL = 20;

async function readKept(
  history: ZoneHistory,
  { id, name }: Pick<ZoneInfo, 'id' | 'name'>,
  { from, to }: { readonly from: TickNumber; readonly to: TickNumber },
  wished: TickNumber,
): Promise<Kept> {
  const kept =
    (await keptFrom(history, id, wished, to, MAX_ROWS + 1)) ?? (await keptFrom(history, id, from - 1, to, MAX_ROWS + 1));
  if (!kept) throw new NoHistoryError(`zone "${name}" has no history before tick ${from}; ${await rangeText(history, id)}`);
  const { base, rows } = kept;
  if (rows.length > MAX_ROWS) throw new NoHistoryError(`there are more than ${MAX_ROWS} ticks up to ${to}: ask for fewer`);
  return {
    base: { tick: base.tick, body: textOf(base.body) },
    rows: rows.map(({ tick, inputs, body }) => ({ tick, inputs, body: textOf(body) })),
  };
}

/** A state that is kept and not above `tick`, with the rows behind it, none missing; null: there is none. */
export async function keptFrom(
  history: ZoneHistory,
  zone: ZoneId,
  tick: TickNumber,
  to: TickNumber,
  limit: number,
): Promise<{ readonly base: KeptState; readonly rows: readonly JournalRow[] } | null> {
  for (;;) {
    const base = await history.base(zone, tick);
    if (!base) return null;
    const rows = await history.rows(zone, base.tick, to, limit);
    // A running server trims: a state goes with the first row behind it.
    if ((await history.base(zone, base.tick))?.tick === base.tick) return { base, rows };
  }
}

async function rangeText(history: ZoneHistory, zone: ZoneId): Promise<string> {
  const range = await history.range(zone);
  return range ? `ticks from ${range.after + 1} to ${range.upTo} can be played again` : 'nothing of it can be played again';
}

function textOf(body: Uint8Array): string {
  return Buffer.from(body).toString('utf8');
}

/** The zone as a restore reads it, of a state that is kept. */
export function storedOf(info: ZoneInfo, state: Kept['base']): StoredZone {
  const checkpoint = { tick: state.tick, body: Buffer.from(state.body) };
  const nothing = { journal: [], inbox: [], held: [], neighbors: [], departed: [], wakeAtMs: null, tickedUntilMs: null };
  return { info, checkpoint, epoch: 0, ...nothing };
}

/** The players of a state, by the numbers that journals have for them. */
export function numbersOf(stored: StoredZone): ReadonlyMap<number, PlayerId> {
  return new Map(Array.from(restoreZone(stored).state.players.values(), ({ held }) => [held.number, held.id]));
}

export function rowBytes({ tick, body }: StretchRow): { readonly tick: TickNumber; readonly body: Uint8Array } {
  return { tick, body: Buffer.from(body) };
}
