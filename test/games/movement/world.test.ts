import { expect } from 'chai';
import movement from '../../../games/movement/index.js';
import { PLACES, SCALE } from '../../../games/movement/maps.js';
import { createTestWorld, TestWorld } from '../../../src/testing/index.js';
import { cell, ofKind } from './field.js';

describe('movement: the world', () => {
  for (const { name, map } of PLACES) {
    it(`has a map of the ${name} that is a rectangle, closed but for its gates`, () => {
      const width = map[0]?.length ?? 0;
      const border = [map[0], map.at(-1), ...map.map((line) => line.charAt(0) + line.charAt(width - 1))].join('');

      expect(new Set(map.map((line) => line.length))).to.deep.equal(new Set([width]));
      expect(border).to.match(/^[#A-Z]+$/);
    });

    it(`has no corner of the ${name} that cannot be walked to`, async () => {
      const bench = await createTestWorld(movement);
      const start = `${bench.zone(name).width >> 1},${bench.zone(name).height >> 1}`;
      const open = new Set(
        map.flatMap((line, row) => [...line].flatMap((sign, column) => (sign === '#' ? [] : cellsOf(column, row)))),
      );

      const reached = flood(start, open);

      expect([...open].filter((each) => !reached.has(each))).to.deep.equal([]);
    });
  }

  it('has gates that come out in front of the gate back', async () => {
    const bench = await createTestWorld(movement);
    const zones = new Map(bench.zones().map((zone) => [zone.id, zone.name]));

    for (const { name } of PLACES) {
      for (const { metadata } of ofKind(bench, 'gate', name)) {
        const there = zones.get(String(metadata.to)) ?? '';
        const back = ofKind(bench, 'gate', there).find((gate) => gate.metadata.name === name);
        const [x, y] = [Number(metadata.x), Number(metadata.y)];
        const distance = back && Math.max(gap(x, back.x, back.width), gap(y, back.y, back.height));
        const taken = bench
          .entities(there)
          .filter((it) => it.width > 0 && gap(x, it.x, it.width) + gap(y, it.y, it.height) === 0);

        expect(distance, `${name} to ${there}`).to.equal(1);
        expect(taken, `${name} to ${there}`).to.deep.equal([]);
      }
    }
  });

  it('can be walked from any zone to any other', async () => {
    const bench = await createTestWorld(movement);
    const links = PLACES.map(({ name }) => ofKind(bench, 'gate', name).map(({ metadata }) => metadata.name));

    expect(links).to.deep.equal([
      ['orchard', 'fen'],
      ['meadow', 'quarry'],
      ['meadow', 'quarry'],
      ['orchard', 'fen'],
    ]);
  });

  it('begins in the middle of the meadow', async () => {
    const bench = await createTestWorld(movement);
    bench.join('ada');
    bench.tick();

    expect(bench.where('ada')).to.equal('meadow');
    expect(cell(bench, 'ada')).to.deep.equal([24, 16]);
  });

  it('begins nowhere when there is no meadow', () => {
    const nobody = { id: 'p', username: 'ada', state: null };

    expect(movement.place?.(nobody, [])).to.equal(null);
  });

  it('keeps what players changed when the server starts again', async () => {
    const bench = await createTestWorld(movement);
    bench.join('ada');
    bench.tick(20);
    const before = bench.entities('meadow');

    await bench.init();

    expect(bench.entities('meadow')).to.deep.equal(before);
  });

  it('leaves a zone empty that somebody made under its name in another size', async () => {
    const bench = new TestWorld(movement);
    bench.addZone({ name: 'orchard', width: 5, height: 5 });

    await bench.init();

    expect(bench.entities('orchard')).to.deep.equal([]);
    expect(bench.entities('meadow')).to.not.deep.equal([]);
  });
});

function cellsOf(column: number, row: number): string[] {
  const offsets = Array.from({ length: SCALE * SCALE }, (_, i) => [i % SCALE, Math.floor(i / SCALE)]);
  return offsets.map(([dx = 0, dy = 0]) => `${column * SCALE + dx},${row * SCALE + dy}`);
}

function flood(start: string, open: ReadonlySet<string>): Set<string> {
  const reached = new Set([start]);
  for (const at of reached) {
    const [x = 0, y = 0] = at.split(',').map(Number);
    for (const next of [`${x + 1},${y}`, `${x - 1},${y}`, `${x},${y + 1}`, `${x},${y - 1}`])
      if (open.has(next)) reached.add(next);
  }
  return reached;
}

/** How far a cell is from a stretch of cells on one axis; 0: in it. */
function gap(at: number, from: number, length: number): number {
  return Math.max(from - at, at - (from + length - 1), 0);
}
