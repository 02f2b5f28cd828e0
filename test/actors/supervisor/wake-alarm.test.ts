import { expect } from 'chai';
import { newUuid, type ZoneId } from '../../../actors/ids.js';
import { WakeAlarm } from '../../../actors/supervisor/wake-alarm.js';
import { courierGame, type TickSeen } from '../../support/courier-game.js';
import { FakeClock } from '../../support/fake-clock.js';
import { TestWorld } from '../../support/world.js';

/** Sleeping zones with their wishes; what is woken has none any more. */
function alarmOver(wishes: ReadonlyMap<ZoneId, number>) {
  const clock = new FakeClock();
  const startMs = clock.epochMs();
  const asleep = new Map([...wishes].map(([zone, inMs]) => [zone, startMs + inMs]));
  const woken: { readonly zone: ZoneId; readonly atMs: number }[] = [];
  const catalog = {
    failures: 0,
    reads: 0,
    async due(nowMs: number) {
      catalog.reads += 1;
      if (catalog.failures-- > 0) throw new Error('away');
      return [...asleep].filter(([, atMs]) => atMs <= nowMs).map(([zone]) => zone);
    },
    async nextWake(afterMs: number) {
      const later = [...asleep.values()].filter((atMs) => atMs > afterMs);
      return later.length === 0 ? null : Math.min(...later);
    },
  };
  const wake = (zones: readonly ZoneId[]) => {
    for (const zone of zones) {
      asleep.delete(zone);
      woken.push({ zone, atMs: clock.epochMs() - startMs });
    }
  };
  return { clock, startMs, asleep, woken, catalog, alarm: new WakeAlarm({ catalog, clock, wake }) };
}

const zoneOf = () => newUuid<ZoneId>();

describe('the wake alarm', () => {
  it('wakes what is due at a start, and each zone at its time, with one timer', async () => {
    const [now, soon, later] = [zoneOf(), zoneOf(), zoneOf()];
    const { alarm, clock, woken } = alarmOver(
      new Map([
        [later, 5_000],
        [now, -1],
        [soon, 2_000],
      ]),
    );
    await alarm.start();
    expect(clock.pendingTimers).to.equal(1);
    await clock.advanceAsync(10_000);

    expect(woken).to.deep.equal([
      { zone: now, atMs: 0 },
      { zone: soon, atMs: 2_000 },
      { zone: later, atMs: 5_000 },
    ]);
    expect(clock.pendingTimers).to.equal(0);
  });

  it('stands at the earlier time when a zone goes to sleep with one', async () => {
    const [early, late] = [zoneOf(), zoneOf()];
    const { alarm, clock, startMs, asleep, woken } = alarmOver(new Map([[late, 50_000]]));
    await alarm.start();
    asleep.set(early, startMs + 3_000);
    alarm.consider(startMs + 3_000);
    await clock.advanceAsync(60_000);

    expect(woken.map(({ atMs }) => atMs)).to.deep.equal([3_000, 50_000]);
  });

  it('stays at the earlier time when a zone goes to sleep with a later one', async () => {
    const { alarm, clock, startMs, woken } = alarmOver(new Map([[zoneOf(), 3_000]]));
    await alarm.start();
    alarm.consider(startMs + 50_000);
    await clock.advanceAsync(4_000);

    expect(woken.map(({ atMs }) => atMs)).to.deep.equal([3_000]);
  });

  it('notices within a minute that the clock was set', async () => {
    const zone = zoneOf();
    const { alarm, clock, woken } = alarmOver(new Map([[zone, 86_400_000]]));
    await alarm.start();
    clock.jumpEpoch(86_400_000);
    await clock.advanceAsync(60_000);

    expect(woken.map((one) => one.zone)).to.deep.equal([zone]);
  });

  it('asks again while the store is away, and leaves no timer behind', async () => {
    const zone = zoneOf();
    const { alarm, clock, catalog, woken } = alarmOver(new Map([[zone, 1_000]]));
    await alarm.start();
    catalog.failures = 3;
    await clock.advanceAsync(10_000);

    expect(woken).to.have.lengthOf(1);
    expect(clock.pendingTimers).to.equal(0);
  });

  it('has one timer, also when a zone goes to sleep during a reading that fails', async () => {
    const { alarm, clock, catalog, startMs } = alarmOver(new Map([[zoneOf(), 1_000]]));
    await alarm.start();
    catalog.failures = 1;
    clock.advance(1_000);
    alarm.consider(startMs + 2_000);
    await clock.advanceAsync(0);
    expect(clock.pendingTimers).to.equal(1);
    alarm.stop();

    expect(clock.pendingTimers).to.equal(0);
  });

  it('says nothing any more once it is stopped, in the middle of a reading too', async () => {
    const { alarm, clock, woken, catalog, startMs } = alarmOver(new Map([[zoneOf(), 1_000]]));
    await alarm.start();
    catalog.failures = 1;
    clock.advance(1_000);
    alarm.consider(startMs + 2_000);
    alarm.stop();
    await clock.advanceAsync(60_000);

    expect(woken).to.deep.equal([]);
    expect(clock.pendingTimers).to.equal(0);
  });

  it('runs a sleeping zone at the time that it wished for, over a restart too', async () => {
    for (const restarts of [false, true]) {
      const seen: TickSeen[] = [];
      const world = await TestWorld.create(courierGame({ seen }), { zoneGraceMs: 200 });
      const ann = await world.join('ann', 'a');
      await ann.intent({ type: 'wake', inMs: 5_000 });
      await world.tick();
      const wokenAtMs = world.clock.epochMs() + 5_000;
      await ann.unsubscribe();
      await world.tick(10);
      expect(world.actor('a')).to.equal(null);
      if (restarts) await world.crash(500);
      seen.length = 0;

      while (world.clock.epochMs() < wokenAtMs) await world.tick();
      await world.tick(2);

      expect(seen.map(({ zone }) => zone)).to.include('a');
      await world.tick(10);
      expect(world.actor('a'), 'the wish is used up').to.equal(null);
      await world.stop();
    }
  });
});
