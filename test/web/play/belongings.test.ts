/** What a player carries and wears. */
import { expect } from 'chai';
import { NOTHING, readBelongings } from '../../../web/play/belongings.js';

const INVENTORY = {
  items: [
    { instance_id: 's1', template: 'short_sword', quantity: 1, durability: 120, compartment: 'belt' },
    { instance_id: 'b1', template: 'bread', quantity: 3, durability: null, compartment: 'backpack' },
  ],
  compartments: [
    { name: 'belt', bulk: 12, free: 8 },
    { name: 'backpack', bulk: 60, free: 59 },
  ],
  encumbrance: { weight_g: 2600, weight_percent: 7, penalty_percent: 0 },
};

describe('belongings', () => {
  it('are names where a game has no more', () => {
    const { carried } = readBelongings({ you: { items: ['daisy', 'daisy'] } }, NOTHING);

    expect(carried.map(({ id, name }) => [id, name])).to.deep.equal([
      ['daisy 0', 'daisy'],
      ['daisy 1', 'daisy'],
    ]);
  });

  it('are stacks in compartments and slots, with what they weigh', () => {
    const worn = { head: { instance_id: 'c1', template: 'leather_cap', quantity: 1, durability: 60 } };

    const read = readBelongings({ inventory: INVENTORY, equipment: { slots: worn }, skills: { levels: { blades: 1 } } }, NOTHING);

    expect(read.compartments.map(({ name, stacks }) => [name, stacks.map((stack) => stack.name)])).to.deep.equal([
      ['belt', ['short sword']],
      ['backpack', ['bread']],
    ]);
    expect(read.slots.map(({ name, worn: stack }) => [name, stack?.name])).to.deep.include.members([
      ['head', 'leather cap'],
      ['main_hand', undefined],
    ]);
    expect(read.load).to.deep.equal({ weightKg: 2.6, percent: 7, slowerPercent: 0 });
    expect(read.skills).to.deep.equal([{ name: 'blades', level: 1 }]);
  });

  it('stand as they were while nothing newer comes', () => {
    const before = readBelongings({ inventory: INVENTORY, equipment: { slots: {} } }, NOTHING);

    expect(readBelongings({ zone_id: 'z' }, before)).to.deep.equal(before);
  });
});
