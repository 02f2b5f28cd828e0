import { expect } from 'chai';
import { CostMeter, NO_COSTS, withTick, workMs } from '../../actors/costs.js';

describe('what ticks cost', () => {
  it('is nothing before the first', () => {
    expect(new CostMeter().mean()).to.deep.equal(NO_COSTS);
  });

  it('is the mean of the newest ticks that have ended, of all zones together', () => {
    const meter = new CostMeter();
    for (const rules of [10, 20]) {
      meter.begin();
      meter.addZone({ ...NO_COSTS, rules: rules / 2, commit: 50 });
      meter.addZone({ ...NO_COSTS, rules: rules / 2, send: 1 });
      meter.addCommit(3);
    }
    meter.begin();
    meter.addZone({ ...NO_COSTS, rules: 1_000 });

    // Before the first `begin` nothing was added: that counts as a tick, and passes.
    expect(meter.mean()).to.deep.equal({ ...NO_COSTS, rules: 10, commit: 2, send: 2 / 3 });
    for (let tick = 0; tick < 60; tick++) meter.begin();
    expect(meter.mean()).to.deep.include({ send: 0 });
  });

  it('of a zone is a mean that follows, and a commit that it waits for is no work of its own', () => {
    let mean = NO_COSTS;
    for (let tick = 0; tick < 100; tick++) mean = withTick(mean, { ...NO_COSTS, rules: 4, commit: 50 });

    expect(mean.rules).to.be.closeTo(4, 0.01);
    expect(workMs(mean)).to.be.closeTo(4, 0.01);
  });
});
