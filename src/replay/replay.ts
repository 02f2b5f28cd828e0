/**
 * Plays ticks again with the game as it is now, and compares what comes of each with what was committed.
 * Every tick begins from what was committed before it, so that one that differs spoils none behind it.
 */
import type { StoredZone } from '../../actors/records.js';
import type { GameModule } from '../../games/contract.js';
import { foldZone } from '../simulation/fold.js';
import { TickRandom } from '../simulation/random.js';
import { ResidentZone } from '../simulation/resident-zone.js';
import { Beside } from './beside.js';
import { type Difference, firstDifference } from './difference.js';
import { readInputs } from './inputs.js';
import { numbersOf, rowBytes, type Stretch, type StretchRow, storedOf } from './stretch.js';

export interface ReplayedTick {
  readonly tick: number;
  /** null: the same came of it. */
  readonly difference: Difference | null;
}

export interface ReplayOptions {
  /** As the server had it: beyond, a tick is malformed. Default: no limit. */
  readonly maxZoneBytes?: number;
}

/** Each tick of the stretch from `from` on, as it is asked for. */
export function* replay(game: GameModule, stretch: Stretch, options: ReplayOptions = {}): Generator<ReplayedTick> {
  const beside = game.border === undefined ? null : new Beside(stretch, game.border);
  let before = storedOf(stretch.zone, stretch.base);
  for (const row of stretch.rows) {
    if (row.tick >= stretch.from) yield { tick: row.tick, difference: playTick(game, before, row, beside, options) };
    before = storedOf(stretch.zone, bodyAfter(before, row));
  }
}

/** The state after a tick of the stretch (or after the last one before it), as a body of `zone-codec.ts`. */
export function stateAt(stretch: Stretch, tick: number): { readonly tick: number; readonly body: string } {
  const rows = stretch.rows.filter((row) => row.tick <= tick);
  const { tick: reached, body } = foldZone({ ...storedOf(stretch.zone, stretch.base), journal: rows.map(rowBytes) });
  return { tick: reached, body: Buffer.from(body).toString('utf8') };
}

function playTick(
  game: GameModule,
  before: StoredZone,
  row: StretchRow,
  beside: Beside | null,
  { maxZoneBytes = Number.POSITIVE_INFINITY }: ReplayOptions,
): Difference | null {
  const { request, seed, elapsedMs, borderAges } = readInputs(before.info.id, row, numbersOf(before));
  const departed = beside?.see(row.tick, borderAges) ?? [];
  // Ticks that wrote nothing passed since: the time that this one had behind it is in its inputs.
  const zone = new ResidentZone(
    { ...before, neighbors: beside?.neighbors ?? [], departed, tickedUntilMs: request.nowMs - elapsedMs },
    {
      border: beside && game.border !== undefined ? { cells: game.border, board: beside.board, hasCopies: false } : null,
      ...{ game, maxZoneBytes, monotonicMs: () => 0 },
      random: () => TickRandom.fromSeed(seed),
      admit: (there, player, present) => admits(game, there, player, present),
    },
  );
  try {
    const answer = zone.step(request);
    return firstDifference(row.body, Buffer.from(answer.row?.body ?? EMPTY).toString('utf8'));
  } catch (error) {
    return { field: 'onTick', committed: 'a result', replayed: error instanceof Error ? error.message : String(error) };
  }
}

/** What a tick with nothing to write amounts to. */
const EMPTY = Buffer.from('{}');

function admits(game: GameModule, ...asked: Parameters<NonNullable<GameModule['admit']>>): boolean {
  if (!game.admit) return true;
  try {
    return game.admit(...asked) === true;
  } catch {
    return false;
  }
}

function bodyAfter(before: StoredZone, row: StretchRow): { readonly tick: number; readonly body: string } {
  const { tick, body } = foldZone({ ...before, journal: [rowBytes(row)] });
  return { tick, body: Buffer.from(body).toString('utf8') };
}
