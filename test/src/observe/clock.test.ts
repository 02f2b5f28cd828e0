import { expect } from 'chai';
import { SystemClock } from '../../../src/observe/clock.js';

describe('system clock', () => {
  it('has a monotonic time that does not go back, and the time of day', () => {
    const clock = new SystemClock();

    const first = clock.monotonicMs();

    expect(clock.monotonicMs()).to.be.at.least(first);
    expect(new Date(clock.epochMs()).getUTCFullYear()).to.be.at.least(2025);
  });

  it('calls once the delay is over', async () => {
    const clock = new SystemClock();

    await new Promise<void>((resolve) => void clock.after(1, resolve));
  });

  it('does not call what was cancelled', async () => {
    const clock = new SystemClock();

    clock.after(0, () => expect.fail('called'))();

    await new Promise<void>((resolve) => void clock.after(2, resolve));
  });

  it('waits for a time that is further away than a timer of Node reaches', async () => {
    const clock = new SystemClock();

    const cancel = clock.after(90 * 86_400_000, () => expect.fail('called at once'));

    await new Promise<void>((resolve) => void clock.after(5, resolve));
    cancel();
  });
});
