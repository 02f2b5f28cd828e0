import { expect } from 'chai';
import { cell, field, fieldWith, ofKind, walk, walker } from './field.js';

describe('movement: walkers', () => {
  it('gives a new player a walker in the middle of the zone, and the next one a free cell beside', () => {
    const bench = field();
    bench.join('ada');
    bench.join('ben');

    bench.tick();

    expect(cell(bench, 'ada')).to.deep.equal([10, 10]);
    expect(cell(bench, 'ben')).to.deep.equal([9, 9]);
  });

  it('takes one step each tick, also sideways, and ignores further ones', () => {
    const bench = fieldWith('ada');
    bench.intent('ada', { type: 'move', dx: 1, dy: -1 });
    bench.intent('ada', { type: 'move', dx: 1, dy: 0 });

    bench.tick();

    expect(cell(bench, 'ada')).to.deep.equal([11, 9]);
  });

  it('lets a player walk in the very tick it arrives in', () => {
    const bench = field();
    bench.join('ada');
    bench.intent('ada', { type: 'move', dx: 1, dy: 0 });

    bench.tick();

    expect(cell(bench, 'ada')).to.deep.equal([11, 10]);
  });

  it('is stopped by a wall', () => {
    const bench = fieldWith('ada');
    bench.add('meadow', { x: 11, y: 8, width: 2, height: 5, metadata: { kind: 'wall' } });

    walk(bench, 'ada', 1, 0);

    expect(cell(bench, 'ada')).to.deep.equal([10, 10]);
  });

  it('is stopped by the edge of the zone', () => {
    const bench = fieldWith('ada');

    for (let i = 0; i < 15; i++) walk(bench, 'ada', -1, 0);

    expect(cell(bench, 'ada')).to.deep.equal([0, 10]);
  });

  it('walks over what lies on the ground', () => {
    const bench = fieldWith('ada');
    bench.add('meadow', { x: 11, y: 10, width: 0, height: 0, metadata: { kind: 'item', name: 'daisy' } });

    walk(bench, 'ada', 1, 0);

    expect(cell(bench, 'ada')).to.deep.equal([11, 10]);
  });

  it('gives a cell that two want to the one who asked first', () => {
    const bench = fieldWith('ada', 'ben');
    bench.intent('ben', { type: 'move', dx: 1, dy: 0 });
    bench.intent('ada', { type: 'move', dx: 0, dy: -1 });

    bench.tick();

    expect(cell(bench, 'ben')).to.deep.equal([10, 9]);
    expect(cell(bench, 'ada')).to.deep.equal([10, 10]);
  });

  it('does not let two swap places: a cell that is being left is free in the next tick', () => {
    const bench = fieldWith('ada', 'ben');
    bench.intent('ada', { type: 'move', dx: -1, dy: -1 });
    bench.intent('ben', { type: 'move', dx: 1, dy: 1 });

    bench.tick();

    expect(cell(bench, 'ada')).to.deep.equal([10, 10]);
    expect(cell(bench, 'ben')).to.deep.equal([9, 9]);
  });

  it('goes with its player, whose document keeps where it stood', () => {
    const bench = fieldWith('ada');
    walk(bench, 'ada', 1, 0);

    bench.leave('ada');
    bench.tick();

    expect(ofKind(bench, 'walker')).to.deep.equal([]);
    const zone = bench.zone('meadow').id;
    expect(bench.player('ada').state).to.deep.equal({ walker: null, zone, x: 11, y: 10, items: [] });
  });

  it('stands where it stood when its player comes back', () => {
    const bench = fieldWith('ada');
    walk(bench, 'ada', 1, 0);
    bench.leave('ada');
    bench.tick();

    bench.join('ada');
    bench.tick();

    expect(cell(bench, 'ada')).to.deep.equal([11, 10]);
  });

  it('stands beside when somebody else stands there now', () => {
    const bench = fieldWith('ada');
    bench.leave('ada');
    bench.tick();
    bench.join('ben');
    bench.tick();

    bench.join('ada');
    bench.tick();

    expect(cell(bench, 'ben')).to.deep.equal([10, 10]);
    expect(cell(bench, 'ada')).to.deep.equal([9, 9]);
  });

  it('is the same one when its player drops out and is back before the tick', () => {
    const bench = fieldWith('ada');
    const before = walker(bench, 'ada');

    bench.leave('ada');
    bench.join('ada');
    bench.tick();

    expect(walker(bench, 'ada')).to.deep.equal(before);
  });

  it('is left behind by a player who subscribes elsewhere, and comes anew there', () => {
    const bench = fieldWith('ada');
    bench.addZone({ name: 'hill', width: 6, height: 6 });

    bench.join('ada', 'hill');
    bench.tick(2);

    expect(ofKind(bench, 'walker')).to.deep.equal([]);
    expect(ofKind(bench, 'walker', 'hill')).to.have.length(1);
    expect(cell(bench, 'ada')).to.deep.equal([3, 3]);
  });

  it('is removed when nobody owns it', () => {
    const bench = fieldWith('ada');
    bench.add('meadow', { x: 1, y: 1, metadata: { kind: 'walker', player: 'somebody', name: 'ghost' } });

    bench.tick();

    expect(ofKind(bench, 'walker').map(({ metadata }) => metadata.name)).to.deep.equal(['ada']);
  });

  it('comes as soon as there is room, when the zone was full', () => {
    const bench = field();
    bench.addZone({ name: 'closet', width: 1, height: 1 });
    bench.join('ada', 'closet');
    bench.tick();
    bench.join('ben', 'closet');
    bench.tick();
    const outside = bench.viewOf('ben');

    bench.leave('ada');
    bench.tick(2);

    expect(outside).to.include({ you: null });
    expect(cell(bench, 'ben')).to.deep.equal([0, 0]);
  });

  it('writes no document for a step', () => {
    const bench = fieldWith('ada');
    const before = bench.player('ada');

    walk(bench, 'ada', 1, 0);

    expect(bench.player('ada')).to.equal(before);
  });
});
