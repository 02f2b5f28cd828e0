import { expect } from 'chai';
import type { WindowFigures } from '../../src/generator/orders.js';
import { highestHeld, isHeld, ladder } from '../../src/measure/hold.js';

const RUNGS = ladder(500, 6000);

describe('players held', () => {
  for (const limit of [0, 499, 500, 2750, 4500, 6000, 9000]) {
    it(`are found where ${limit} are too many or just enough`, async () => {
      const held = await highestHeld(RUNGS, async (players) => players <= limit);

      expect(held).to.equal(RUNGS.filter((rung) => rung <= limit).at(-1) ?? null);
    });
  }

  it('are tried a few times only', async () => {
    const tried: number[] = [];

    await highestHeld(RUNGS, async (players) => tried.push(players) > 0 && players <= 3000);

    expect(tried.length).to.be.at.most(5);
  });

  it('must be held twice: a rung passed by luck gives way to the next lower one', async () => {
    const passes = new Map<number, number>();

    const held = await highestHeld(RUNGS, async (players) => {
      const before = passes.get(players) ?? 0;
      passes.set(players, before + 1);
      return players <= 2500 || (players === 3000 && before === 0);
    });

    expect(held).to.equal(2500);
  });

  it('are the rungs of the ladder', () => {
    expect(ladder(500, 1700)).to.deep.equal([500, 1000, 1500]);
  });
});

describe('a window', () => {
  const good: WindowFigures = {
    players: 1000,
    windowMs: 8000,
    states: 80_000,
    bytesPerState: 8000,
    delivered: 0.995,
    intervalP50Ms: 100,
    intervalP99Ms: 149,
    latencyP50Ms: null,
    latencyP99Ms: null,
    serverCpuMs: 2000,
    generatorCpu: 0.4,
    paceLagP99Ms: 1,
    errors: 0,
    lost: 0,
    firstLoss: null,
  };

  it('is held with 99 % delivered, in time, to everybody', () => {
    expect(isHeld(good, 100)).to.equal(true);
  });

  it('is not held when states are missing, late, or players are lost', () => {
    expect(isHeld({ ...good, delivered: 0.989 }, 100)).to.equal(false);
    expect(isHeld({ ...good, intervalP99Ms: 150 }, 100)).to.equal(false);
    expect(isHeld({ ...good, intervalP99Ms: null }, 100)).to.equal(false);
    expect(isHeld({ ...good, lost: 1 }, 100)).to.equal(false);
  });
});
