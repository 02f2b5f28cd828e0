import { expect } from 'chai';
import { StoreUnavailableError } from '../../../actors/errors.js';
import { newUuid, type ZoneId } from '../../../actors/ids.js';
import { Unfolded } from '../../../actors/supervisor/unfolded.js';
import { courierWorld } from '../../support/courier-world.js';
import { FakeClock } from '../../support/fake-clock.js';
import { RecordingLog } from '../../support/recording-log.js';
import { rejection } from '../../support/rejection.js';

/** Twenty zones to fold. `fold` waits for its turn until `release` is called, and rejects while the store is away. */
function unfoldedZones() {
  const zones = Array.from({ length: 20 }, () => newUuid<ZoneId>());
  const [clock, log] = [new FakeClock(), new RecordingLog()];
  const begun: ZoneId[] = [];
  const waiting: (() => void)[] = [];
  const store = { away: false };
  const fold = async (zone: ZoneId) => {
    begun.push(zone);
    await new Promise<void>((resolve) => waiting.push(resolve));
    if (store.away) throw new StoreUnavailableError('the test says so');
  };
  const release = async () => {
    for (const proceed of waiting.splice(0)) proceed();
    await new Promise(setImmediate);
  };
  return { zones, clock, log, begun, store, release, unfolded: new Unfolded(zones, { fold, clock, log }) };
}

const nobody = () => false;

describe('zones that a kill left to be folded', () => {
  it('are folded a few at a time', async () => {
    const { zones, unfolded, begun, release, log } = unfoldedZones();
    unfolded.start(nobody);
    const begunBy: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      begunBy.push(begun.length);
      await release();
    }
    await unfolded.settleAll();

    expect(begunBy).to.deep.equal([8, 16, 20, 20]);
    expect(begun).to.deep.equal(zones);
    expect([unfolded.size, log.lines.length]).to.deep.equal([0, 1]);
  });

  it('are folded at once where somebody asks, and only once', async () => {
    const { zones, unfolded, begun, release } = unfoldedZones();
    unfolded.start(nobody);
    const last = zones.at(-1) as ZoneId; // there are twenty
    let settled = 0;
    for (const reader of [unfolded.settle(last), unfolded.settle(last)]) void reader.then(() => (settled += 1));
    expect([begun.length, settled]).to.deep.equal([9, 0]);
    for (let i = 0; i < 4; i += 1) await release();
    await unfolded.settleAll();

    expect(settled).to.equal(2);
    expect(begun).to.have.lengthOf(20);
  });

  it('do not wait for one that cannot be read: it fails for who asks for it, and is not tried for ever', async () => {
    const zones = Array.from({ length: 20 }, () => newUuid<ZoneId>());
    const [clock, log] = [new FakeClock(), new RecordingLog()];
    const corrupt = zones[3] as ZoneId; // there are twenty
    const fold = async (zone: ZoneId) => {
      if (zone === corrupt) throw new Error('version 99');
    };
    const unfolded = new Unfolded(zones, { fold, clock, log });

    unfolded.start(nobody);
    await unfolded.settleAll();

    expect(unfolded.size).to.equal(1);
    expect(await rejection(unfolded.settle(corrupt))).to.have.property('message', 'version 99');
  });

  it('are left alone where they are awake: to take one over would end what runs', async () => {
    const { zones, unfolded, begun, release } = unfoldedZones();
    const awake = new Set(zones.slice(0, 15));
    unfolded.start((zone) => awake.has(zone));
    await unfolded.settle(zones[0] as ZoneId); // there are twenty
    for (let i = 0; i < 4; i += 1) await release();

    expect(begun).to.deep.equal(zones.slice(15));
    expect(unfolded.size).to.equal(0);
  });

  it('are tried again while the store is away, and given up at a stop', async () => {
    const { unfolded, begun, store, release, clock } = unfoldedZones();
    store.away = true;
    unfolded.start(nobody);
    await release();
    await clock.advanceAsync(1_000);
    const [triedTwice] = [begun.length];
    const stopped = unfolded.stop();
    await release();
    await stopped;
    await clock.advanceAsync(5_000);

    expect(triedTwice).to.equal(16);
    expect([begun.length, unfolded.size]).to.deep.equal([16, 20]);
    expect(clock.pendingTimers).to.equal(0);
  });

  it('show what was committed of them before the kill, although nobody wakes them', async () => {
    const { world } = await courierWorld({ zoneGraceMs: 100 });
    const ann = await world.join('ann', 'a');
    await world.tick();
    await ann.intent({ type: 'crate' });
    await world.tick();
    await ann.unsubscribe();
    world.store.hold('zones.checkpoint');
    await world.tick(4);
    await world.crash();

    expect(world.actor('a')).to.equal(null);
    expect(await world.entities('a')).to.have.lengthOf(2);
    expect(world.stored.zones.get(world.zone('a'))?.live).to.equal(false);
    await world.stop();
  });
});
