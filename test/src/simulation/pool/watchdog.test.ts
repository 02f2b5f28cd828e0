import { expect } from 'chai';
import { CHANGES, RUNNING } from '../../../../src/simulation/pool/protocol.js';
import { Watchdog } from '../../../../src/simulation/pool/watchdog.js';
import { FakeClock } from '../../../support/fake-clock.js';

const BUDGET_MS = 1_000;
const GROWTH_MB = 100;

function watched() {
  const busy = new Int32Array(new SharedArrayBuffer(8));
  const clock = new FakeClock();
  const ends: string[] = [];
  let residentMb = 500;
  const watchdog = new Watchdog({
    ...{ busy, clock, budgetMs: BUDGET_MS, growthMb: GROWTH_MB, residentMb: () => residentMb },
    onHang: (mark) => ends.push(`hang ${mark}`),
    onGrowth: (mark) => ends.push(`growth ${mark}`),
  });
  watchdog.start();
  const runs = (mark: number) => {
    busy[RUNNING] = mark;
    busy[CHANGES] = (busy[CHANGES] ?? 0) + 1;
  };
  const grow = (megabytes: number) => {
    residentMb += megabytes;
  };
  return { clock, ends, runs, grow, watchdog };
}

describe('the watchdog of a worker', () => {
  it('names whose code has not come back for the budget', () => {
    const { clock, ends, runs } = watched();
    runs(7);
    clock.advance(BUDGET_MS);
    expect(ends).to.deep.equal([]);
    clock.advance(BUDGET_MS);

    expect(ends).to.deep.equal(['hang 7']);
  });

  it('lets one run after another as long as they like, and nobody for ever', () => {
    const { clock, ends, runs, watchdog } = watched();
    for (let mark = 1; mark <= 20; mark++) {
      runs(mark);
      clock.advance(BUDGET_MS * 0.7);
    }
    runs(0);
    clock.advance(BUDGET_MS * 10);
    expect(ends).to.deep.equal([]);
    runs(3);
    watchdog.stop();
    clock.advance(BUDGET_MS * 10);

    expect(ends).to.deep.equal([]);
  });

  it('names who runs while the process grows beyond measure, and nobody who came later', () => {
    const { clock, ends, runs, grow } = watched();
    runs(4);
    clock.advance(BUDGET_MS / 2);
    grow(GROWTH_MB * 2);
    runs(5);
    clock.advance(BUDGET_MS / 2);
    grow(GROWTH_MB / 2);
    clock.advance(BUDGET_MS / 4);
    expect(ends).to.deep.equal([]);
    grow(GROWTH_MB);
    clock.advance(BUDGET_MS / 4);

    expect(ends).to.deep.equal(['growth 5']);
  });
});
