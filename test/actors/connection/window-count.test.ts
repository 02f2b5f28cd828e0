import { expect } from 'chai';
import { WindowCount } from '../../../actors/connection/window-count.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('a count of what came lately', () => {
  it('counts what came within the window, and forgets the rest', () => {
    const clock = new FakeClock();
    const count = new WindowCount(1000, clock);

    const counts = [0, 400, 400, 400, 5000].map((pauseMs) => {
      clock.advance(pauseMs);
      return count.add();
    });

    expect(counts).to.deep.equal([1, 2, 3, 3, 1]);
  });
});
