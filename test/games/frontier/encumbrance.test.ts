import { expect } from 'chai';
import { encumbranceOf, weightOf } from '../../../games/frontier/encumbrance.js';
import { rulesWith } from './field.js';

const { settings, catalogue } = rulesWith();

describe('frontier: encumbrance', () => {
  it('weighs what is carried and what is worn', () => {
    const arrows = { id: 'a', template: 'arrow', quantity: 10, durability: null, compartment: 'belt' };
    const cap = { id: 'b', template: 'cap', quantity: 1, durability: null };

    expect(weightOf([arrows], { slots: { head: cap }, lockedUntil: {} }, catalogue)).to.equal(10 * 40 + 200);
  });

  it('slows nobody up to the light part, and then the more the heavier, up to the worst', () => {
    const penalties = [0, 10_000, 15_000, 20_000, 40_000].map(
      (weight) => encumbranceOf(weight, settings.inventory).penaltyPercent,
    );

    expect(penalties).to.deep.equal([0, 0, 30, 60, 60]);
  });

  it('says how much of the limit is used', () => {
    expect(encumbranceOf(5_000, settings.inventory)).to.deep.equal({ weightG: 5_000, weightPercent: 25, penaltyPercent: 0 });
  });
});
