/** Walking over borders, in the world as a whole: what a player sees of it, and how often it is handed over. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { TestWorld } from '../../../src/testing/index.js';
import { CELL_CM, fieldWith, head, isHere, ofKind, place, SETTINGS, seen, TICK_MS, walkTo } from './field.js';

/** Who is beyond a border is seen where it was a tick ago: two who walk towards each other come that much nearer meanwhile. */
const TICKS_WAY_CM = 60;
const HOLD_CM = SETTINGS.handover.marginCm + SETTINGS.handover.epsilonCm;

describe('frontier: borders', () => {
  it('are crossed without a step that is longer or shorter, and with the same avatar', async () => {
    const bench = await fieldWith(['ada']);
    const [avatar] = ofKind(bench, 'player');
    head(bench, 'ada', 1, 0);
    bench.tick();

    const path = Array.from({ length: 60 }, () => {
      bench.tick();
      return place(bench, 'ada').x;
    });

    expect(bench.where('ada')).to.equal('cell 1,0');
    // The bench has a zone's tick after that of the zone it came from, so that one tick counts twice there.
    expect(path.slice(1).filter((x, i) => x - (path[i] ?? 0) !== 30)).to.have.length.at.most(1);
    expect(ofKind(bench, 'player').map(({ id }) => id)).to.deep.equal([avatar?.id]);
    expect(bench.viewOf('ada').cell).to.deep.equal({ column: 1, row: 0 });
  });

  it('keep who walks along them, or over them by less than the margin', async () => {
    const bench = await fieldWith(['ada']);
    walkTo(bench, 'ada', CELL_CM + HOLD_CM - 1);
    head(bench, 'ada', 0, 1);

    bench.tick(20);

    expect(bench.where('ada')).to.equal('cell 0,0');
  });

  it('hand over a player that zigzags for a minute at most once in each rest, and one within the margin never', async () => {
    for (const [legTicks, most] of [
      [3, 0],
      [8, 60_000 / SETTINGS.handover.restMs],
    ] as const) {
      const bench = await fieldWith(['ada']);
      walkTo(bench, 'ada', CELL_CM - 15 * legTicks);
      let handovers = 0;
      for (let tick = 0; tick < 60_000 / TICK_MS; tick++) {
        if (tick % legTicks === 0) head(bench, 'ada', Math.floor(tick / legTicks) % 2 === 0 ? 1 : -1, 0);
        const before = bench.where('ada');
        bench.tick();
        if (bench.where('ada') !== before) handovers++;
      }
      expect(handovers, `${legTicks} ticks each way`).to.be.at.most(most);
      if (most > 0) expect(handovers).to.be.greaterThan(0);
    }
  }).timeout(20_000);

  it('hide nobody: who is within sight is seen at each tick, on whichever side either is', async () => {
    const bench = await fieldWith(['ada', 'ben']);
    walkTo(bench, 'ada', CELL_CM - 100);
    walkTo(bench, 'ben', CELL_CM - 300);
    const [ada, ben] = ofKind(bench, 'player').map(({ id }) => id);
    const missing: string[] = [];

    for (let tick = 0; tick < 200; tick++) {
      head(bench, 'ada', tick % 100 < 40 ? 1 : -1, 0);
      head(bench, 'ben', tick % 80 < 40 ? 1 : -1, 0.1);
      bench.tick();
      // Who is on its way over is shown nothing in that tick.
      if (!isHere(bench, 'ada') || !isHere(bench, 'ben') || distance(bench) > SETTINGS.sightCm - TICKS_WAY_CM) continue;
      if (!seen(bench, 'ada').includes(String(ben))) missing.push(`ada does not see ben in tick ${tick}`);
      if (!seen(bench, 'ben').includes(String(ada))) missing.push(`ben does not see ada in tick ${tick}`);
    }

    expect(missing).to.deep.equal([]);
  });

  it('are stood at by who cannot go over, until it has rested, and then it tries again', async () => {
    const bench = await fieldWith(['ada']);
    bench.removeZone('cell 1,0');
    head(bench, 'ada', 1, 0);

    bench.tick(100);

    const { x } = place(bench, 'ada');
    expect(bench.where('ada')).to.equal('cell 0,0');
    expect(x).to.be.within(CELL_CM, CELL_CM + CELL_CM / 2);
  });

  it('leave every avatar in exactly one zone, wherever everybody walks', async () => {
    const wish = fc.record({
      name: fc.constantFrom('ada', 'ben'),
      x: fc.integer({ min: -1, max: 1 }),
      z: fc.integer({ min: -1, max: 1 }),
      ticks: fc.integer({ min: 1, max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(wish, { maxLength: 15 }), async (wishes) => {
        const bench = await fieldWith(['ada', 'ben']);
        for (const { name, x, z, ticks } of wishes) {
          head(bench, name, x, z);
          for (let tick = 0; tick < ticks; tick++) {
            bench.tick();
            const owners = ofKind(bench, 'player').map(({ metadata }) => metadata.name);
            expect(owners.length).to.be.at.most(2);
            expect(new Set(owners).size).to.equal(owners.length);
          }
        }
      }),
      { numRuns: 15 },
    );
  });
});

function distance(bench: TestWorld): number {
  const [a, b] = [place(bench, 'ada'), place(bench, 'ben')];
  return Math.sqrt((a.x - b.x) ** 2 + (a.z - b.z) ** 2);
}
