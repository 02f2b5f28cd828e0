import { expect } from 'chai';
import fc from 'fast-check';
import { CELL_CM, rulesWith } from './field.js';

const { grid } = rulesWith({ world: { columns: 3, rows: 2, cellCm: CELL_CM } });

describe('frontier: the grid', () => {
  it('has a cell for each place of the world, and knows its zone again', () => {
    expect(grid.cells()).to.have.length(6);
    const zone = {
      id: 'z',
      name: grid.nameOf({ column: 2, row: 1 }),
      width: grid.sideCm,
      height: grid.sideCm,
      metadata: { column: 2, row: 1 },
    };

    expect(grid.cellOf(zone)).to.deep.equal({ column: 2, row: 1 });
  });

  it('takes no zone for a cell that has another size, another name, or no place in the world', () => {
    const side = { width: grid.sideCm, height: grid.sideCm };
    const metadata = { column: 1, row: 1 };
    const zones = [
      { id: 'z', name: 'cell 1,1', width: 5, height: 5, metadata },
      { id: 'z', name: 'cell 1,0', ...side, metadata },
      { id: 'z', name: 'cell 3,0', ...side, metadata: { column: 3, row: 0 } },
      { id: 'z', name: 'market', ...side, metadata: {} },
    ];

    expect(zones.map((zone) => grid.cellOf(zone))).to.deep.equal([null, null, null, null]);
  });

  it('gives a point of the world one place in each zone that it lies in, and back', () => {
    const cell = fc.constantFrom(...grid.cells());
    const at = fc.integer({ min: 0, max: 6000 });
    fc.assert(
      fc.property(cell, at, at, (each, x, z) => {
        expect(grid.toWorld(each, grid.toZone(each, { x, z }))).to.deep.equal({ x, z });
      }),
    );
  });

  it('clamps to what is in the world and in the zone', () => {
    const cell = { column: 0, row: 0 };

    expect(grid.clamp(cell, { x: -5, z: 9999 })).to.deep.equal({ x: 0, z: CELL_CM + grid.rimCm - 1 });
    expect(grid.clamp({ column: 2, row: 1 }, { x: 99999, z: 99999 })).to.deep.equal({ x: 3 * CELL_CM - 1, z: 2 * CELL_CM - 1 });
  });

  it('measures how far past an edge a point is, on the edge not at all', () => {
    const cell = { column: 1, row: 0 };

    expect(grid.pastEdges(cell, { x: CELL_CM, z: 0 })).to.deep.equal({ x: 0, z: 0 });
    expect(grid.pastEdges(cell, { x: CELL_CM - 7, z: CELL_CM })).to.deep.equal({ x: -7, z: 0 });
    expect(grid.pastEdges(cell, { x: 2 * CELL_CM + 3, z: CELL_CM + 9 })).to.deep.equal({ x: 3, z: 9 });
  });

  it('keeps whoever is inside of a zone on cells of that zone', () => {
    const side = fc.integer({ min: -9000, max: 9000 });
    fc.assert(
      fc.property(fc.constantFrom(...grid.cells()), side, side, (cell, x, z) => {
        const place = grid.toZone(cell, grid.clamp(cell, { x, z }));

        expect(place.x).to.be.within(0, grid.sideCm - 1);
        expect(place.y).to.be.within(0, grid.sideCm - 1);
      }),
    );
  });
});
