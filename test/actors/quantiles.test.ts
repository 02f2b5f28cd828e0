import { expect } from 'chai';
import fc from 'fast-check';
import { RollingQuantile } from '../../actors/quantiles.js';

describe('rolling quantile', () => {
  it('is 0 before the first sample', () => {
    const quantiles = new RollingQuantile();

    expect([quantiles.last, quantiles.quantile(0.5), quantiles.quantile(0.99)]).to.deep.equal([0, 0, 0]);
  });

  it('knows the newest sample, the middle one and the high ones', () => {
    const quantiles = new RollingQuantile(100);
    for (let ms = 100; ms >= 1; ms -= 1) quantiles.add(ms);

    expect(quantiles.last).to.equal(1);
    expect([0, 0.5, 0.99, 1].map((q) => quantiles.quantile(q))).to.deep.equal([1, 50, 99, 100]);
  });

  it('forgets what is older than its window, and agrees with sorting it', () => {
    const samples = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 20 }), fc.double({ min: 0, max: 1, noNaN: true }), (all, size, q) => {
        const quantiles = new RollingQuantile(size);
        for (const ms of all) quantiles.add(ms);

        const window = all.slice(-size).sort((a, b) => a - b);
        expect(quantiles.quantile(q)).to.equal(window[Math.max(0, Math.ceil(q * window.length) - 1)]);
      }),
    );
  });
});
