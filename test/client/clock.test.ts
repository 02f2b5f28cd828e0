/** A clock that follows the server's. */
import { expect } from 'chai';
import { ServerClock } from '../../client/clock.js';

describe('server clock', () => {
  it('knows nothing before the first answer', () => {
    const clock = new ServerClock(() => 5);
    clock.sample(Number.NaN, 0, 1);

    expect(clock.now()).to.equal(null);
    expect(clock.uncertaintyMs).to.equal(null);
  });

  it('believes the shortest round trip most, and says how wrong it can be', () => {
    let nowMs = 0;
    const clock = new ServerClock(() => nowMs);

    clock.sample(1_000_050, 0, 100);
    clock.sample(1_000_290, 200, 220);
    nowMs = 300;

    expect(clock.now()).to.equal(1_000_380);
    expect(clock.uncertaintyMs).to.equal(10);
  });

  it('follows a clock that drifts, and does not go back for it', () => {
    let nowMs = 0;
    const clock = new ServerClock(() => nowMs);
    clock.sample(1000, 0, 0);
    nowMs = 100;
    const before = clock.now();

    for (let n = 0; n < 8; n++) clock.sample(1060, 100, 100);
    const held = clock.now();
    nowMs = 200;

    expect([before, held, clock.now()]).to.deep.equal([1100, 1100, 1160]);
  });

  it('goes back with a clock that was set', () => {
    const clock = new ServerClock(() => 0);
    clock.sample(3_600_000, 0, 0);
    clock.now();

    for (let n = 0; n < 8; n++) clock.sample(0, 0, 0);

    expect(clock.now()).to.equal(0);
  });
});
