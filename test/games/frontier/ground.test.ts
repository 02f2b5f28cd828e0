import { expect } from 'chai';
import {
  CELL_CM,
  carried,
  codes,
  fieldWith,
  head,
  instanceOf,
  lay,
  ofKind,
  pieces,
  rulesWith,
  SETTINGS,
  walkTo,
} from './field.js';

describe('frontier: things on the ground', () => {
  it('are picked up within reach, and poured into stacks of their kind', async () => {
    const bench = await fieldWith(['ada']);
    const item = lay(bench, 'arrow', 1000 + SETTINGS.reachCm, 1000, 5);
    bench.intent('ada', { type: 'pick_up', item });

    bench.tick();

    expect(carried(bench, 'ada')).to.include('arrow 35');
    expect(ofKind(bench, 'item')).to.deep.equal([]);
    expect(codes(bench, 'ada', 'item_result')).to.deep.equal(['ok']);
  });

  it('are not picked up out of reach, where there is nothing, nor where there is no room or it is too heavy', async () => {
    const bench = await fieldWith(['ada', 'ben']);
    const far = lay(bench, 'cap', 1001 + SETTINGS.reachCm, 1000);
    const anvils = [1, 2].map((i) => lay(bench, 'anvil', 1000, 1000 + i));
    for (const item of [far, 'nothing', bench.player('ben').id, ...anvils]) bench.intent('ada', { type: 'pick_up', item });

    bench.tick();

    expect(codes(bench, 'ada', 'item_result')).to.deep.equal([
      'out_of_reach',
      'item_not_found',
      'item_not_found',
      'ok',
      'no_space',
    ]);
  });

  it('are left alone where something only looks like one', async () => {
    const bench = await fieldWith(['ada']);
    const item = bench.add('cell 0,0', {
      ...rulesWith().grid.toZone({ column: 0, row: 0 }, { x: 1000, z: 1000 }),
      width: 0,
      height: 0,
      metadata: { kind: 'item', name: 'mist', template: 'cap', stack: 'm', templates: 3 },
    });
    bench.intent('ada', { type: 'pick_up', item });

    bench.tick();

    expect(codes(bench, 'ada', 'item_result')).to.deep.equal(['item_not_found']);
    expect(bench.viewOf('ada').entities).to.deep.equal([
      { id: item, kind: 'item', name: 'mist', x: 1000, z: 1000, vx: 0, vz: 0 },
    ]);
  });

  it('go to the one who asked first', async () => {
    const bench = await fieldWith(['ada', 'ben']);
    const item = lay(bench, 'cap', 1000, 1000);
    bench.intent('ben', { type: 'pick_up', item });
    bench.intent('ada', { type: 'pick_up', item });

    bench.tick();

    expect(carried(bench, 'ben')).to.include('cap 1');
    expect(codes(bench, 'ada', 'item_result')).to.deep.equal(['item_not_found']);
  });

  it('are laid down whole or in part, where the avatar stands', async () => {
    const bench = await fieldWith(['ada']);
    const arrows = instanceOf(bench, 'ada', 'arrow');
    bench.intent('ada', { type: 'drop', instance_id: arrows, quantity: 10 });
    bench.intent('ada', { type: 'drop', instance_id: arrows, quantity: 21 });
    bench.intent('ada', { type: 'drop', instance_id: instanceOf(bench, 'ada', 'shield') });

    bench.tick();

    expect(ofKind(bench, 'item').map(({ metadata }) => [metadata.template, metadata.quantity])).to.deep.equal([
      ['arrow', 10],
      ['shield', 1],
    ]);
    expect(carried(bench, 'ada')).to.deep.equal(['sword 1', 'arrow 20']);
    expect(codes(bench, 'ada', 'item_result')).to.deep.equal(['ok', 'item_not_found', 'ok']);
  });

  it('are picked up from beyond a border too', async () => {
    const bench = await fieldWith(['ada']);
    const item = lay(bench, 'cap', CELL_CM + 90, 1000);
    walkTo(bench, 'ada', CELL_CM - 10);
    bench.intent('ada', { type: 'pick_up', item });

    bench.tick(4);

    expect(bench.where('ada')).to.equal('cell 0,0');
    expect(carried(bench, 'ada')).to.include('cap 1');
    expect(ofKind(bench, 'item')).to.deep.equal([]);
    expect(codes(bench, 'ada', 'item_result')).to.deep.equal(['ok']);
  });

  it('are there for one of two who reach for them over a border, and the other is told', async () => {
    const bench = await fieldWith(['ada', 'ben']);
    const item = lay(bench, 'cap', CELL_CM + 90, 1000);
    walkTo(bench, 'ada', CELL_CM - 10);
    walkTo(bench, 'ben', CELL_CM + 90);
    for (const name of ['ada', 'ben']) bench.intent(name, { type: 'pick_up', item });

    bench.tick(5);

    expect(pieces(bench, ['ada', 'ben']).cap).to.equal(1);
    expect(['ada', 'ben'].flatMap((name) => codes(bench, name, 'item_result')).sort()).to.deep.equal(['item_not_found', 'ok']);
  });

  it('are for who sent for them, where somebody else reaches for them as they come, and both are told', async () => {
    const bench = await fieldWith(['ada', 'ben']);
    const item = lay(bench, 'cap', CELL_CM - 20, 1000);
    walkTo(bench, 'ada', CELL_CM - 10);
    walkTo(bench, 'ben', CELL_CM + 90);
    bench.intent('ben', { type: 'pick_up', item });
    bench.tick();
    // As where the zone missed a tick: what ada had sent for comes together with the wish of ben, who saw it on its way.
    const lying = ofKind(bench, 'item')[0] ?? expect.fail('it lies there until it is reached for');
    bench.add('cell 0,0', { ...lying, metadata: { ...lying.metadata, for: bench.player('ada').id } });

    bench.tick(4);

    expect(codes(bench, 'ada', 'item_result')).to.deep.equal(['ok']);
    expect(codes(bench, 'ben', 'item_result')).to.deep.equal(['item_not_found']);
    expect(carried(bench, 'ada')).to.include('cap 1');
    expect(pieces(bench, ['ada', 'ben']).cap).to.equal(1);
  });

  it('lie there for others when their picker has gone before they came', async () => {
    const bench = await fieldWith(['ada']);
    const item = lay(bench, 'cap', CELL_CM + 90, 1000);
    walkTo(bench, 'ada', CELL_CM - 10);
    bench.intent('ada', { type: 'pick_up', item });
    bench.tick();

    bench.leave('ada');
    bench.tick(4);
    bench.join('ben');
    bench.tick(4);

    const [cap] = ofKind(bench, 'item');
    expect(cap?.metadata).to.include({ template: 'cap' }).and.not.have.property('for');
    expect(bench.entities('cell 0,0')).to.include(cap);
  });

  it('are had by a picker who comes over the border while its wish is on the way', async () => {
    const bench = await fieldWith(['ada']);
    const item = lay(bench, 'cap', CELL_CM + 90, 1000);
    walkTo(bench, 'ada', CELL_CM + 50);
    head(bench, 'ada', 1, 0);
    bench.intent('ada', { type: 'pick_up', item });

    bench.tick(5);

    expect(bench.where('ada')).to.equal('cell 1,0');
    expect(carried(bench, 'ada')).to.include('cap 1');
    expect(pieces(bench, ['ada']).cap).to.equal(1);
  });

  it('of an older item file are picked up under their new name, and lie where they are when there is nothing like that any more', async () => {
    const bench = await fieldWith(['ada']);
    const [knife, unicorn] = [lay(bench, 'knife', 1000, 1001, 1, 1), lay(bench, 'unicorn', 1000, 1002, 1, 1)];
    for (const item of [knife, unicorn]) bench.intent('ada', { type: 'pick_up', item });

    bench.tick();

    expect(codes(bench, 'ada', 'item_result')).to.deep.equal(['ok', 'item_not_found']);
    expect(carried(bench, 'ada').filter((stack) => stack === 'sword 1')).to.have.length(2);
    expect(ofKind(bench, 'item').map(({ id }) => id)).to.deep.equal([unicorn]);
  });

  it('lie about in a new world, the same in each start', async () => {
    const bench = await fieldWith([], { groundPerCell: [{ template: 'cap', quantity: 1, count: 3 }] });
    const before = ofKind(bench, 'item');

    await bench.init();

    expect(before).to.have.length(12);
    expect(ofKind(bench, 'item')).to.deep.equal(before);
  });
});
