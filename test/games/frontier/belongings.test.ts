/** `equip` and `unequip` as a player sends them: each is answered with a code. What they do to slots and compartments is equipment.test.ts's. */
import { expect } from 'chai';
import { codes, fieldWith, instanceOf, SETTINGS } from './field.js';

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
