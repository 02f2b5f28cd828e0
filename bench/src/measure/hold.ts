/**
 * How many players a server holds on one core: the highest rung of a ladder at which nearly every state comes, and
 * in time. Rungs are taken by halves, and the last one has to be passed twice.
 */
import type { WindowFigures } from '../generator/orders.js';

/** Of the states that are due, so many have to come. */
const LEAST_DELIVERED = 0.99;
/** The worst hundredth of the intervals may last so many periods. */
const LONGEST_PERIODS = 1.5;

/** Whether a window at this number of players counts as held. */
export function isHeld({ delivered, intervalP99Ms, lost }: WindowFigures, periodMs: number): boolean {
  return delivered >= LEAST_DELIVERED && intervalP99Ms !== null && intervalP99Ms < LONGEST_PERIODS * periodMs && lost === 0;
}

/**
 * The highest of `rungs` (ascending) that `holds` twice; null: not even the lowest. Takes it that what a rung does
 * not hold no higher one does; where chance says otherwise, the answer is the lower one.
 */
export async function highestHeld(
  rungs: readonly number[],
  holds: (players: number) => Promise<boolean>,
): Promise<number | null> {
  let low = -1;
  let high = rungs.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (await holds(rungs[middle] ?? 0)) low = middle;
    else high = middle;
  }
  for (; low >= 0; low--) {
    const players = rungs[low] ?? 0;
    if (await holds(players)) return players;
  }
  return null;
}

export function ladder(step: number, most: number): number[] {
  return Array.from({ length: Math.floor(most / step) }, (_, rung) => (rung + 1) * step);
}
