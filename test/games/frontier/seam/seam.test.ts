/**
 * No seam: the same wishes in one world, cut into 1, 4 and 16 zones, on this thread, and the most of them on two others. What the cuts may
 * change, and nothing else, is said here with its bound:
 * - in the tick in which it goes over a border a player is shown nothing; its way goes on without a step lost;
 * - who is over a border is shown where it was one tick ago, never earlier: at most a step from where it is;
 * - so who is within a step of the rim of a player's sight may be seen or not.
 */
import { join } from 'node:path';
import { expect } from 'chai';
import type { GameModule } from '../../../../games/contract.js';
import { type Pooled, pooled } from '../../../support/pooled.js';
import type { TestClient } from '../../../support/test-client.js';
import { TestWorld } from '../../../support/world.js';
import { distance, type Glance, glances, headingOf, type Place, SIGHT_CM, STEP_CM } from './seamless.js';
import world1 from './world-1x1.js';
import world2 from './world-2x2.js';
import world4 from './world-4x4.js';

const PLAYERS = ['ada', 'ben', 'cid', 'dot', 'eve'];
const TICKS = 165;
/** So long everybody walks one way. */
const LEG_TICKS = 80;

/** What everybody was shown, by name and then by tick. */
type Played = ReadonlyMap<string, ReadonlyMap<number, Glance>>;

describe('frontier: a world that is cut into zones', function () {
  this.timeout(60_000);
  let whole: Played;
  const cut = new Map<string, Played>();

  before(async () => {
    whole = await play(world1, null);
    cut.set('2×2 on this thread', await play(world2, null));
    cut.set('4×4 on this thread', await play(world4, null));
    cut.set('4×4 on two workers', await play(world4, 'world-4x4.ts'));
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

  it('is the same to everybody on one thread and on several', () => {
    const [several, one] = ['two workers', 'this thread'].map((where) => plain(cut.get(`4×4 on ${where}`)));

    expect(several === one).to.equal(true);
  });
});

/** Everybody joins, then walks about: each turns now and then, by its own number, the same way in every world. */
async function play(game: GameModule, file: string | null): Promise<Played> {
  const pool: Pooled | null = file ? await pooled(game, join(import.meta.dirname, file), 2) : null;
  const elsewhere = pool && { lyingSimulation: () => pool.simulation, isBusy: () => pool.isBusy() };
  const world = await TestWorld.create(game, { zones: [], ...elsewhere });
  const clients: TestClient[] = [];
  for (const player of PLAYERS) clients.push(await world.join(player));
  await world.tick(3);
  for (let tick = 0; tick < TICKS; tick++) {
    for (const [index, client] of clients.entries()) {
      if (tick === 0 || (tick + 3 * index) % LEG_TICKS === 0) await client.intent(headingOf(...wayOf(index, tick)));
    }
    await world.tick();
  }
  await world.stop();
  await pool?.stop();
  return new Map(clients.map((client) => [client.name, glances(client)]));
}

/** East, then south, over every cut; side by side at first, and further and further apart. */
function wayOf(index: number, tick: number): [x: number, z: number] {
  const angle = (Math.round(tick / LEG_TICKS) * Math.PI) / 2 + 0.15 * (index - 1);
  return [Math.cos(angle), Math.sin(angle)];
}

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

/** All of it as a text; without the ids of zones, which are another world's. */
function plain(played: Played | undefined): string {
  const all = [...(played ?? [])].map(([name, own]) => {
    return [name, [...own].map(([tick, { at, seen }]) => [tick, at, [...seen].sort()])];
  });
  return JSON.stringify(all);
}
