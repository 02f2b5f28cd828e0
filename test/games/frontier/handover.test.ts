import { expect } from 'chai';
import fc from 'fast-check';
import type { Cell, Point } from '../../../games/frontier/grid.js';
import { crossing, neighborOf, restUntil } from '../../../games/frontier/handover.js';
import { CELL_CM, rulesWith, TICK_MS } from './field.js';

const { settings, grid } = rulesWith({ world: { columns: 4, rows: 4, cellCm: CELL_CM } });
const { marginCm, epsilonCm, restMs } = settings.handover;
const HOLD_CM = marginCm + epsilonCm;
const STEP_CM = (settings.movement.speedCmPerS * TICK_MS) / 1000;
const CELL: Cell = { column: 1, row: 1 };
const RESTED = { restsUntil: 0, now: 1_000_000 };

describe('frontier: handover', () => {
  it('leaves one in its cell that stands on the border, or past it by no more than the margin', () => {
    for (const past of [0, 1, marginCm, HOLD_CM - 1]) {
      expect(over({ x: 2 * CELL_CM + past, z: 2500 }), `${past} to the east`).to.equal(null);
      expect(over({ x: CELL_CM - past, z: 2500 }), `${past} to the west`).to.equal(null);
    }
  });

  it('hands it over past the margin by the epsilon, alike on all four sides', () => {
    expect(over({ x: 2 * CELL_CM + HOLD_CM, z: 2500 })).to.deep.equal({ columns: 1, rows: 0 });
    expect(over({ x: CELL_CM - HOLD_CM, z: 2500 })).to.deep.equal({ columns: -1, rows: 0 });
    expect(over({ x: 2500, z: 2 * CELL_CM + HOLD_CM })).to.deep.equal({ columns: 0, rows: 1 });
    expect(over({ x: 2500, z: CELL_CM - HOLD_CM })).to.deep.equal({ columns: 0, rows: -1 });
  });

  it('takes each axis for itself at a corner', () => {
    expect(over({ x: 2 * CELL_CM + HOLD_CM, z: 2 * CELL_CM + 1 })).to.deep.equal({ columns: 1, rows: 0 });
    expect(over({ x: 2 * CELL_CM + HOLD_CM, z: 2 * CELL_CM + HOLD_CM })).to.deep.equal({ columns: 1, rows: 1 });
  });

  it('lets one rest after a crossing, until the very millisecond', () => {
    const at = { x: 2 * CELL_CM + HOLD_CM, z: 2500 };
    const restsUntil = restUntil(5000, settings.handover);

    expect(crossing(grid, CELL, at, { restsUntil, now: 5000 + restMs - 1 }, settings.handover)).to.equal(null);
    expect(crossing(grid, CELL, at, { restsUntil, now: 5000 + restMs }, settings.handover)).to.not.equal(null);
  });

  it('never hands over one that stays within the margin of a border, however it zigzags', () => {
    const within = fc.integer({ min: -HOLD_CM + 1, max: HOLD_CM - 1 });
    fc.assert(
      fc.property(fc.array(within, { minLength: 10, maxLength: 100 }), (zigzag) => {
        const path = zigzag.map((past) => ({ x: 2 * CELL_CM + past, z: 2500 }));

        expect(crossings(path)).to.deep.equal([]);
      }),
    );
  });

  it('never hands one over twice within its rest, nor without its having gone twice the margin back, wherever it walks', () => {
    const step = fc.record({
      x: fc.integer({ min: -STEP_CM, max: STEP_CM }),
      z: fc.integer({ min: -STEP_CM, max: STEP_CM }),
      ticks: fc.integer({ min: 1, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (legs) => {
        let at: Point = { x: 2 * CELL_CM, z: 2 * CELL_CM };
        const path = legs.flatMap(({ x, z, ticks }) =>
          Array.from({ length: ticks }, () => {
            at = { x: at.x + x, z: at.z + z };
            return at;
          }),
        );
        const times = crossings(path);

        for (const [i, now] of times.entries()) {
          const before = times[i - 1];
          if (!before) continue;
          expect(now.ms - before.ms).to.be.at.least(restMs);
          const isBack = now.to.column === before.from.column && now.to.row === before.from.row;
          if (isBack)
            expect(Math.max(Math.abs(now.at.x - before.at.x), Math.abs(now.at.z - before.at.z))).to.be.at.least(2 * HOLD_CM);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('hands over one that runs to and fro for a minute at most once in each rest', () => {
    const ticks = 60_000 / TICK_MS;
    for (const legTicks of [1, 2, 4, 5, 10, 20]) {
      let x = 2 * CELL_CM;
      const path = Array.from({ length: ticks }, (_, tick) => {
        x += Math.floor(tick / legTicks) % 2 === 0 ? STEP_CM : -STEP_CM;
        return { x, z: 2500 };
      });

      expect(crossings(path).length, `${legTicks} ticks each way`).to.be.at.most(60_000 / restMs);
    }
  });
});

function over(at: Point) {
  return crossing(grid, CELL, at, RESTED, settings.handover);
}

/** Walks a path from cell 1,1 on, a point in each tick, as the game does: no further than the zone reaches. */
function crossings(path: readonly Point[]): { ms: number; from: Cell; to: Cell; at: Point }[] {
  const found: { ms: number; from: Cell; to: Cell; at: Point }[] = [];
  let [cell, restsUntil] = [CELL, 0];
  for (const [tick, wanted] of path.entries()) {
    const ms = 1_000_000 + tick * TICK_MS;
    const at = grid.clamp(cell, wanted);
    const way = crossing(grid, cell, at, { restsUntil, now: ms }, settings.handover);
    if (!way || !grid.has(neighborOf(cell, way))) continue;
    const to = neighborOf(cell, way);
    found.push({ ms, from: cell, to, at });
    [cell, restsUntil] = [to, restUntil(ms, settings.handover)];
  }
  return found;
}
