/**
 * No seam: the same wishes in one world, cut into 1, 4 and 16 zones, each on this thread and on two others. What the cuts may
 * change, and nothing else, is said here with its bound (docs/frontier.md says it to players):
 * - in the tick in which it goes over a border a player is shown nothing; its way goes on without a step lost;
 * - who is over a border is shown where it was one tick ago, never earlier: at most a step from where it is;
 * - so who is within a step of the rim of a player's sight may be seen or not;
 * - what is laid down over a border is seen a tick later.
 * Between threads nothing may differ.
 */
import { expect } from 'chai';
import { PLAYERS, type Played, plain, play } from './playing.js';
import { distance, type Glance, type Place, SIGHT_CM, STEP_CM } from './seamless.js';
import world1 from './world-1x1.js';
import world2 from './world-2x2.js';
import world4 from './world-4x4.js';

describe('frontier: a world that is cut into zones', function () {
  this.timeout(60_000);
  let whole: Played;
  let cut: ReadonlyMap<string, Played>;

  before(async () => {
    whole = await play(world1, null);
    cut = new Map([
      ['2×2', await play(world2, null)],
      ['4×4', await play(world4, null)],
    ]);
  });

  it('lets every player walk the same way, and shows it everything but the very tick of a crossing', () => {
    for (const [name, played] of cut) {
      let crossed = 0;
      for (const player of PLAYERS) {
        const [own, there] = [glancesOf(played, player), glancesOf(whole, player)];
        const astray = [...own].filter(([tick, { at }]) => !isAt(there.get(tick)?.at, at));
        const missing = [...there.keys()].filter((tick) => !own.has(tick));
        const unexplained = missing.filter((tick) => own.get(tick - 1)?.zone === own.get(tick + 1)?.zone);
        expect({ astray, unexplained }, `${player} in ${name}`).to.deep.equal({ astray: [], unexplained: [] });
        expect(missing.length, `crossings of ${player} in ${name}`).to.equal(crossings(own));
        crossed += missing.length;
      }
      expect(crossed, name).to.be.greaterThan(4);
    }
  });

  it('shows everybody within sight, where it is or where it was one tick ago', () => {
    for (const [name, played] of cut) {
      let overBorders = 0;
      for (const player of PLAYERS) {
        for (const other of PLAYERS.filter((one) => one !== player)) {
          for (const [tick, glance] of glancesOf(played, player)) {
            const wrong = wrongWith(glance, glancesOf(whole, other), other, tick);
            if (wrong) expect.fail(`${player} looks at ${other} in tick ${tick} in ${name}: ${wrong}`);
            const isBeyond = glancesOf(played, other).get(tick)?.zone !== glance.zone;
            if (isBeyond && glance.seen.has(other)) overBorders += 1;
          }
        }
      }
      expect(overBorders, `sights over a border in ${name}`).to.be.greaterThan(100);
    }
  });

  it('shows what lies within sight, over a border at most a tick late', () => {
    for (const [name, played] of cut) {
      let late = 0;
      for (const player of PLAYERS) {
        const there = glancesOf(whole, player);
        for (const [tick, { things }] of glancesOf(played, player)) {
          const all = there.get(tick)?.things ?? new Set();
          const missing = [...all].filter((thing) => !things.has(thing));
          expect(
            [...things].filter((thing) => !all.has(thing)),
            `${player} in tick ${tick} in ${name}`,
          ).to.deep.equal([]);
          expect(
            missing.filter((thing) => !isFresh(thing, tick)),
            `${player} in tick ${tick} in ${name}`,
          ).to.deep.equal([]);
          late += missing.length;
        }
      }
      expect(late, `things seen late in ${name}`).to.be.greaterThan(0);
    }

    /** Nobody saw it a tick before. */
    function isFresh(thing: string, tick: number): boolean {
      return PLAYERS.every(
        (player) =>
          !glancesOf(whole, player)
            .get(tick - 1)
            ?.things.has(thing),
      );
    }
  });

  // As fewer zones: test/faults/seam.faults.ts.
  it('is the same to everybody on this thread and on two workers', async () => {
    const elsewhere = await play(world4, 'world-4x4.js');

    expect(plain(elsewhere) === plain(cut.get('4×4') ?? whole)).to.equal(true);
  });
});

/** null: it is seen as it should be. `way`: where the one that is looked at walked, in the world without a cut. */
function wrongWith({ at, seen }: Glance, way: ReadonlyMap<number, Glance>, other: string, tick: number): string | null {
  const [now, before] = [way.get(tick)?.at, way.get(tick - 1)?.at];
  if (!now || !before) return null; // it has only just come
  const shown = seen.get(other);
  if (shown && !isAt(now, shown) && !isAt(before, shown)) return `shown at ${shown.x},${shown.z}, and was never there`;
  if (!shown && distance(at, now) <= SIGHT_CM - STEP_CM) return 'not seen, although it is near';
  return shown && distance(at, now) > SIGHT_CM + STEP_CM ? 'seen, although it is far away' : null;
}

function glancesOf(played: Played, player: string): ReadonlyMap<number, Glance> {
  return played.get(player) ?? new Map();
}

function isAt(place: Place | undefined, { x, z }: Place): boolean {
  return place?.x === x && place.z === z;
}

function crossings(own: ReadonlyMap<number, Glance>): number {
  const zones = [...own.values()].map(({ zone }) => zone);
  return zones.filter((zone, index) => index > 0 && zone !== zones[index - 1]).length;
}
