/**
 * What a client has not taken yet, judged: how far behind it is decides whether views are made for
 * it and whether it stays. Only snapshots are ever skipped.
 */

/** Beyond this, no further view is built until the client has caught up. */
export const LAGGING_BYTES = 256 * 1024;
/** Below this, it has caught up. */
export const CURRENT_BYTES = 64 * 1024;
/** Beyond this, what may not be skipped would pile up without a bound: the client is closed. */
export const TOO_SLOW_BYTES = 1024 * 1024;
/** A client that stays behind for longer is closed. */
export const LAG_LIMIT_MS = 10_000;

export function pressure(bufferedBytes: number): 'none' | 'some' | 'lagging' | 'too_slow' {
  if (bufferedBytes > TOO_SLOW_BYTES) return 'too_slow';
  if (bufferedBytes > LAGGING_BYTES) return 'lagging';
  return bufferedBytes > CURRENT_BYTES ? 'some' : 'none';
}
