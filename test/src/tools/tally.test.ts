/** What the bots saw, added up. */
import { expect } from 'chai';
import { milliseconds, Spread } from '../../../src/tools/spread.js';
import { Tally } from '../../../src/tools/tally.js';

describe('tally', () => {
  it('counts the ticks that are missing between two', () => {
    const tally = new Tally();
    for (const by of [1, 1, 3, 1, 2]) tally.step(by);

    expect(tally.missed).to.equal(3);
  });

  it('takes the smallest step for the regular one, where a server sends every Nth tick only', () => {
    const tally = new Tally();
    for (const by of [5, 5, 10, 5]) tally.step(by);

    expect(tally.missed).to.equal(1);
  });

  it('fails for missed ticks, errors, and when nothing came at all', () => {
    const good = new Tally();
    good.ticks = 2;
    good.step(1);
    const missing = new Tally();
    missing.ticks = 2;
    missing.step(1);
    missing.step(2);
    const erring = new Tally();
    erring.ticks = 2;
    erring.error('rate_limited');

    expect([good.failed, missing.failed, erring.failed, new Tally().failed]).to.deep.equal([false, true, true, true]);
  });

  it('sums up with errors by code', () => {
    const tally = new Tally();
    tally.error('rate_limited');
    tally.error('rate_limited');
    tally.error('closed_1006');
    for (const ms of [10, 10, 10, 1000]) tally.intervals.add(ms);

    const summary = tally.summary(5, 30);

    expect(summary).to.include('rate_limited 2, closed_1006 1');
    expect(summary).to.match(/tick interval +p50 (10\.\d|9\.\d+) ms +p99 (9|10)\d\d ms/);
    expect(new Tally().summary(1, 1)).to.include('errors              none').and.include('p50 –');
  });
});

describe('spread', () => {
  it('knows quantiles to two percent', () => {
    const spread = new Spread();
    for (let ms = 1; ms <= 1000; ms++) spread.add(ms);

    expect(spread.count).to.equal(1000);
    expect(spread.quantile(0.5)).to.be.closeTo(500, 10);
    expect(spread.quantile(0.99)).to.be.closeTo(990, 20);
    expect(new Spread().quantile(0.5)).to.equal(null);
  });

  it('takes durations of every size', () => {
    const spread = new Spread();
    for (const ms of [0, 1e-9, 1e12]) spread.add(ms);

    expect(spread.quantile(1)).to.be.greaterThan(1e6);
  });

  it('is written with as many digits as it has', () => {
    expect([1.234, 12.34, 1234.5, null].map(milliseconds)).to.deep.equal(['1.23 ms', '12.3 ms', '1235 ms', '–']);
  });
});
