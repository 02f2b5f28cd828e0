import { expect } from 'chai';
import { Histogram } from '../../src/generator/histogram.js';

describe('histogram', () => {
  it('answers quantiles to a tenth of a millisecond', () => {
    const histogram = new Histogram();

    for (let ms = 1; ms <= 100; ms++) histogram.add(ms + 0.04);

    expect([0.5, 0.99, 1].map((share) => histogram.quantile(share))).to.deep.equal([50, 99, 100]);
    expect(histogram.total).to.equal(100);
  });

  it('answers null where there is nothing', () => {
    expect(new Histogram().quantile(0.5)).to.equal(null);
  });

  it('counts what lies beyond its ends at its ends', () => {
    const histogram = new Histogram();

    histogram.add(-1);
    histogram.add(1e9);

    expect([histogram.quantile(0.5), histogram.quantile(1)]).to.deep.equal([0, 20_000]);
    expect(histogram.largestMs).to.equal(1e9);
  });
});
