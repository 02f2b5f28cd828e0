import { expect } from 'chai';
import fc from 'fast-check';
import type { Area } from '../../../games/contract.js';
import { EntityIndex } from '../../../src/simulation/entity-index.js';

const ZONE = { width: 100, height: 80 };

describe('the grid index of a zone', () => {
  it('finds what covers a cell, and not what only touches it', () => {
    const index = indexOf([{ x: 2, y: 2, width: 3, height: 2 }]);

    expect(index.at(4, 3)).to.have.length(1);
    expect(index.at(5, 3)).to.have.length(0);
    expect(index.at(1, 2)).to.have.length(0);
  });

  it('does not let rectangles overlap that touch', () => {
    const index = indexOf([{ x: 0, y: 0, width: 4, height: 4 }]);

    expect(index.overlapping({ x: 4, y: 0, width: 4, height: 4 })).to.have.length(0);
    expect(index.overlapping({ x: 4, y: 4, width: 1, height: 1 })).to.have.length(0);
    expect(index.overlapping({ x: 3, y: 3, width: 1, height: 1 })).to.have.length(1);
  });

  it('finds a 0×0 thing by its point and by area, and lets it overlap nothing', () => {
    const index = indexOf([{ x: 5, y: 5, width: 0, height: 0 }]);

    expect(index.at(5, 5)).to.have.length(1);
    expect(index.inArea({ x: 5, y: 5, width: 1, height: 1 })).to.have.length(1);
    expect(index.inArea({ x: 4, y: 5, width: 1, height: 1 })).to.have.length(0);
    expect(index.overlapping({ x: 0, y: 0, width: 20, height: 20 })).to.have.length(0);
  });

  it('takes a zero side as a line of one cell where things are found', () => {
    const index = indexOf([{ x: 5, y: 5, width: 0, height: 3 }]);

    expect(index.at(5, 7)).to.have.length(1);
    expect(index.at(5, 8)).to.have.length(0);
    expect(index.overlapping({ x: 0, y: 0, width: 20, height: 20 })).to.have.length(0);
  });

  it('finds what covers the point of a 0×0 area', () => {
    const index = indexOf([{ x: 0, y: 0, width: 9, height: 9 }]);

    expect(index.inArea({ x: 8, y: 8, width: 0, height: 0 })).to.have.length(1);
    expect(index.inArea({ x: 9, y: 8, width: 0, height: 0 })).to.have.length(0);
  });

  it('holds five thousand in one cell, and their neighbours are found without them', () => {
    const crowd = Array.from({ length: 5_000 }, () => ({ x: 50, y: 40, width: 1, height: 1 }));
    const index = indexOf([...crowd, { x: 51, y: 40, width: 1, height: 1 }]);

    expect(index.at(50, 40)).to.have.length(5_000);
    expect(index.at(51, 40)).to.have.length(1);
    expect(index.inArea({ x: 50, y: 40, width: 2, height: 1 })).to.have.length(5_001);
    expect(index.overlapping({ x: 51, y: 40, width: 1, height: 1 })).to.have.length(1);
    for (const one of index.at(50, 40)) index.remove(one);
    expect(index.inArea({ x: 0, y: 0, ...ZONE })).to.have.length(1);
  });

  it('finds one that has walked over all the ground, where it is and nowhere else', () => {
    let walker = { x: 0, y: 0, width: 1, height: 1 };
    const index = indexOf([walker, { x: 99, y: 79, width: 1, height: 1 }]);
    for (let at = 1; at < ZONE.width * ZONE.height; at += 5) {
      const next = { ...walker, x: at % ZONE.width, y: Math.floor(at / ZONE.width) };
      index.replace(walker, next);
      expect(index.at(walker.x, walker.y)).to.have.length(0);
      walker = next;
    }

    expect(index.at(walker.x, walker.y)).to.deep.equal([walker]);
    expect(index.inArea({ x: 0, y: 0, ...ZONE })).to.have.length(2);
  });

  it('takes a thing as wide as the largest zone as one entry', () => {
    const index = new EntityIndex<Area>({ width: 1_000_000, height: 1_000_000 });
    const mountain = { x: 0, y: 0, width: 1_000_000, height: 1_000_000 };
    index.insert(mountain);
    index.insert({ x: 999_999, y: 999_999, width: 1, height: 1 });

    expect(index.at(999_999, 999_999)).to.have.length(2);
    expect(index.inArea(mountain)).to.have.length(2);
    index.remove(mountain);
    expect(index.at(999_999, 999_999)).to.have.length(1);
  });

  it('answers nothing to questions that make no sense', () => {
    const index = indexOf([{ x: 0, y: 0, width: 3, height: 3 }]);

    expect(index.at(Number.NaN, 0)).to.deep.equal([]);
    expect(index.at(-1, -1)).to.deep.equal([]);
    expect(index.inArea({ x: 0, y: 0, width: -5, height: 2 })).to.deep.equal([]);
    expect(index.inArea({ x: -1, y: -1, width: Number.POSITIVE_INFINITY, height: Number.POSITIVE_INFINITY })).to.have.length(1);
  });

  it('throws when something is removed that is not there', () => {
    const index = indexOf([{ x: 0, y: 0, width: 1, height: 1 }]);

    expect(() => index.remove({ x: 0, y: 0, width: 1, height: 1 })).to.throw('not in it');
  });

  it('answers as a list that is looked through would', () => {
    const change = fc.oneof(
      fc.record({ type: fc.constant('insert' as const), area: inside() }),
      fc.record({ type: fc.constant('remove' as const), pick: fc.nat() }),
      fc.record({ type: fc.constant('move' as const), pick: fc.nat(), area: inside() }),
    );
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 60 }),
        fc.array(question(), { minLength: 1, maxLength: 6 }),
        (changes, questions) => {
          const index = new EntityIndex<Area>(ZONE);
          const naive: Area[] = [];
          for (const made of changes) {
            const place = made.type === 'insert' ? 0 : made.pick % Math.max(1, naive.length);
            const standing = naive[place];
            if (made.type === 'insert') {
              index.insert(made.area);
              naive.push(made.area);
            } else if (standing && made.type === 'remove') {
              index.remove(standing);
              naive.splice(place, 1);
            } else if (standing && made.type === 'move') {
              index.replace(standing, made.area);
              naive[place] = made.area;
            }
          }

          for (const area of questions) {
            expect(index.inArea(area)).to.have.members(naive.filter((item) => shareCells(item, area)));
            expect(index.overlapping(area)).to.have.members(naive.filter((item) => shareGround(item, area)));
            expect(index.at(area.x, area.y)).to.have.members(
              naive.filter((item) => shareCells(item, { ...area, width: 1, height: 1 })),
            );
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

function indexOf(areas: readonly Area[]): EntityIndex<Area> {
  const index = new EntityIndex<Area>(ZONE);
  for (const area of areas) index.insert(area);
  return index;
}

/** Small ones, points, lines and some that are larger than the index puts into buckets. */
function inside(): fc.Arbitrary<Area> {
  const side = fc.oneof({ weight: 3, arbitrary: fc.nat(4) }, { weight: 1, arbitrary: fc.nat(60) });
  return fc.record({ width: side, height: side, left: fc.nat(), top: fc.nat() }).map(({ width, height, left, top }) => ({
    x: left % (ZONE.width - Math.max(width, 1) + 1),
    y: top % (ZONE.height - Math.max(height, 1) + 1),
    width,
    height,
  }));
}

function question(): fc.Arbitrary<Area> {
  const cell = fc.integer({ min: -5, max: 110 });
  return fc.record({ x: cell, y: cell, width: fc.nat(120), height: fc.nat(30) });
}

function shareCells(item: Area, area: Area): boolean {
  const cells = (from: number, side: number) => ({ from, to: from + Math.max(side, 1) });
  const meet = (a: { from: number; to: number }, b: { from: number; to: number }) => a.from < b.to && b.from < a.to;
  return (
    meet(cells(item.x, item.width), cells(area.x, area.width)) && meet(cells(item.y, item.height), cells(area.y, area.height))
  );
}

function shareGround(item: Area, area: Area): boolean {
  return item.width * item.height > 0 && area.width * area.height > 0 && shareCells(item, area);
}
