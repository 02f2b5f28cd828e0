import { expect } from 'chai';
import { field, fieldWith, ofKind } from './field.js';

const hare = { kind: 'animal', name: 'hare' };

describe('movement: animals', () => {
  it('wander about while somebody is there', () => {
    const bench = fieldWith('ada');
    bench.add('meadow', { x: 5, y: 5, metadata: hare });
    const before = ofKind(bench, 'animal');

    bench.tick(30);

    expect(ofKind(bench, 'animal')).to.not.deep.equal(before);
  });

  it('stay inside the walls, and take a gate for one', () => {
    const bench = fieldWith('ada');
    const { id } = bench.addZone({ name: 'hill', width: 9, height: 9 });
    bench.add('meadow', { x: 5, y: 5, metadata: hare });
    const around = [
      { x: 3, y: 3, width: 5, height: 1 },
      { x: 3, y: 7, width: 5, height: 1 },
      { x: 3, y: 4, width: 1, height: 3 },
    ];
    for (const wall of around) bench.add('meadow', { ...wall, metadata: { kind: 'wall' } });
    bench.add('meadow', { x: 7, y: 4, width: 1, height: 3, metadata: { kind: 'gate', to: id, name: 'hill', x: 1, y: 1 } });

    bench.tick(200);

    const [animal] = ofKind(bench, 'animal');
    expect(animal?.x).to.be.within(4, 6);
    expect(animal?.y).to.be.within(4, 6);
    expect(bench.entities('hill')).to.deep.equal([]);
  });

  it('do not keep a zone awake, and go on when somebody comes', () => {
    const bench = field();
    bench.add('meadow', { x: 5, y: 5, metadata: hare });
    bench.tick(50);
    const asleep = ofKind(bench, 'animal');

    bench.join('ada');
    bench.tick(30);

    expect(asleep[0]).to.include({ x: 5, y: 5 });
    expect(ofKind(bench, 'animal')).to.not.deep.equal(asleep);
  });
});
