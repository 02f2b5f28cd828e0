import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { OwnDelay } from '../../../src/tools/own-delay.js';

describe('the delay of a tool itself', () => {
  it('is as long as what held it up, and is not measured after its stop', async () => {
    const delay = new OwnDelay();
    await pause(30);
    const until = performance.now() + 100;
    while (performance.now() < until);
    await pause(30);
    delay.stop();
    const { count } = delay.spread;
    await pause(50);

    expect(delay.spread.quantile(1)).to.be.above(70);
    expect(delay.spread.count).to.equal(count);
  });
});
