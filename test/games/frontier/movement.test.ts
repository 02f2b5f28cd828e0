import { expect } from 'chai';
import fc from 'fast-check';
import { stepOf, velocityOf } from '../../../games/frontier/movement.js';

describe('frontier: movement', () => {
  it('makes a wish a step of whole centimetres', () => {
    expect(stepOf({ x: 1, z: 0 }, 600, 50)).to.deep.equal({ x: 30, z: 0 });
    expect(stepOf({ x: 0, z: -0.5 }, 600, 50)).to.deep.equal({ x: 0, z: -15 });
  });

  it('walks no faster diagonally', () => {
    expect(stepOf({ x: 1, z: 1 }, 600, 50)).to.deep.equal({ x: 21, z: 21 });
  });

  it('never goes further than the speed allows, whatever is wished', () => {
    const part = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(part, part, fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 1000 }), (x, z, speed, tickMs) => {
        const step = stepOf({ x, z }, speed, tickMs);

        expect([step.x, step.z].every(Number.isInteger)).to.equal(true);
        expect(Math.sqrt(step.x ** 2 + step.z ** 2)).to.be.at.most((speed * tickMs) / 1000 + 1e-9);
        expect(Object.is(step.x, -0) || Object.is(step.z, -0)).to.equal(false);
      }),
    );
  });

  it('tells a velocity in centimetres a second', () => {
    expect(velocityOf(-30, 50)).to.equal(-600);
  });
});
