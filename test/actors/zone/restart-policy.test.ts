import { expect } from 'chai';
import {
  FAILURE_WINDOW_MS,
  type FailureHistory,
  NO_FAILURES,
  onFailure,
  onReleased,
} from '../../../actors/zone/restart-policy.js';

function failAt(times: readonly number[], from: FailureHistory = NO_FAILURES) {
  let history = from;
  return times.map((atMs) => {
    const outcome = onFailure(history, atMs);
    history = outcome.history;
    return outcome;
  });
}

describe('the restart policy', () => {
  it('restarts with growing pauses', () => {
    const pauses = failAt([0, 100, 300, 900]).map(({ decision }) => decision);

    expect(pauses).to.deep.equal([50, 100, 200, 400].map((pauseMs) => ({ type: 'restart', pauseMs })));
  });

  it('quarantines at the fifth failure within a minute, for 30 s', () => {
    expect(failAt([0, 1, 2, 3, 4]).at(-1)?.decision).to.deep.equal({ type: 'quarantine', durationMs: 30_000 });
  });

  it('forgets failures that are a minute old', () => {
    expect(failAt([0, 1, 2, 3, FAILURE_WINDOW_MS + 4]).at(-1)?.decision).to.deep.equal({ type: 'restart', pauseMs: 50 });
  });

  it('doubles the quarantine each time the zone fails on its trial, up to ten minutes', () => {
    let history = failAt([0, 1, 2, 3, 4]).at(-1)?.history ?? NO_FAILURES;
    const durations: unknown[] = [];
    for (let atMs = 1_000; durations.length < 6; atMs += 1_000) {
      const outcome = onFailure(onReleased(history, atMs), atMs + 1);
      durations.push('durationMs' in outcome.decision && outcome.decision.durationMs);
      history = outcome.history;
    }

    expect(durations).to.deep.equal([60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
  });

  it('gives a zone its credit back once it has been healthy for a minute after its release', () => {
    const quarantined = failAt([0, 1, 2, 3, 4]).at(-1)?.history ?? NO_FAILURES;
    const released = onReleased(quarantined, 40_000);

    expect(onFailure(released, 40_000 + FAILURE_WINDOW_MS).decision).to.deep.equal({ type: 'restart', pauseMs: 50 });
  });
});
