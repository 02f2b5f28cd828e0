import { expect } from 'chai';
import { readCatalogue } from '../../../games/frontier/templates.js';
import { ITEMS, SETTINGS } from './field.js';

describe('frontier: the item file', () => {
  it('gives each item a mask with a bit for each slot it goes into, and what is left out', () => {
    const { templates } = readCatalogue(ITEMS, SETTINGS);

    expect(templates.get('great_sword')).to.include({ mask: 0b110, twoHanded: true, stack: 1, damageType: null });
    expect(templates.get('cap')?.mask).to.equal(0b001);
    expect(templates.get('arrow')).to.include({ mask: 0, stack: 50, durability: null, trains: null });
  });

  it('is refused with a slot or a skill that does not exist', () => {
    expect(() => withItem({ slots: ['tail'] })).to.throw('slots');
    expect(() => withItem({ skills: { flying: 1 } })).to.throw('flying');
  });

  it('is refused with one id twice, and with a two-handed item that has no two slots', () => {
    expect(() => withItem({ id: 'sword' })).to.throw('duplicate');
    expect(() => withItem({ twoHanded: true, slots: ['head'] })).to.throw('has no two slots');
  });

  it('is refused with a stack of what can be worn or wears out', () => {
    expect(() => withItem({ slots: ['head'], stack: 2 })).to.throw('it can neither be worn nor wear out');
    expect(() => withItem({ durability: 5, stack: 2 })).to.throw('it can neither be worn nor wear out');
  });

  it('is refused with something to use that nobody can hold, or for a skill that does not exist', () => {
    expect(() => withItem({ trains: 'blades' })).to.throw('nobody can use it');
    expect(() => withItem({ slots: ['head'], trains: 'flying' })).to.throw('trains');
    expect(() => withItem({ damageType: 'moral' })).to.throw('damageType');
  });

  it('is refused when it renames something to what does not exist', () => {
    const renamed = [{ in: 3, from: 'axe', to: 'halberd' }];

    expect(() => readCatalogue({ ...ITEMS, renamed }, SETTINGS)).to.throw('axe was renamed to halberd, which is no item');
  });
});

function withItem(fields: object): unknown {
  const item = { id: 'thing', name: 'thing', slots: [], weightG: 1, bulk: 1, ...fields };
  return readCatalogue({ ...ITEMS, items: [...ITEMS.items, item] }, SETTINGS);
}
