/**
 * Whatever happens, in whatever order, with kills and repeats in between: an entity is in exactly one place,
 * and a player in exactly one pair of hands.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import type { Harness } from '../harness.js';
import { ToyWorld } from '../toy-world.js';

export function conservationCases(makeHarness: () => Promise<Harness>, runs: number): void {
  describe('conservation', () => {
    it('neither loses nor doubles an entity or a player over random commits, repeats and kills', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 50 }), async (steps) => {
          const harness = await makeHarness();
          const world = await ToyWorld.open(harness);
          try {
            for (const { act, a, b, repeat } of steps) await world[act](a, b, repeat);
            await world.kill();
            expect(await world.truth()).to.deep.equal(await world.expected());
          } finally {
            await world.close();
            await harness.dispose();
          }
        }),
        { numRuns: runs },
      );
    }).timeout(60_000);
  });
}

const ACTS = [
  'create',
  'create',
  'send',
  'send',
  'take',
  'take',
  'refuse',
  'join',
  'join',
  'leave',
  'turn',
  'quarantine',
  'fold',
  'replace',
  'kill',
] as const;

/** `a` and `b` pick zones and players; `repeat`: the commit's outcome is unknown, and it comes again. */
const step = fc.record({
  act: fc.constantFrom(...ACTS),
  a: fc.nat({ max: 2 }),
  b: fc.nat({ max: 7 }),
  repeat: fc.boolean(),
});
