import { expect } from 'chai';
import { StoreUnavailableError } from '../../../actors/errors.js';
import { newUuid, type ZoneId } from '../../../actors/ids.js';
import { Scheduler } from '../../../actors/scheduler/scheduler.js';
import type { TickFate } from '../../../actors/zone/slot.js';
import { FakeClock } from '../../support/fake-clock.js';
import { RecordingLog } from '../../support/recording-log.js';
import { RecordingTelemetry } from '../../support/recording-telemetry.js';

const INTERVAL_MS = 100;

function schedulerOver(fate: () => Promise<TickFate> = async () => 'committed') {
  const clock = new FakeClock();
  const telemetry = new RecordingTelemetry();
  const sent: number[] = [];
  const zone = newUuid<ZoneId>();
  const store = { firstTick: 1, away: false, reserveTicks: async () => (store.away ? Promise.reject(AWAY) : undefined) };
  const scheduler = new Scheduler({
    clock,
    store,
    telemetry,
    log: new RecordingLog(),
    tickIntervalMs: INTERVAL_MS,
    send: (tick) => {
      sent.push(tick);
      return new Map([[zone, fate()]]);
    },
  });
  return { clock, telemetry, sent, zone, store, scheduler };
}

const AWAY = new StoreUnavailableError('away');
const turn = () => new Promise(setImmediate);

describe('the scheduler', () => {
  it('sends numbers one after the other, one an interval', async () => {
    const { scheduler, clock, sent } = schedulerOver();
    await scheduler.start();
    await clock.advanceAsync(3 * INTERVAL_MS);

    expect(sent).to.deep.equal([1, 2, 3]);
    expect([scheduler.last, scheduler.next]).to.deep.equal([3, 4]);
    await scheduler.stop();
    expect(clock.pendingTimers).to.equal(0);
  });

  it('waits for no zone', async () => {
    const { scheduler, clock, sent } = schedulerOver(() => new Promise(() => {}));
    await scheduler.start();
    await clock.advanceAsync(3 * INTERVAL_MS);

    expect(sent).to.deep.equal([1, 2, 3]);
  });

  it('skips and counts what a process that was late missed', async () => {
    const { scheduler, clock, sent, telemetry } = schedulerOver();
    await scheduler.start();
    clock.stall(10 * INTERVAL_MS);
    await clock.advanceAsync(INTERVAL_MS);

    expect(sent).to.deep.equal([1, 2]);
    expect(scheduler.accuracy.skipped).to.equal(9);
    expect(telemetry.counts.get('ticks_skipped_total')).to.equal(9);
    await scheduler.stop();
  });

  it('is paused only when no tick runs any more, and both pause and resume may be repeated', async () => {
    let end: (fate: TickFate) => void = () => {};
    const { scheduler, clock, sent } = schedulerOver(
      () =>
        new Promise((resolve) => {
          end = resolve;
        }),
    );
    await scheduler.start();
    clock.advance(INTERVAL_MS);
    let paused = false;
    const pausing = Promise.all([scheduler.pause(), scheduler.pause()]).then(() => {
      paused = true;
    });
    await turn();
    expect([scheduler.paused, paused]).to.deep.equal([true, false]);
    end('committed');
    await pausing;
    await clock.advanceAsync(10 * INTERVAL_MS);
    expect(sent).to.deep.equal([1]);

    scheduler.resume();
    scheduler.resume();
    await clock.advanceAsync(INTERVAL_MS);

    expect(sent).to.deep.equal([1, 2]);
  });

  it('makes one tick by hand, and says what became of it', async () => {
    const { scheduler, clock, sent, zone } = schedulerOver(async () => 'failed');
    await scheduler.start();
    await scheduler.pause();
    const step = await scheduler.step();
    await clock.advanceAsync(5 * INTERVAL_MS);

    expect(step).to.deep.equal({ tick: 1, fates: new Map([[zone, 'failed']]) });
    expect(sent).to.deep.equal([1]);
  });

  it('has stopped for an operator who sees no ticks that should come, and not while it is paused', async () => {
    const { scheduler, clock } = schedulerOver();
    await scheduler.start();
    await scheduler.pause();
    await clock.advanceAsync(60_000);
    expect(scheduler.dead).to.equal(false);
    scheduler.resume();
    expect(scheduler.dead).to.equal(false);
    await clock.advanceAsync(INTERVAL_MS);
    expect(scheduler.dead).to.equal(false);
    await scheduler.stop();
  });

  it('waits at the end of its numbers until more of them are durable, and says so', async () => {
    const { scheduler, clock, store, sent } = schedulerOver();
    await scheduler.start();
    store.away = true;
    for (let i = 0; i < 1_100; i += 1) clock.advance(INTERVAL_MS);
    await turn();
    expect(sent.at(-1)).to.equal(1_000);
    expect(scheduler.dead).to.equal(true);
    expect(await scheduler.step(), 'none by hand either').to.equal(null);

    store.away = false;
    await clock.advanceAsync(2 * INTERVAL_MS);
    await clock.advanceAsync(INTERVAL_MS);

    expect(sent.slice(-2)).to.deep.equal([1_001, 1_002]);
    expect(scheduler.dead).to.equal(false);
    await scheduler.stop();
  });
});
