import { expect } from 'chai';
import type { TestWorld } from '../../../src/testing/index.js';
import { field, fieldWith, ofKind, SETTINGS, seen } from './field.js';

const FEW = { ...SETTINGS.bots, min: 3, max: 5 };

describe('frontier: bots', () => {
  it('come to a live cell until it has the least number, so many in a tick', async () => {
    const bench = await fieldWith(['ada'], { bots: FEW });

    const counts = [0, 1, 2, 3].map(() => {
      bench.tick();
      return living(bench, 'cell 0,0');
    });

    // The first tick had no avatar yet when it counted.
    expect(counts.at(-1)).to.equal(3);
    expect(counts.every((count, i) => i === 0 || count - (counts[i - 1] ?? 0) <= 1)).to.equal(true);
  });

  it('go one by one where there are too many, and never below the least number', async () => {
    const bench = await fieldWith(['ada'], { bots: { ...FEW, speedCmPerS: 0 } });
    for (let i = 0; i < 12; i++) bench.add('cell 0,0', bot(i));
    const counts: number[] = [];
    for (let tick = 0; tick < 100; tick++) {
      bench.tick();
      counts.push(living(bench, 'cell 0,0'));
    }

    expect(counts.at(-1)).to.equal(5);
    const losses = counts.slice(1).map((count, i) => (counts[i] ?? 0) - count);
    expect(Math.max(...losses)).to.equal(1);
    // One in every `removeEveryTicks`, not faster.
    expect(losses.lastIndexOf(1)).to.be.at.least((12 + 1 - 5 - 1) * FEW.removeEveryTicks);
  });

  it('wander, over borders too, and stay in the world', async () => {
    const bench = await fieldWith(['ada'], { bots: { ...FEW, min: 20, speedCmPerS: 600, max: 40 } });
    bench.tick(20);
    const before = new Map(ofKind(bench, 'bot').map(({ id, x, y }) => [id, { x, y }]));

    bench.tick(40);

    const after = ofKind(bench, 'bot');
    expect(after.filter(({ id, x, y }) => before.get(id)?.x !== x || before.get(id)?.y !== y)).to.have.length(after.length);
    expect(new Set(after.map(({ id }) => id)).size).to.equal(after.length);
    expect(living(bench, 'cell 1,0') + living(bench, 'cell 0,1')).to.be.greaterThan(0);
  });

  it('are seen, with a name and a kind', async () => {
    const bench = await fieldWith(['ada'], { bots: { ...FEW, min: 12, max: 20 } });
    bench.tick(12);

    const bots = (bench.viewOf('ada').entities as { kind: string; name: string }[]).filter(({ kind }) => kind === 'bot');

    expect(bots.length).to.be.greaterThan(0);
    expect(bots.every(({ name }) => name.startsWith('passer-by '))).to.equal(true);
    expect(seen(bench, 'ada')).to.have.length(bots.length);
  });

  it('stand still where nobody can see them, so that they wake no zone for one another', async () => {
    const bench = await field({ bots: { ...FEW, max: 50 } });
    for (let i = 0; i < 3; i++) bench.add('cell 1,1', bot(i));
    const before = ofKind(bench, 'bot').map(({ x, y }) => [x, y]);
    bench.addZone({ name: 'elsewhere', width: 10, height: 10 });
    bench.join('ada', 'cell 1,1');
    bench.leave('ada');
    bench.tick(5);

    expect(ofKind(bench, 'bot').map(({ x, y }) => [x, y])).to.deep.equal(before);
  });
});

function living(bench: TestWorld, zone: string): number {
  return bench.entities(zone).filter(({ metadata }) => metadata.kind === 'bot' || metadata.kind === 'player').length;
}

function bot(index: number) {
  const metadata = { kind: 'bot', name: `passer-by ${index}`, vx: 0, vz: 0, heading: { x: 1, z: 0 }, restsUntil: 0 };
  return { x: 1000 + index, y: 1000, width: 0, height: 0, metadata };
}
