import { expect } from 'chai';
import { type TickDue, TickTimer } from '../../../actors/scheduler/tick-timer.js';
import { FakeClock } from '../../support/fake-clock.js';

function started(periodMs: number, busyMs: readonly number[] = []) {
  const clock = new FakeClock();
  const dues: (TickDue & { atMs: number })[] = [];
  const timer = new TickTimer(clock, periodMs, (due) => {
    dues.push({ ...due, atMs: clock.monotonicMs() });
    clock.stall(busyMs[dues.length - 1] ?? 0);
  });
  timer.start();
  return { clock, dues, timer };
}

describe('the tick timer', () => {
  it('is due once each period', () => {
    const { clock, dues } = started(100);
    clock.advance(350);

    expect(dues.map(({ atMs }) => atMs)).to.deep.equal([100, 200, 300]);
  });

  it('does not drift by what a tick costs', () => {
    const { clock, dues } = started(100, [40, 40, 40]);
    clock.advance(400);

    expect(dues.map(({ atMs }) => atMs)).to.deep.equal([100, 200, 300, 400]);
  });

  it('skips and counts the ticks of an hour-long stall, and goes on in step', () => {
    const { clock, dues } = started(100, [3_600_000]);
    clock.advance(3_600_350);

    expect(dues.map(({ skipped }) => skipped)).to.deep.equal([0, 35_999, 0, 0]);
    expect((dues.at(-1)?.atMs ?? 0) % 100).to.equal(0);
  });

  it('tells how late a tick begins', () => {
    const { clock, dues } = started(100, [130]);
    clock.advance(100);
    clock.advance(1);

    expect(dues[1]).to.include({ driftMs: 30, skipped: 0 });
  });

  it('leaves no timer behind when it is stopped', () => {
    const { clock, timer } = started(100);
    timer.stop();

    expect(clock.pendingTimers).to.equal(0);
  });
});
