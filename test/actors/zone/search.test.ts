import { expect } from 'chai';
import { GameStepError, HostLostError } from '../../../actors/errors.js';
import type { ZoneId } from '../../../actors/ids.js';
import type { Simulation } from '../../../actors/ports.js';
import { courierWorld } from '../../support/courier-world.js';
import { overlaid } from '../../support/ports.js';

/** A tick of this zone that was asked for something does not come back, and its host goes with it. */
function hanging(simulation: Simulation, zone: () => ZoneId | null): Simulation {
  return overlaid(simulation, {
    async step(request) {
      if (request.zone === zone() && request.intents.length > 0)
        throw new GameStepError(request.zone, request.tick, 'it did not come back');
      return simulation.step(request);
    },
    async probe(request) {
      if (request.zone === zone()) throw new HostLostError(request.zone);
      return simulation.probe(request);
    },
  });
}

describe('the search for what failed a tick', () => {
  it('that has lost its zone’s host knows the epoch that it raised, and nobody else is to suffer for what came meanwhile', async () => {
    let culprit: ZoneId | null = null;
    const lyingSimulation = (simulation: Simulation) => hanging(simulation, () => culprit);
    const { world, failAgain } = await courierWorld({ zones: ['a', 'b', 'c'], lyingSimulation });
    const [ann, bob, cid] = [await world.join('ann', 'a'), await world.join('bob', 'b'), await world.join('cid', 'c')];
    await world.tick();
    await failAgain('b', 4);
    await world.pass(1_000);
    const release = world.store.hold('zones.claim');
    world.store.fail('zones.claim', 'unknown');
    culprit = world.zone('b');
    await bob.intent({ type: 'note', note: 'the fifth failure' });
    await world.tick();
    await ann.intent({ type: 'go', to: world.zone('b') });
    await world.tick();
    culprit = null;
    release();
    await world.tick(6);

    expect(world.actor('b')).to.deep.include({ state: 'quarantined', inbox_length: 0 });
    expect(ann.last('tick')?.zone_id, 'it came back').to.equal(world.zone('a'));
    await ann.subscribe(world.zone('c'));
    await world.tick(2);
    cid.clear();
    await world.tick(3);
    expect(cid.ticks()).to.have.lengthOf(3);
    expect(world.actor('c')?.restarts).to.equal(0);
    expect(ann.last('tick')?.zone_id).to.equal(world.zone('c'));
    await world.stop();
  });
});
