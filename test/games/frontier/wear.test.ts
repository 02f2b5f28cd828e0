import { expect } from 'chai';
import { type Equipment, NOTHING_WORN } from '../../../games/frontier/equipment.js';
import type { Stack } from '../../../games/frontier/inventory.js';
import { isBroken, use, wornBy } from '../../../games/frontier/wear.js';
import { rulesWith } from './field.js';

const rules = rulesWith();

describe('frontier: wear', () => {
  it('takes from the durability of what is used, and of nothing else', () => {
    const armed = wearing({ main_hand: stack('sword', 100), head: stack('cap', 3) });

    const used = use(armed, order('main_hand'), rules);

    expect(used.code === 'ok' && used.equipment.slots).to.deep.equal({
      main_hand: stack('sword', 99),
      head: stack('cap', 3),
    });
  });

  it('breaks at 0: the thing is gone, and all its slots are free', () => {
    const armed = wearing({ main_hand: stack('great_sword', 1) });

    const used = use(armed, order('off_hand'), rules);

    expect(used.code === 'ok' && [used.equipment.slots, isBroken(used.stack)]).to.deep.equal([{}, true]);
  });

  it('never goes below 0', () => {
    expect(wornBy(wearing({}), 'head', stack('cap', 2), 5).stack.durability).to.equal(0);
  });

  it('leaves alone what does not wear', () => {
    const armed = wearing({ head: stack('cap', null) });

    expect(wornBy(armed, 'head', stack('cap', null), 5).equipment).to.equal(armed);
  });

  it('comes of a use only where something usable is worn in a slot that is not locked', () => {
    const armed = wearing({ main_hand: stack('sword', 100), off_hand: stack('shield', null) });
    const locked = { ...armed, lockedUntil: { main_hand: 1001 } };

    const codes = [
      use(armed, order('tail'), rules),
      use(armed, order('head'), rules),
      use(armed, order('off_hand'), rules),
      use(locked, order('main_hand'), rules),
      use(locked, { ...order('main_hand'), now: 1001 }, rules),
    ].map(({ code }) => code);

    expect(codes).to.deep.equal(['illegal_slot', 'item_not_found', 'not_usable', 'equip_locked', 'ok']);
  });

  it('is no faster than the cooldown: a use locks all slots that the thing takes', () => {
    const used = use(wearing({ main_hand: stack('great_sword', 2) }), order('main_hand'), rules);

    expect(used.code === 'ok' && used.equipment.lockedUntil).to.deep.equal({ main_hand: 2000, off_hand: 2000 });
  });
});

function order(slot: string) {
  return { slot, now: 1000, perUse: 1 };
}

function wearing(slots: Equipment['slots']): Equipment {
  return { ...NOTHING_WORN, slots };
}

function stack(template: string, durability: number | null): Stack {
  return { id: `a ${template}`, template, quantity: 1, durability };
}
