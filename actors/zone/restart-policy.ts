/**
 * What follows when a zone fails: a pure function of its failure times. Growing pauses first; five
 * failures within a minute and the zone is quarantined, for 30 s, doubling to 10 minutes.
 */

export const FAILURE_WINDOW_MS = 60_000;
const FAILURES_TO_QUARANTINE = 5;
const FIRST_PAUSE_MS = 50;
export const FIRST_QUARANTINE_MS = 30_000;
const LONGEST_QUARANTINE_MS = 600_000;

/** A zone's past, oldest first. `quarantines`: how many in a row, without a healthy time between. */
export interface FailureHistory {
  readonly failedAtMs: readonly number[];
  readonly quarantines: number;
}

export type RestartDecision =
  | { readonly type: 'restart'; readonly pauseMs: number }
  | { readonly type: 'quarantine'; readonly durationMs: number };

export const NO_FAILURES: FailureHistory = { failedAtMs: [], quarantines: 0 };

/**
 * The history with a failure at `nowMs` added, and what to do. A zone fresh out of quarantine has no
 * credit: its next failure sends it back, for twice as long, until it has been healthy for a window.
 */
export function onFailure(history: FailureHistory, nowMs: number): { history: FailureHistory; decision: RestartDecision } {
  const recent = history.failedAtMs.filter((atMs) => nowMs - atMs < FAILURE_WINDOW_MS);
  const healthy = history.failedAtMs.length > 0 && recent.length === 0;
  const quarantines = healthy ? 0 : history.quarantines;
  const failedAtMs = [...recent, nowMs];
  if (failedAtMs.length < FAILURES_TO_QUARANTINE && quarantines === 0) {
    const pauseMs = FIRST_PAUSE_MS * 2 ** (failedAtMs.length - 1);
    return { history: { failedAtMs, quarantines }, decision: { type: 'restart', pauseMs } };
  }
  const durationMs = Math.min(FIRST_QUARANTINE_MS * 2 ** quarantines, LONGEST_QUARANTINE_MS);
  return { history: { failedAtMs: [], quarantines: quarantines + 1 }, decision: { type: 'quarantine', durationMs } };
}

/** Out of quarantine: on trial from now. */
export function onReleased(history: FailureHistory, nowMs: number): FailureHistory {
  return { failedAtMs: [nowMs], quarantines: history.quarantines };
}
