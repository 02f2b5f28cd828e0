import { expect } from 'chai';
import { isolate } from './isolation.js';
import * as planted from './planted.js';
import { simulate } from './simulation.js';
import type { PlantedLies } from './stage.js';

/** Not every run comes by every bug: from where one is known to, within so many seeds one does. */
const SEEDS = 40;

/** The first line that finds something, over as many seeds as it takes. */
async function found(
  run: (seed: number) => Promise<{ readonly broken: readonly string[] }>,
  line: RegExp,
  from = 1,
): Promise<string | null> {
  for (let seed = from; seed < from + SEEDS; seed += 1) {
    const finding = (await run(seed)).broken.find((fault) => line.test(fault));
    if (finding) return finding;
  }
  return null;
}

const WENT_BACK = /^1: .* (two pasts|went back|became)/;

/** A checker that finds nothing is worth nothing: each of these servers breaks one promise. */
describe('a simulation with a bug planted in it', function () {
  this.timeout(60_000);

  const cases: readonly (readonly [bug: string, lies: PlantedLies, line: RegExp, from?: number])[] = [
    ['a tick that is shown before it is durable', planted.answersBeforeItWrites, WENT_BACK, 68],
    ['a last commit that a kill takes back', planted.losesTheLastCommit, WENT_BACK],
    ['an entity that has arrived and is still on its way', planted.takesAndLeaves, /^2: entity .* is in /],
    ['an entity that was lost on its way', planted.losesWhatCrosses, /^2: coin .* is lost/],
    ['an effect that comes twice', planted.deliversTwice, /^2: letter .* came twice/],
    ['a process that goes on writing when another has taken over', planted.fenceOff, /^2: /, 60],
    ['an intent that is applied again after a kill', planted.forgetsNumbers, /^[13]: .*(booked twice|says 0)/],
    ['an intent that is applied twice', planted.appliesTwice, /^1: .* booked twice/],
    ['an intent that is told as applied and is not', planted.appliesNothing, /^3: .* was applied, and is not in the book/],
    ['a view that shows what the fog hides', planted.showsEverything, /^4: .* was sent the secret of /],
    ['a view that was made for somebody else', planted.mixesUpViews, /^4: .* what the game never returned/],
    ['tick numbers that begin anew', planted.countsFromOne, /^5: .* got tick /, 18],
    ['a zone that never comes back', planted.getsLost, /^liveness: /, 2],
  ];
  for (const [bug, lies, line, from] of cases) {
    it(`finds ${bug}`, async () => {
      expect(await found((seed) => simulate(seed, { lies }), line, from)).not.to.equal(null);
    });
  }

  it('finds a zone that another one infects', async () => {
    const run = (seed: number) => isolate(seed, { lies: planted.contagion });

    expect(await found(run, /^6: zone .* took another course/)).not.to.equal(null);
  });
});
