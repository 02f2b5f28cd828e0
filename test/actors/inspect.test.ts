import { expect } from 'chai';
import type { Simulation } from '../../actors/ports.js';
import type { StepAnswer, StepRequest } from '../../actors/steps.js';
import { courierWorld } from '../support/courier-world.js';

describe('the actor tree', () => {
  it('names the slowest zones first, with what their ticks cost', async () => {
    const rulesMs = new Map<string, number>();
    const { world } = await courierWorld({ zones: ['a', 'b', 'c'], lyingSimulation: (real) => taking(real, rulesMs) });
    for (const [zone, ms] of Object.entries({ a: 2, b: 40, c: 7 })) {
      rulesMs.set(world.zone(zone), ms);
      await world.join(`player of ${zone}`, zone);
    }
    await world.tick(3);

    const slowest = world.world.actors().slowest_zones as readonly { name: string; timings: { rules_ms: number } }[]; // a detail of the root's

    expect(slowest.map(({ name }) => name)).to.deep.equal(['b', 'c', 'a']);
    expect(slowest.map(({ timings }) => timings.rules_ms)).to.deep.equal([40, 7, 2]);
    expect(world.world.status().tick.costs_ms.rules).to.be.above(20);
    await world.stop();
  });
});

/** The simulation, with the time that the game's rules are said to take in each zone. */
function taking(real: Simulation, rulesMs: ReadonlyMap<string, number>): Simulation {
  const step = async (request: StepRequest): Promise<StepAnswer> => {
    const answer = await real.step(request);
    return { ...answer, timings: { ...answer.timings, rulesMs: rulesMs.get(request.zone) ?? 0 } };
  };
  return new Proxy(real, {
    get(target, name) {
      if (name === 'step') return step;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
