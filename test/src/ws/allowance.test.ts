/** What one socket may send before it is refused, and before it is closed. */
import { expect } from 'chai';
import { Allowance } from '../../../src/ws/allowance.js';
import { FakeClock } from '../../support/fake-clock.js';

const SETTINGS = { maxMessagesPerSecond: 300, maxMessageBytes: 100 };

describe('allowance of a socket', () => {
  it('takes the messages of a second, refuses the surplus, and calls ten times as many a flood', () => {
    const allowance = new Allowance(SETTINGS, new FakeClock());

    const judged = Array.from({ length: 3001 }, () => allowance.message(1, 0));

    expect(judged.filter((one) => one === 'within')).to.have.length(300);
    expect(judged.filter((one) => one === 'surplus')).to.have.length(2700);
    expect(judged.at(-1)).to.equal('flood');
  });

  it('counts pings and pongs with the surplus, and not against the messages', () => {
    const clock = new FakeClock();
    const allowance = new Allowance(SETTINGS, clock);

    const frames = Array.from({ length: 2701 }, () => allowance.frame(clock.monotonicMs()));

    expect(frames.lastIndexOf(true)).to.equal(2699);
    expect(allowance.message(1, clock.monotonicMs())).to.equal('within');
  });

  it('reads no more of the surplus than the longest messages within the limit would be', () => {
    const clock = new FakeClock();
    const allowance = new Allowance(SETTINGS, clock);
    for (let sent = 0; sent < 300; sent++) allowance.message(100, clock.monotonicMs());

    const judged = Array.from({ length: 301 }, () => allowance.message(100, clock.monotonicMs()));

    expect(judged.indexOf('flood')).to.equal(300);
  });

  it('forgives with time', () => {
    const clock = new FakeClock();
    const allowance = new Allowance(SETTINGS, clock);
    while (allowance.message(1, clock.monotonicMs()) !== 'flood');

    clock.advance(1000);

    expect(allowance.message(1, clock.monotonicMs())).to.equal('within');
  });
});
