/**
 * Who goes over an edge, and when. Three rules keep a border from being felt: past the edge by the margin and an
 * epsilon, each axis for itself; not before it has rested since the last time; and never where nothing lies.
 */
import type { Cell, Grid, Point } from './grid.js';
import type { Settings } from './settings.js';

/** Which way the next cell lies: -1, 0 or 1 in each direction. */
export interface Crossing {
  readonly columns: number;
  readonly rows: number;
}

/**
 * Whether one who is at this point of the world belongs to another cell by now; null: it stays.
 * `restsUntil`: as `restUntil` said at the last crossing, in milliseconds since 1970; 0: it never crossed.
 */
export function crossing(
  grid: Grid,
  cell: Cell,
  at: Point,
  { restsUntil, now }: { readonly restsUntil: number; readonly now: number },
  { marginCm, epsilonCm }: Settings['handover'],
): Crossing | null {
  if (now < restsUntil) return null;
  const past = grid.pastEdges(cell, at);
  const holdCm = marginCm + epsilonCm;
  const columns = Math.abs(past.x) >= holdCm ? Math.sign(past.x) : 0;
  const rows = Math.abs(past.z) >= holdCm ? Math.sign(past.z) : 0;
  return columns === 0 && rows === 0 ? null : { columns, rows };
}

export function neighborOf({ column, row }: Cell, { columns, rows }: Crossing): Cell {
  return { column: column + columns, row: row + rows };
}

export function restUntil(now: number, { restMs }: Settings['handover']): number {
  return now + restMs;
}
