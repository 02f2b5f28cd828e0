/** `equip`, `unequip` and `use` as a player sends them: each is answered with a code. What they do to slots and compartments is equipment.test.ts's. */
import { expect } from 'chai';
import { codes, fieldWith, instanceOf, pieces, SETTINGS } from './field.js';

describe('frontier: equip and unequip', () => {
  it('are answered with what was asked, whether it went, a code and words', async () => {
    const bench = await fieldWith(['ada']);
    bench.intent('ada', { type: 'equip', instance_id: instanceOf(bench, 'ada', 'sword'), slot: 'main_hand' });

    bench.tick();

    const [message] = bench.messages('ada').filter(({ type }) => type === 'equipment_result');
    expect(message).to.include({ operation: 'equip', slot: 'main_hand', success: true, code: 'ok' });
    expect(message?.message).to.be.a('string');
  });

  it('have a code for each way to fail, and change nothing then', async () => {
    const items = [...SETTINGS.newcomer.items, { template: 'bow', quantity: 1 }, { template: 'cap', quantity: 1 }];
    const bench = await fieldWith(['ada'], { newcomer: { ...SETTINGS.newcomer, items } });
    const item = (template: string) => instanceOf(bench, 'ada', template);
    const sword = item('sword');
    bench.intent('ada', { type: 'equip', instance_id: item('shield'), slot: 'main_hand' });
    bench.intent('ada', { type: 'equip', instance_id: item('bow'), slot: 'main_hand' });
    bench.intent('ada', { type: 'equip', instance_id: 'nothing', slot: 'main_hand' });
    bench.intent('ada', { type: 'unequip', slot: 'head' });
    const before = bench.player('ada').state;
    bench.tick();
    const unchanged = bench.player('ada').state;
    bench.intent('ada', { type: 'equip', instance_id: sword, slot: 'main_hand' });
    bench.intent('ada', { type: 'unequip', slot: 'main_hand' });
    bench.tick(21);
    bench.intent('ada', { type: 'unequip', slot: 'main_hand', compartment: 'pocket' });
    bench.intent('ada', { type: 'unequip', slot: 'main_hand' });

    bench.tick();

    expect(unchanged).to.deep.equal(before);
    expect(codes(bench, 'ada', 'equipment_result')).to.deep.equal([
      'illegal_slot',
      'skill_gate',
      'item_not_found',
      'item_not_found',
      'ok',
      'equip_locked',
      'no_space',
      'ok',
    ]);
  });
});

describe('frontier: use', () => {
  it('is answered, teaches the skill of the thing, and wears it; both are sent', async () => {
    const bench = await fieldWith(['ada']);
    bench.intent('ada', { type: 'equip', instance_id: instanceOf(bench, 'ada', 'sword'), slot: 'main_hand' });
    bench.tick(21);
    const since = bench.tickNumber;
    bench.intent('ada', { type: 'use', slot: 'main_hand' });

    bench.tick();

    const [message] = bench.messages('ada').filter(({ type }) => type === 'use_result');
    const view = bench.viewOf('ada', bench.where('ada'), since);
    expect(message).to.include({ slot: 'main_hand', success: true, code: 'ok', durability: 99, damage_type: 'slashing' });
    expect(view.skills).to.deep.include({ levels: { blades: 1 }, points: { blades: 1 } });
    expect((view.equipment as { slots: Record<string, object> }).slots.main_hand).to.include({ durability: 99 });
    expect(view).to.not.have.property('inventory');
  });

  it('is refused, and changes nothing, where nothing usable is at hand or it was used a moment ago', async () => {
    const bench = await fieldWith(['ada']);
    for (const [template, slot] of [
      ['sword', 'main_hand'],
      ['shield', 'off_hand'],
    ] as const)
      bench.intent('ada', { type: 'equip', instance_id: instanceOf(bench, 'ada', template), slot });
    bench.tick();
    const before = bench.player('ada').state;
    for (const slot of ['tail', 'head', 'off_hand', 'main_hand']) bench.intent('ada', { type: 'use', slot });

    bench.tick();

    expect(codes(bench, 'ada', 'use_result')).to.deep.equal(['illegal_slot', 'item_not_found', 'not_usable', 'equip_locked']);
    expect(bench.player('ada').state).to.equal(before);
  });

  it('breaks a thing in the end, and opens what its skill was the gate to', async () => {
    const items = [
      { template: 'great_sword', quantity: 1 },
      { template: 'sword', quantity: 1 },
    ];
    const bench = await fieldWith(['ada'], { newcomer: { items, skills: {} } });
    const sword = () => bench.intent('ada', { type: 'equip', instance_id: instanceOf(bench, 'ada', 'sword'), slot: 'main_hand' });
    sword();
    bench.intent('ada', { type: 'equip', instance_id: instanceOf(bench, 'ada', 'great_sword'), slot: 'off_hand' });
    bench.tick(21);
    for (let i = 0; i < 2; i++) {
      bench.intent('ada', { type: 'use', slot: 'main_hand' });
      bench.tick(21);
    }

    sword();
    bench.tick();

    expect(codes(bench, 'ada', 'equipment_result')).to.deep.equal(['skill_gate', 'ok', 'ok']);
    expect(bench.messages('ada').filter(({ type }) => type === 'item_broken')).to.have.length(1);
    expect(pieces(bench, ['ada'])).to.deep.equal({ sword: 1 });
  });
});
