/** Frontier against what every game must do, with players who mostly walk, and against its own rule: nothing is made and nothing is lost. */
import { expect } from 'chai';
import fc from 'fast-check';
import { frontier } from '../../../games/frontier/frontier.js';
import type { TestWorld } from '../../../src/testing/index.js';
import { passesTheGameContract } from '../contract-suite.js';
import { everything, ofKind, pieces, rulesWith, SETTINGS } from './field.js';

const part = fc.integer({ min: -1, max: 1 });
const id = fc.constantFrom('nothing', 'cell 0,0');
const slot = fc.constantFrom('head', 'main_hand', 'tail');

describe('frontier', () => {
  const bots = { ...SETTINGS.bots, min: 1, max: 2 };
  passesTheGameContract(
    frontier(rulesWith({ bots, groundPerCell: [{ template: 'cap', quantity: 1, count: 2 }] })),
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ type: fc.constant('input'), dt: fc.double(), intent: fc.record({ x: part, z: part }) }),
      },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('equip'), instance_id: id, slot }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('unequip'), slot }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('use'), slot }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('pick_up'), item: id }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('drop'), instance_id: id }) },
      { weight: 1, arbitrary: fc.constant({ type: 'fly' }) },
    ),
    eachAvatarOnce,
  );
});

function eachAvatarOnce(bench: TestWorld, here: ReadonlySet<string>): void {
  const ids = everything(bench).map((entity) => entity.id);
  expect(ids).to.deep.equal([...new Set(ids)]);
  const owners = ofKind(bench, 'player').map(({ metadata }) => metadata.name);
  expect(owners).to.deep.equal([...new Set(owners)]);
  expect(pieces(bench, here).cap ?? 0).to.be.at.most(8);
}
