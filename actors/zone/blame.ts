/**
 * Whose fault a failed tick was. It is run again in parts, on what was committed and with nothing kept:
 * without its inbox, without its intents, then with fewer and fewer of them, until one intent is left
 * without which it succeeds. A search of n intents takes about log n runs, and is given up when it takes too long.
 */
import type { StepRequest } from '../steps.js';

export type Blame =
  /** This intent of the request fails the tick; `error` is what it does. */
  | { readonly type: 'intent'; readonly index: number; readonly error: string }
  | { readonly type: 'inbox' }
  /** The tick fails without either, or nobody could be shown to be the cause. */
  | { readonly type: 'zone' };

/** Runs a part of the tick on a scratch copy; null: it succeeds, else what went wrong. */
export type Probe = (part: StepRequest) => Promise<string | null>;

const ZONE: Blame = { type: 'zone' };

/** `isLate` is asked between two runs. */
export async function findBlame(request: StepRequest, probe: Probe, isLate: () => boolean): Promise<Blame> {
  const whole: StepRequest = { ...request, viewers: [] };
  const alone: StepRequest = { ...whole, inbox: [] };
  const takesInbox = whole.inbox.length > 0 && (await probe(alone)) === null;
  // Rows that harm nothing by themselves stay: it is what somebody does with them.
  if (takesInbox && (await probe({ ...whole, intents: [] })) !== null) return { type: 'inbox' };
  const tick = takesInbox ? whole : alone;
  if (tick.intents.length === 0 || isLate()) return ZONE;
  const first = (count: number) => probe({ ...tick, intents: tick.intents.slice(0, count) });
  if ((await first(0)) !== null) return ZONE;
  // The first `good` succeed together, the first `bad` do not.
  let good = 0;
  let bad = tick.intents.length;
  let error = await first(bad);
  // It did fail, with all of them: a game that succeeds now is not told by its intents.
  if (error === null) return ZONE;
  while (bad - good > 1) {
    if (isLate()) return ZONE;
    const half = (good + bad) >> 1;
    const failed = await first(half);
    if (failed === null) good = half;
    else [bad, error] = [half, failed];
  }
  return { type: 'intent', index: bad - 1, error };
}
