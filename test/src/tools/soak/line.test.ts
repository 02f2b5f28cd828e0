import { expect } from 'chai';
import fc from 'fast-check';
import { lineThrough } from '../../../../src/tools/soak/line.js';

describe('a line through points', () => {
  it('is the line that they lie on', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e3, max: 1e3 }), fc.integer({ min: -1e6, max: 1e6 }), (slope, start) => {
        const line = lineThrough([1, 2, 5, 7].map((x) => [x, start + slope * x]));

        expect(line.slope).to.be.closeTo(slope, 1e-6);
        expect(line.error).to.be.closeTo(0, 1e-6);
      }),
    );
  });

  it('is flat through what only goes up and down, and says how sure that is', () => {
    const line = lineThrough(Array.from({ length: 100 }, (_, x) => [x, x % 2 === 0 ? 1 : -1]));

    expect(Math.abs(line.slope)).to.be.below(2 * line.error);
    expect(line.error).to.be.within(0.001, 0.01);
  });
});
