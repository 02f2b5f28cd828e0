import { expect } from 'chai';
import { layOut } from '../../../web/console/layout.js';

function zones(count: number, width = 10, height = 10) {
  return Array.from({ length: count }, (_, index) => ({ id: `${index}`, name: `${index}`, width, height }));
}

describe('the map of a console', () => {
  it('lays connected zones as they are connected, from whichever one it begins', () => {
    const links = [
      [0, 1, 10, 0],
      [1, 0, -10, 0],
      [1, 2, 0, -10],
      [2, 1, 0, 10],
    ] as const;

    expect(layOut({ zones: zones(3), links })).to.deep.equal([
      { x: 0, y: 10 },
      { x: 10, y: 10 },
      { x: 10, y: 0 },
    ]);
  });

  it('lays what is not connected apart, in rows, and nothing over anything else', () => {
    const places = layOut({ zones: zones(30, 12, 7), links: [] });

    for (const [one, a] of places.entries()) {
      for (const b of places.slice(one + 1)) {
        expect(Math.abs(a.x - b.x) >= 12 || Math.abs(a.y - b.y) >= 7, JSON.stringify([a, b])).to.equal(true);
      }
    }
    expect(new Set(places.map(({ y }) => y)).size).to.be.within(3, 9);
  });
});
