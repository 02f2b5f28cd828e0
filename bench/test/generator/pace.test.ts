import { expect } from 'chai';
import { Histogram } from '../../src/generator/histogram.js';
import { Pace } from '../../src/generator/pace.js';

const PERIOD_MS = 100;

describe('pace', () => {
  it('gives each player one turn in each period', () => {
    const pace = new Pace(130, PERIOD_MS, 1000);
    const turns: number[] = [];

    for (let nowMs = 1000; nowMs < 1000 + 5 * PERIOD_MS; nowMs++)
      pace.advance(nowMs, (player) => turns.push(player), new Histogram());

    const each = Array.from({ length: 130 }, (_, player) => Array.from({ length: 5 }, () => player));
    expect(turns.sort((a, b) => a - b)).to.deep.equal(each.flat());
  });

  it('spreads the turns over the period', () => {
    const pace = new Pace(100, PERIOD_MS, 0);
    const counts: number[] = [];

    for (let nowMs = 0; nowMs < PERIOD_MS; nowMs += 10) {
      let count = 0;
      pace.advance(nowMs, () => count++, new Histogram());
      counts.push(count);
    }

    expect(Math.max(...counts)).to.be.at.most(10);
  });

  it('makes up for a delay, and says how late it was', () => {
    const pace = new Pace(50, PERIOD_MS, 0);
    const lag = new Histogram();
    let turns = 0;

    pace.advance(60, () => turns++, lag);

    expect(turns).to.be.within(28, 32);
    expect(lag.largestMs).to.equal(60);
  });

  it('leaves out what is older than a period', () => {
    const pace = new Pace(50, PERIOD_MS, 0);
    let turns = 0;

    pace.advance(10 * PERIOD_MS, () => turns++, new Histogram());

    expect(turns).to.equal(50);
    expect(pace.nextAtMs).to.be.greaterThan(10 * PERIOD_MS);
  });
});
