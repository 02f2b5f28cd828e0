import { expect } from 'chai';
import type { TestWorld } from '../../../src/testing/index.js';
import { cell, fieldWith, ofKind, walk, walker } from './field.js';

/** A gate right of ada, who stands at (10, 10); it leads to (3, 4) on the hill. */
function gateToTheHill(bench: TestWorld, size = 12): void {
  const { id } = bench.addZone({ name: 'hill', width: size, height: size });
  bench.add('meadow', { x: 11, y: 9, width: 2, height: 3, metadata: { kind: 'gate', name: 'hill', to: id, x: 3, y: 4 } });
}

describe('movement: gates', () => {
  it('take the walker to the other zone, and its player follows', () => {
    const bench = fieldWith('ada');
    gateToTheHill(bench);
    const { id } = walker(bench, 'ada');

    walk(bench, 'ada', 1, 0);
    const onTheWay = bench.where('ada');
    bench.tick();

    expect(onTheWay).to.equal('hill');
    expect(cell(bench, 'ada')).to.deep.equal([3, 4]);
    expect(walker(bench, 'ada').id).to.equal(id);
    expect(bench.viewOf('ada')).to.deep.include({ zone_id: bench.zone('hill').id });
    expect(ofKind(bench, 'walker')).to.deep.equal([]);
  });

  it('let the player remember the new zone', () => {
    const bench = fieldWith('ada');
    gateToTheHill(bench);
    walk(bench, 'ada', 1, 0);
    bench.tick();
    bench.leave('ada');
    bench.tick();

    bench.join('ada');
    bench.tick();

    expect(bench.where('ada')).to.equal('hill');
    expect(cell(bench, 'ada')).to.deep.equal([3, 4]);
  });

  it('ignore what the walker wanted to do after it went through', () => {
    const bench = fieldWith('ada');
    gateToTheHill(bench);
    bench.intent('ada', { type: 'move', dx: 1, dy: 0 });
    bench.intent('ada', { type: 'move', dx: 1, dy: 1 });

    bench.tick(2);

    expect(cell(bench, 'ada')).to.deep.equal([3, 4]);
  });

  it('make room for who arrives where somebody stands', () => {
    const bench = fieldWith('ada');
    gateToTheHill(bench);
    walk(bench, 'ada', 1, 0);
    bench.tick();
    bench.join('ben');
    bench.tick();

    walk(bench, 'ben', 1, 0);
    bench.tick();

    expect(cell(bench, 'ada')).to.deep.equal([3, 4]);
    expect(cell(bench, 'ben')).to.deep.equal([2, 3]);
  });

  it('make room for two who arrive at once', () => {
    const bench = fieldWith('ada', 'ben');
    gateToTheHill(bench);
    walk(bench, 'ben', 1, 0);
    bench.intent('ada', { type: 'move', dx: 1, dy: 0 });
    bench.intent('ben', { type: 'move', dx: 1, dy: 0 });

    bench.tick(2);

    expect([bench.where('ada'), bench.where('ben')]).to.deep.equal(['hill', 'hill']);
    expect(cell(bench, 'ada')).to.not.deep.equal(cell(bench, 'ben'));
  });

  it('that lead nowhere any more leave the walker in front of them, and its player is told why', () => {
    const bench = fieldWith('ada');
    gateToTheHill(bench);
    const hill = bench.zone('hill').id;
    bench.removeZone('hill');

    walk(bench, 'ada', 1, 0);
    bench.tick();

    expect(bench.where('ada')).to.equal('meadow');
    expect(cell(bench, 'ada')).to.deep.equal([10, 10]);
    expect(bench.messages('ada')).to.deep.include({
      playerId: bench.player('ada').id,
      type: 'gate_closed',
      zone_id: hill,
      reason: 'gone',
    });
    walk(bench, 'ada', -1, 0);
    expect(cell(bench, 'ada')).to.deep.equal([9, 10]);
  });

  it('that come out beyond the other zone are closed as well', () => {
    const bench = fieldWith('ada');
    gateToTheHill(bench, 3);

    walk(bench, 'ada', 1, 0);
    bench.tick();

    expect(bench.messages('ada').at(-1)).to.include({ type: 'gate_closed', reason: 'too_small' });
    expect(cell(bench, 'ada')).to.deep.equal([10, 10]);
  });

  it('do not keep a walker whose player was gone when it came back', () => {
    const bench = fieldWith('ada');
    gateToTheHill(bench, 3);
    bench.intent('ada', { type: 'move', dx: 1, dy: 0 });
    bench.tick();

    bench.leave('ada');
    bench.tick(2);

    expect(ofKind(bench, 'walker')).to.deep.equal([]);
    expect(bench.player('ada').state).to.deep.include({ x: 10, y: 10, walker: null });
  });
});
