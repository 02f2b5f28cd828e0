import { expect } from 'chai';
import fc from 'fast-check';
import { type Belongings, bitsTaken, equip, NOTHING_WORN, unequip } from '../../../games/frontier/equipment.js';
import { freeBulk, putAll, type Stack } from '../../../games/frontier/inventory.js';
import { ITEMS, rulesWith } from './field.js';

const rules = rulesWith();
const SKILLED = { blades: 9, archery: 9 };

describe('frontier: equipment', () => {
  it('puts an item into a slot of its mask, out of the inventory', () => {
    const after = worn(having('cap'), 'cap', 'head');

    expect(after.equipment.slots.head).to.include({ id: 'cap', template: 'cap' });
    expect(after.inventory).to.deep.equal([]);
  });

  it('lays what was in the slot where the item came from', () => {
    const one = worn(having('sword', 'sword 2'), 'sword', 'main_hand');

    const two = worn(one, 'sword 2', 'main_hand', 5000);

    expect(two.equipment.slots.main_hand?.id).to.equal('sword 2');
    expect(two.inventory.map(({ id }) => id)).to.deep.equal(['sword']);
  });

  it('takes both hands for a two-handed item, and lays away what was in them', () => {
    const armed = worn(worn(having('sword', 'shield', 'great_sword'), 'sword', 'main_hand'), 'shield', 'off_hand');

    const after = worn(armed, 'great_sword', 'main_hand', 5000);

    expect(Object.keys(after.equipment.slots)).to.deep.equal(['main_hand']);
    expect(after.inventory.map(({ id }) => id)).to.have.members(['sword', 'shield']);
  });

  it('lays a two-handed item away for something in either hand', () => {
    const after = worn(worn(having('great_sword', 'shield'), 'great_sword', 'main_hand'), 'shield', 'off_hand', 5000);

    expect(Object.keys(after.equipment.slots)).to.deep.equal(['off_hand']);
    expect(after.inventory.map(({ id }) => id)).to.deep.equal(['great_sword']);
  });

  it('refuses an item that is not there, a slot that is not its own, and one that does not exist', () => {
    expect(equip(having('cap'), order('sword', 'head'), rules).code).to.equal('item_not_found');
    expect(equip(having('cap'), order('cap', 'main_hand'), rules).code).to.equal('illegal_slot');
    expect(equip(having('cap'), order('cap', 'tail'), rules).code).to.equal('illegal_slot');
    expect(unequip(having('cap'), { slot: 'head', now: 0 }, rules).code).to.equal('item_not_found');
    expect(unequip(having('cap'), { slot: 'tail', now: 0 }, rules).code).to.equal('illegal_slot');
  });

  it('asks for the skill, at the level that the item needs', () => {
    const able = (archery: number) => equip(having('bow'), { ...order('bow', 'main_hand'), skills: { archery } }, rules).code;

    expect([able(1), able(2)]).to.deep.equal(['skill_gate', 'ok']);
  });

  it('locks a slot for the cooldown, for taking off as well, and no other slot', () => {
    const one = worn(having('sword', 'sword 2', 'cap'), 'sword', 'main_hand', 1000);

    expect(equip(one, order('sword 2', 'main_hand', 1999), rules).code).to.equal('equip_locked');
    expect(unequip(one, { slot: 'main_hand', now: 1999 }, rules).code).to.equal('equip_locked');
    expect(equip(one, order('cap', 'head', 1001), rules).code).to.equal('ok');
    expect(unequip(one, { slot: 'main_hand', now: 2000 }, rules).code).to.equal('ok');
  });

  it('does nothing where there is no room for what comes off', () => {
    const armed = worn(having('shield'), 'shield', 'off_hand');
    const full = { ...armed, inventory: having('sword', 'sword 2', 'bow', 'sword 3', 'sword 4', 'sword 5').inventory };

    expect(unequip(full, { slot: 'off_hand', now: 9000 }, rules).code).to.equal('no_space');
    expect(unequip(armed, { slot: 'off_hand', compartment: 'pocket', now: 9000 }, rules).code).to.equal('no_space');
  });

  it('takes off into the compartment that is named', () => {
    const after = unequip(worn(having('cap'), 'cap', 'head'), { slot: 'head', compartment: 'backpack', now: 9000 }, rules);

    expect(after.code === 'ok' && after.after.inventory[0]?.compartment).to.equal('backpack');
  });

  it('keeps every item, never exceeds a capacity and never uses a slot twice, whatever is put on and off', () => {
    const ids = ['sword', 'sword 2', 'shield', 'great_sword', 'bow', 'cap'];
    const slot = fc.constantFrom('head', 'main_hand', 'off_hand', 'tail');
    const step = fc.oneof(
      fc.record({ type: fc.constant('on' as const), id: fc.constantFrom(...ids), slot }),
      fc.record({
        type: fc.constant('off' as const),
        slot,
        compartment: fc.option(fc.constantFrom('belt', 'backpack'), { nil: undefined }),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let belongings = having('sword', 'sword 2', 'shield', 'bow', 'cap');
        belongings = { ...belongings, equipment: { ...NOTHING_WORN, slots: { main_hand: stack('great_sword') } } };
        let now = 0;
        for (const each of steps) {
          now += 700;
          const exchange =
            each.type === 'on'
              ? equip(belongings, order(each.id, each.slot, now), rules)
              : unequip(belongings, { ...each, now }, rules);
          if (exchange.code === 'ok') belongings = exchange.after;

          const { inventory, equipment } = belongings;
          expect([...inventory, ...Object.values(equipment.slots)].map(({ id }) => id)).to.have.members(ids);
          for (const { name } of rules.compartments) expect(freeBulk(inventory, name, rules)).to.be.at.least(0);
          const bits = Object.keys(equipment.slots).map((worn) => bitsTaken(equipment, worn, rules));
          expect(bits.reduce((sum, bit) => sum + bit, 0)).to.equal(bits.reduce((mask, bit) => mask | bit, 0));
        }
      }),
      { numRuns: 200 },
    );
  });
});

function order(item: string, slot: string, now = 0) {
  return { item, slot, skills: SKILLED, now };
}

function worn(belongings: Belongings, item: string, slot: string, now = 0): Belongings {
  const exchange = equip(belongings, order(item, slot, now), rules);
  if (exchange.code !== 'ok') throw new Error(`${item} in ${slot}: ${exchange.code}`);
  return exchange.after;
}

/** `sword 2` is another sword. */
function having(...ids: readonly string[]): Belongings {
  const inventory = putAll([], ids.map(stack), rules);
  if (!inventory) throw new Error('too much to carry');
  return { inventory, equipment: NOTHING_WORN };
}

function stack(id: string): Stack {
  const template = ITEMS.items.find((item) => item.id === id.split(' ')[0])?.id ?? id;
  return { id, template, quantity: 1, durability: null };
}
