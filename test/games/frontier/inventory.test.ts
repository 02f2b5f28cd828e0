import { expect } from 'chai';
import fc from 'fast-check';
import { freeBulk, type Inventory, put, putAll, putInto, type Stack, split, take } from '../../../games/frontier/inventory.js';
import { ITEMS, rulesWith } from './field.js';

const rules = rulesWith();

describe('frontier: inventory', () => {
  it('fills the first compartment with room, then the next', () => {
    const inventory = carrying(stack('a', 'bow'), stack('b', 'bow'));

    expect(inventory.map(({ id, compartment }) => [id, compartment])).to.deep.equal([
      ['a', 'belt'],
      ['b', 'backpack'],
    ]);
  });

  it('pours pieces into stacks of their kind first, and makes a new stack of what is left', () => {
    const inventory = carrying(stack('a', 'arrow', 40), stack('b', 'arrow', 25));

    expect(inventory.map(({ id, quantity }) => [id, quantity])).to.deep.equal([
      ['a', 50],
      ['b', 15],
    ]);
  });

  it('takes nothing of a stack for which there is no room, not even what would pour', () => {
    const full = carrying(stack('a', 'arrow', 40), stack('b', 'sword'), stack('c', 'sword'), ...swords(4));

    expect(freeBulk(full, 'belt', rules) + freeBulk(full, 'backpack', rules)).to.equal(3);
    const crammed = carrying(...full, stack('x', 'arrow', 50), stack('y', 'arrow', 50), stack('z', 'arrow', 50));
    expect(put(crammed, stack('w', 'arrow', 50), rules)).to.equal(null);
  });

  it('puts something into the compartment that is named, or nowhere', () => {
    expect(putInto([], stack('a', 'cap'), rules, 'backpack')?.[0]?.compartment).to.equal('backpack');
    expect(putInto(carrying(stack('a', 'bow')), stack('b', 'bow'), rules, 'belt')).to.equal(null);
    expect(putInto([], stack('a', 'cap'), rules, 'pocket')).to.equal(null);
  });

  it('splits a stack, and never takes all of it or more that way', () => {
    const inventory = carrying(stack('a', 'arrow', 30));

    const part = split(inventory, 'a', 10, 'new');

    expect(part?.stack).to.include({ id: 'new', quantity: 10 });
    expect(part?.inventory[0]?.quantity).to.equal(20);
    expect([split(inventory, 'a', 30, 'new'), split(inventory, 'a', 0, 'new'), split(inventory, 'b', 1, 'new')]).to.deep.equal(
      Array(3).fill(null),
    );
  });

  it('keeps every piece and never exceeds a capacity, whatever is done with it', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        let inventory: Inventory = [];
        let ground: Stack[] = [];
        let made = 0;
        const total: Record<string, number> = {};
        for (const each of operations) {
          const fresh = `stack ${made++}`;
          if (each.type === 'find') {
            const found = stack(fresh, each.template, each.quantity);
            total[each.template] = (total[each.template] ?? 0) + found.quantity;
            ground.push(found);
          }
          if (each.type === 'put') {
            const next = ground[each.index % (ground.length || 1)];
            const into = next && (each.into ? putInto(inventory, next, rules, each.into) : put(inventory, next, rules));
            if (into) [inventory, ground] = [into, ground.filter((one) => one !== next)];
          }
          if (each.type === 'take' || each.type === 'split') {
            const id = inventory[each.index % (inventory.length || 1)]?.id ?? 'none';
            const taken = each.type === 'take' ? take(inventory, id) : split(inventory, id, each.quantity, fresh);
            if (taken) [inventory, ground] = [taken.inventory, [...ground, taken.stack]];
          }

          expect(sum([...inventory, ...ground])).to.deep.equal(total);
          for (const { name } of rules.compartments) expect(freeBulk(inventory, name, rules)).to.be.at.least(0);
          for (const { template, quantity } of inventory) {
            expect(quantity).to.be.within(1, rules.catalogue.templates.get(template)?.stack ?? 0);
          }
          expect(new Set(inventory.map(({ id }) => id)).size).to.equal(inventory.length);
        }
      }),
      { numRuns: 200 },
    );
  });
});

const index = fc.nat(20);
const operation = fc.oneof(
  fc.record({
    type: fc.constant('find' as const),
    template: fc.constantFrom(...ITEMS.items.map(({ id }) => id)),
    quantity: fc.integer({ min: 1, max: 50 }),
  }),
  fc.record({ type: fc.constant('put' as const), index, into: fc.option(fc.constantFrom('belt', 'backpack', 'pocket')) }),
  fc.record({ type: fc.constant('take' as const), index }),
  fc.record({ type: fc.constant('split' as const), index, quantity: fc.integer({ min: -1, max: 60 }) }),
);

function stack(id: string, template: string, quantity = 1): Stack {
  const most = rules.catalogue.templates.get(template)?.stack ?? 1;
  return { id, template, quantity: Math.min(quantity, most), durability: null };
}

function swords(count: number): Stack[] {
  return Array.from({ length: count }, (_, i) => stack(`sword ${i}`, 'sword'));
}

function carrying(...stacks: readonly Stack[]): Inventory {
  const inventory = putAll(
    [],
    stacks.map(({ id, template, quantity, durability }) => ({ id, template, quantity, durability })),
    rules,
  );
  if (!inventory) throw new Error('too much to carry');
  return inventory;
}

function sum(stacks: readonly Stack[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { template, quantity } of stacks) sums[template] = (sums[template] ?? 0) + quantity;
  return sums;
}
