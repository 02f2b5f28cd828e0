import { expect } from 'chai';
import { NO_COSTS } from '../../actors/costs.js';
import { newUuid, type ZoneId } from '../../actors/ids.js';
import { type Happening, Recorder } from '../../actors/recorder.js';
import { courierWorld } from '../support/courier-world.js';

const [HERE, THERE] = [newUuid<ZoneId>(), newUuid<ZoneId>()];

function tick(zone: ZoneId, number: number): Happening {
  return { type: 'tick', zone, tick: number, atMs: number, costs: NO_COSTS };
}

describe('a recording of the world', () => {
  it('has the ticks of the zones that are followed, and the failures of all', () => {
    const recorder = new Recorder();
    const recording = recorder.open();
    recording.follow([HERE]);
    const failure: Happening = { type: 'failed', zone: THERE, atMs: 3, message: 'broken' };

    for (const happening of [tick(HERE, 1), tick(THERE, 1), failure, tick(HERE, 2)]) recorder.record(happening);

    expect(recording.take()).to.deep.equal({ happenings: [tick(HERE, 1), failure, tick(HERE, 2)], lost: 0 });
    expect(recording.take()).to.deep.equal({ happenings: [], lost: 0 });
  });

  it('is nobody’s any more when it is closed, and costs nothing then', () => {
    const recorder = new Recorder();
    const before = recorder.watched;
    const [one, other] = [recorder.open(), recorder.open()];
    one.close();
    const between = recorder.watched;
    other.close();

    recorder.record({ type: 'failed', zone: HERE, atMs: 1, message: 'unseen' });

    expect([before, between, recorder.watched]).to.deep.equal([false, true, false]);
    expect(other.take().happenings).to.deep.equal([]);
  });

  it('keeps the newest when nobody fetches it, and says how much is lost', () => {
    const recorder = new Recorder();
    const recording = recorder.open();
    recording.follow([HERE]);

    for (let number = 1; number <= 25_000; number += 1) recorder.record(tick(HERE, number));

    const { happenings, lost } = recording.take();
    expect([happenings.length + lost, happenings.at(-1)]).to.deep.equal([25_000, tick(HERE, 25_000)]);
    expect(happenings.length).to.be.lessThan(20_001);
  });

  it('has what a world does while somebody looks', async () => {
    const { world, fail } = await courierWorld();
    const ann = await world.join('ann', 'a');
    const recording = world.world.watch();
    recording.follow([world.zone('a')]);

    await world.tick();
    await ann.intent({ type: 'go', to: world.zone('b') });
    await world.tick(2);
    await fail('a');

    const types = recording.take().happenings.map(({ type, zone }) => `${type} ${zone === world.zone('a') ? 'a' : 'b'}`);
    expect(types).to.deep.equal(['tick a', 'handover a', 'tick a', 'tick a', 'failed a']);
    recording.close();
    await world.stop();
  });
});
