import { expect } from 'chai';
import { seededRandom } from '../../../../src/tools/bot.js';
import { CrossingTally } from '../../../../src/tools/minds/crossing-tally.js';
import { StraightWalk } from '../../../../src/tools/minds/straight-walk.js';

describe('a straight walk', () => {
  let tally: CrossingTally;
  let mind: StraightWalk;
  beforeEach(() => {
    tally = new CrossingTally();
    mind = new StraightWalk(tally, seededRandom(3));
  });

  it('says where it goes, and says it again from time to time', () => {
    const wishes = Array.from({ length: 40 }, (_, i) => mind.wishes(shown(2 * i, { vx: 500, vz: 60 }))).flat();

    expect(wishes).to.have.length(4);
    expect(new Set(wishes.map((wish) => JSON.stringify(wish))).size).to.equal(1);
    expect(wishes[0]?.form).to.equal('message');
  });

  it('turns back where the world ends, once', () => {
    const before = headings(Array(20).fill({ vx: 500, vz: 60 }));
    const after = headings([{ vx: 0, vz: 60 }, ...Array(20).fill({ vx: -500, vz: 60 })]);

    expect(after.at(0)?.x).to.equal(0 - Number(before.at(-1)?.x));
    expect(new Set(after.map(({ x }) => x)).size).to.equal(1);
    expect(after.at(-1)?.z).to.equal(before.at(-1)?.z);
  });

  it('measures a handover until the first view, and the ticks that lie between', () => {
    mind.wishes(shown(10, { vx: 500, vz: 60 }));
    mind.crossed(100);
    mind.wishes({ ...shown(13, { vx: 500, vz: 60 }), atMs: 160 });

    const summary = tally.summary(2);

    expect(tally.handovers).to.equal(1);
    expect(summary)
      .to.match(/view to view there +3 ticks 1\n/)
      .and.match(/gaps over a view +0\n/);
    expect(tally.latencies.quantile(0.5)).to.be.closeTo(60, 2);
  });

  it('waits for an avatar', () => {
    expect(mind.wishes({ tick: 1, state: { player: null }, atMs: 0 })).to.deep.equal([]);
  });

  function headings(speeds: readonly { vx: number; vz: number }[]): { x: number; z: number }[] {
    const wishes = speeds.flatMap((speed, i) => mind.wishes(shown(2 * i, speed)));
    return wishes.map(({ data }) => data.intent as { x: number; z: number });
  }
});

function shown(tick: number, speed: { vx: number; vz: number }) {
  return { tick, atMs: tick * 50, state: { player: { x: 5, z: 5, ...speed }, sight_cm: 1000, entities: [] } };
}
