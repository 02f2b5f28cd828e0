/** The movement game against what every game must do, with walkers that mostly walk, and against its own rules of space. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { Entity } from '../../../games/contract.js';
import movement from '../../../games/movement/index.js';
import type { TestWorld } from '../../../src/testing/index.js';
import { passesTheGameContract } from '../contract-suite.js';

const direction = fc.integer({ min: -1, max: 1 });
const item = fc.constantFrom('daisy', 'apple', 'reed', 'crystal', 'unicorn');

describe('movement', () => {
  passesTheGameContract(
    movement,
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ type: fc.constant('move'), dx: direction, dy: direction }) },
      { weight: 2, arbitrary: fc.constant({ type: 'pick_up' }) },
      { weight: 2, arbitrary: fc.record({ type: fc.constant('drop'), item }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('say'), text: fc.string() }) },
      { weight: 1, arbitrary: fc.constant({ type: 'fly' }) },
    ),
    nobodyOverlapsAndEachHasOneWalker,
  );
});

function nobodyOverlapsAndEachHasOneWalker(bench: TestWorld, here: ReadonlySet<string>): void {
  const walkers = bench.zones().flatMap(({ name }) => {
    const entities = bench.entities(name);
    const solid = entities.filter(({ width }) => width > 0);
    expect(overlaps(solid), `overlaps in ${name}`).to.deep.equal([]);
    return entities.filter(({ metadata }) => metadata.kind === 'walker');
  });
  const owners = walkers.map(({ metadata }) => metadata.name);
  expect(owners).to.deep.equal([...new Set(owners)]);
  for (const name of here) {
    const you = bench.viewOf(name).you;
    if (you) expect(owners).to.include(name);
  }
}

function overlaps(entities: readonly Entity[]): unknown[] {
  const cells = entities.flatMap(({ x, y, width, height }) =>
    Array.from({ length: width * height }, (_, i) => `${x + (i % width)},${y + Math.floor(i / width)}`),
  );
  const seen = new Set<string>();
  return cells.filter((cell) => seen.size === seen.add(cell).size);
}
