import { expect } from 'chai';
import { FakeClock } from './fake-clock.js';

describe('fake clock', () => {
  it('fires what becomes due in order, each at its own time, timers set on the way included', () => {
    const clock = new FakeClock(1_000);
    const log: (string | number)[] = [];
    clock.after(20, () => log.push('b', clock.monotonicMs()));
    clock.after(10, () => {
      log.push('a', clock.epochMs());
      clock.after(10, () => log.push('c', clock.monotonicMs()));
    });
    clock.after(31, () => log.push('late'));

    clock.advance(30);

    expect(log).to.deep.equal(['a', 1_010, 'b', 20, 'c', 20]);
    expect([clock.monotonicMs(), clock.pendingTimers]).to.deep.equal([30, 1]);
  });

  it('does not fire what was cancelled', () => {
    const clock = new FakeClock();
    const cancel = clock.after(10, () => expect.fail('fired'));

    cancel();
    clock.advance(10);

    expect(clock.pendingTimers).to.equal(0);
  });

  it('lets promises settle between timers when asked to', async () => {
    const clock = new FakeClock();
    let ticks = 0;
    const loop = async (): Promise<void> => {
      for (; ticks < 3; ticks += 1) await new Promise<void>((resolve) => void clock.after(10, resolve));
    };

    const done = loop();
    await clock.advanceAsync(30);
    await done;

    expect(ticks).to.equal(3);
  });

  it('stalls: the time is over before the first timer fires', () => {
    const clock = new FakeClock();
    const firedAt: number[] = [];
    clock.after(10, () => firedAt.push(clock.monotonicMs()));

    clock.stall(3_600_000);

    expect(firedAt).to.deep.equal([3_600_000]);
  });

  it('jumps in wall time without any time passing', () => {
    const clock = new FakeClock(0);

    clock.jumpEpoch(-86_400_000);

    expect([clock.epochMs(), clock.monotonicMs()]).to.deep.equal([-86_400_000, 0]);
  });
});
