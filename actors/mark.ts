/**
 * The rule of numbered intents: how a player's mark moves when one of them is applied.
 * A number that is passed over counts as dropped, so nothing has to be written when an intent is lost.
 * Who is told what about it is decided by zones and connections.
 */
import type { SeqMark } from './records.js';

/** How many dropped numbers a mark names; older ones are forgotten. */
const KEPT_DROPPED = 256;

/** The mark of a numbering run in which nothing was applied yet. */
export function startMark(run: number): SeqMark {
  return { run, highest: 0, dropped: [] };
}

/**
 * The mark after intent `seq` of `run` was applied. A newer run starts from 0; an older run, and a
 * number that is not above the highest, change nothing.
 */
export function advanceMark(mark: SeqMark, run: number, seq: number): SeqMark {
  if (run < mark.run) return mark;
  const base = run > mark.run ? startMark(run) : mark;
  if (seq <= base.highest) return base;
  return { run, highest: seq, dropped: withGap(base.dropped, base.highest + 1, seq) };
}

/** Adds the numbers from `first` up to and without `end`. A client may skip 2^52 of them: only the newest are made. */
function withGap(dropped: readonly number[], first: number, end: number): readonly number[] {
  if (first === end) return dropped;
  const start = Math.max(first, end - KEPT_DROPPED);
  const gap = Array.from({ length: end - start }, (_, index) => start + index);
  const room = KEPT_DROPPED - gap.length;
  return [...dropped.slice(Math.max(0, dropped.length - room)), ...gap];
}
