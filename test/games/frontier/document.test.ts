import { expect } from 'chai';
import type { JsonObject } from '../../../games/contract.js';
import { type Document, readDocument } from '../../../games/frontier/document.js';
import { ITEMS, rulesWith } from './field.js';

const rules = rulesWith();
let ids = 0;
const tick = { tickNumber: 77, newId: () => `id ${ids++}` };

describe('frontier: documents', () => {
  it('are made for a newcomer, with what newcomers bring', () => {
    const { outcome, document } = readDocument(null, rules, tick);

    expect(outcome).to.equal('new');
    expect(document.inventory.map(({ template }) => template)).to.deep.equal(['sword', 'shield', 'arrow']);
    expect(document).to.deep.include({ templates: 3, skills: { levels: { blades: 1 }, points: {} }, kept: [] });
  });

  it('are read as they are, when they are of this item file', () => {
    const state = stateWith({});

    const { outcome, document } = readDocument(state, rules, tick);

    expect(outcome).to.equal('read');
    expect(document).to.equal(state);
  });

  it('of an older item file are given the new names, over several versions', () => {
    const inventory = [carried('a', 'knife'), carried('b', 'arrow')];
    const worn = { slots: { main_hand: stack('c', 'dagger') }, lockedUntil: {} };

    const { outcome, document } = readDocument(stateWith({ templates: 1, inventory, equipment: worn }), rules, tick);

    expect(outcome).to.equal('migrated');
    expect(document.inventory.map(({ template }) => template)).to.deep.equal(['sword', 'arrow']);
    expect(document.equipment.slots.main_hand?.template).to.equal('sword');
    expect(document).to.deep.include({ templates: 3, changed: { inventory: 77, equipment: 77, skills: 77 } });
  });

  it('of the first format keep the levels of their skills, and begin to count points', () => {
    const { milestone: _, ...first } = stateWith({ format: 1, skills: { blades: 2 }, inventory: [carried('a', 'arrow')] });

    const { outcome, document } = readDocument(first, rules, tick);

    expect(outcome).to.equal('migrated');
    expect(document).to.deep.include({ format: 2, skills: { levels: { blades: 2 }, points: {} }, milestone: null });
    expect(document.inventory.map(({ id }) => id)).to.deep.equal(['a']);
  });

  it('follow a name only from the version on in which it changed', () => {
    // In version 2 there was a dagger, and no knife any more.
    const { outcome } = readDocument(stateWith({ templates: 2, inventory: [carried('a', 'knife')] }), rules, tick);

    expect(outcome).to.equal('replaced');
  });

  it('of which something worn has no right to its slot any more have it laid into the inventory', () => {
    const equipment = {
      slots: { head: stack('a', 'sword'), main_hand: stack('b', 'great_sword'), off_hand: stack('c', 'shield') },
      lockedUntil: {},
    };

    const { outcome, document } = readDocument(stateWith({ equipment }), rules, tick);

    expect(outcome).to.equal('migrated');
    expect(Object.keys(document.equipment.slots)).to.deep.equal(['main_hand']);
    expect(document.inventory.map(({ id }) => id)).to.have.members(['a', 'c']);
  });

  it('that cannot be read are replaced by that of a newcomer, told why, and kept whole', () => {
    const lost: JsonObject[] = [
      stateWith({ inventory: [carried('a', 'unicorn')] }),
      stateWith({ inventory: 'none' as never }),
      stateWith({ templates: 4 }),
      stateWith({ format: 9 as never }),
      stateWith({ format: 1, skills: 'many' }),
      { anything: 'else' },
    ];

    for (const state of lost) {
      const reading = readDocument(state, rules, tick);

      const { kept, ...old } = state;
      expect(reading.outcome === 'replaced' && reading.reason)
        .to.be.a('string')
        .with.length.greaterThan(5);
      expect(reading.document.kept).to.deep.equal([old]);
      expect(reading.document.inventory.map(({ template }) => template)).to.deep.equal(['sword', 'shield', 'arrow']);
    }
  });

  it('of which something that comes off has no room are replaced, and kept with all that was worn', () => {
    const inventory = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id, i) => ({
      ...stack(id, 'sword'),
      compartment: i < 2 ? 'belt' : 'backpack',
    }));
    const state = stateWith({ inventory, equipment: { slots: { head: stack('x', 'sword') }, lockedUntil: {} } });

    const reading = readDocument(state, rules, tick);

    expect(reading.outcome === 'replaced' && reading.reason).to.equal('what it wears has no room any more');
    const { kept: _, ...old } = state;
    expect(reading.document.kept).to.deep.equal([old]);
  });

  it('that cannot be read leave their player where it was', () => {
    const { document } = readDocument(stateWith({ inventory: 'none' as never, zone: 'z', at: { x: 5, z: 6 } }), rules, tick);

    expect(document).to.deep.include({ zone: 'z', at: { x: 5, z: 6 } });
  });

  it('keep all that ever could not be read', () => {
    const once = readDocument({ first: true }, rules, tick).document;
    const twice = readDocument({ ...(once as unknown as JsonObject), inventory: 'none' }, rules, tick).document;

    expect(twice.kept).to.have.length(2);
    expect(twice.kept[0]).to.deep.equal({ first: true });
  });

  it('are good again as they were written', () => {
    const { document } = readDocument(null, rules, tick);

    expect(readDocument(JSON.parse(JSON.stringify(document)), rules, tick).outcome).to.equal('read');
  });

  it('name only items of the file', () => {
    expect(ITEMS.version).to.equal(rules.catalogue.version);
  });
});

function stateWith(changes: { [Name in keyof Document]?: unknown }): JsonObject {
  const equipment = { slots: {}, lockedUntil: {} };
  const changed = { inventory: 5, equipment: 5, skills: 5 };
  const state = {
    format: 2,
    templates: 3,
    avatar: null,
    zone: null,
    at: null,
    inventory: [],
    equipment,
    skills: { levels: {}, points: {} },
    milestone: null,
    changed,
    kept: [],
  };
  return { ...state, ...changes } as JsonObject;
}

function stack(id: string, template: string) {
  return { id, template, quantity: 1, durability: null };
}

function carried(id: string, template: string) {
  return { ...stack(id, template), compartment: 'belt' };
}
