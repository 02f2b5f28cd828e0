import { expect } from 'chai';
import { STOP_LIMIT_MS, Stopping } from '../../src/stopping.js';
import { FakeClock } from '../support/fake-clock.js';

describe('the stop of the process', () => {
  it('stops the server once, however often it is asked, and then exits cleanly', async () => {
    const { clock, exits, stopping } = makeStopping();
    let stops = 0;
    const running = stopping.started(async () => {
      stops += 1;
    });

    stopping.ask();
    stopping.ask();
    await clock.advanceAsync(1);

    expect([running, stops, exits]).to.deep.equal([true, 1, ['clean']]);
  });

  it('is taken up as soon as there is a server, when it is asked for during the start', async () => {
    const { clock, exits, stopping } = makeStopping();
    stopping.ask();
    await clock.advanceAsync(1);
    const before = [...exits];

    const running = stopping.started(async () => {});
    await clock.advanceAsync(1);

    expect([before, running, exits]).to.deep.equal([[], false, ['clean']]);
  });

  it('is forced when it hangs', async () => {
    const { clock, exits, stopping } = makeStopping();
    stopping.started(() => new Promise(() => {}));
    stopping.ask();

    await clock.advanceAsync(STOP_LIMIT_MS - 1);
    const before = [...exits];
    await clock.advanceAsync(1);

    expect([before, exits]).to.deep.equal([[], ['the stop took too long and was forced']]);
  });

  it('is forced at the same time after the first signal, when a second one comes late', async () => {
    const { clock, exits, stopping } = makeStopping();
    stopping.started(() => new Promise(() => {}));
    stopping.ask();
    await clock.advanceAsync(STOP_LIMIT_MS - 1);

    stopping.ask();
    await clock.advanceAsync(1);

    expect(exits).to.deep.equal(['the stop took too long and was forced']);
  });

  it('is forced when the start hangs', async () => {
    const { clock, exits, stopping } = makeStopping();
    stopping.ask();

    await clock.advanceAsync(STOP_LIMIT_MS);

    expect(exits).to.deep.equal(['the stop took too long and was forced']);
  });

  it('says what went wrong when it fails', async () => {
    const { clock, exits, stopping } = makeStopping();
    stopping.started(() => Promise.reject(new Error('the disk is gone')));

    stopping.ask();
    await clock.advanceAsync(1);

    expect(exits).to.deep.equal(['the disk is gone']);
  });
});

function makeStopping() {
  const clock = new FakeClock();
  const exits: string[] = [];
  const exit = (error: unknown) => exits.push(error instanceof Error ? error.message : 'clean');
  return { clock, exits, stopping: new Stopping({ clock, exit }) };
}
