import { expect } from 'chai';
import fc from 'fast-check';
import type { TestClient } from '../../support/test-client.js';
import type { TestWorld } from '../../support/world.js';
import { rowOfZones, tell, viewOf, WIDTH } from './border-world.js';

/** Two zones side by side, and one below that sees the lower edge of both. */
const CORNER = { links: [['west', 'south', 5, 10] as const, ['east', 'south', -5, 10] as const] };
/** Where each zone's origin lies in the coordinates of the west. */
const ORIGINS: Readonly<Record<string, number>> = { west: 0, east: WIDTH, south: 5 };

interface Watched {
  readonly world: TestWorld;
  /** In the west, in the east, and in the third zone. */
  readonly watchers: readonly TestClient[];
  readonly ball: TestClient;
}

/** A ball stands in the west, at the edge to the east, and everybody sees it. */
async function ballAtTheEdge(player = 'thrower'): Promise<Watched> {
  const world = await rowOfZones(['west', 'east', 'south'], { links: CORNER.links, zones: ['west', 'east', 'south'] });
  const ball = await world.join(player, 'west');
  const watchers = [await world.join('ann', 'west'), await world.join('ben', 'east'), await world.join('cat', 'south')];
  await tell(ball, { type: 'put', name: 'ball', x: 9, y: 9 });
  await world.tick(3);
  for (const watcher of watchers) watcher.clear();
  return { world, watchers, ball };
}

interface Sighting {
  /** In the coordinates of the west. */
  readonly x: number;
  readonly zone: string;
  readonly age: number;
}

/** For each tick that this client was shown: every ball in it. */
function sightings(world: TestWorld, client: TestClient): readonly (readonly Sighting[])[] {
  return client.all('tick').map(({ zone_id, state }) => {
    const here = Object.keys(ORIGINS).find((name) => world.zone(name) === zone_id) ?? '';
    const { over, here: own } = viewOf(state);
    const balls = [...own, ...over].filter(({ name }) => name === 'ball');
    return balls.map(({ x, zone, age }) => ({ x: x + (ORIGINS[here] ?? 0), zone: zone || here, age }));
  });
}

function expectOneBallEach({ world, watchers }: Watched): void {
  for (const watcher of watchers) {
    const counts = sightings(world, watcher).map((balls) => balls.length);
    expect(counts, `what ${watcher.name} saw in each tick`).to.deep.equal(counts.map(() => 1));
  }
}

const over = (world: TestWorld, x = 0) => ({ type: 'send', name: 'ball', to: world.zone('east'), x, y: 9 }) as const;
const back = (world: TestWorld, x = 9) => ({ type: 'send', name: 'ball', to: world.zone('west'), x, y: 9 }) as const;

describe('an entity that crosses a border', () => {
  it('is seen once in every tick: where it was, where it goes, and from a third zone', async () => {
    const watched = await ballAtTheEdge();
    const { world, watchers, ball } = watched;
    await world.tick();
    await tell(ball, over(world));
    await world.tick(5);

    expectOneBallEach(watched);
    const [ann = [], , cat = []] = watchers.map((watcher) => sightings(world, watcher).flat());
    expect(ann.slice(0, 4)).to.deep.equal([
      { x: 9, zone: 'west', age: 0 },
      { x: 10, zone: 'east', age: 0 },
      { x: 10, zone: 'east', age: 1 },
      { x: 10, zone: 'east', age: 1 },
    ]);
    expect(cat.map(({ age }) => age)).to.deep.equal(cat.map(() => 1));
    await world.stop();
  });

  it('is seen in its place while the zone it goes to stalls, with its true age', async () => {
    const watched = await ballAtTheEdge();
    const { world, watchers, ball } = watched;
    await tell(ball, over(world));
    await world.tick();
    const release = world.store.hold('zones.commit');
    await world.tick(4);

    const [ann = [], ben = [], cat = []] = watchers.map((watcher) => sightings(world, watcher).flat());
    expect(ann.map(({ age }) => age)).to.deep.equal([0, 1, 2, 3, 4]);
    expect(ben, 'its own zone shows nothing that is not committed').to.have.lengthOf(1);
    expect(cat.at(-1)).to.deep.equal({ x: 10, zone: 'east', age: 4 });
    release();
    await world.tick(3);

    expectOneBallEach(watched);
    await world.stop();
  });

  it('is seen once over restarts of the zone that it leaves and of the one it goes to', async () => {
    const watched = await ballAtTheEdge();
    const { world, watchers, ball } = watched;
    const [, ben] = watchers;
    await tell(ball, over(world));
    if (ben) await tell(ben, { type: 'boom' });
    await world.tick();
    await tell(ball, { type: 'boom' });
    const release = world.store.hold('zones.commit');
    await world.tick();
    release();
    await world.tick(6);

    expect(['west', 'east'].map((name) => world.actor(name)?.restarts)).to.deep.equal([1, 1]);
    expectOneBallEach(watched);
    await world.stop();
  });

  it('is seen once when the commit that sends it ends after the zone it goes to has been restored', async () => {
    const watched = await ballAtTheEdge();
    const { world, watchers, ball } = watched;
    const [, ben] = watchers;
    const release = world.store.hold('zones.commit');
    await tell(ball, over(world));
    await world.tick(3);
    // It is restored as of a later tick than the one that sends the ball, and knows nothing of it yet.
    if (ben) await tell(ben, { type: 'boom' });
    await world.tick();
    release();
    await world.tick(4);

    expect(world.actor('east')?.restarts).to.equal(1);
    expectOneBallEach(watched);
    await world.stop();
  });

  it('is seen once while it is refused and comes back', async () => {
    const watched = await ballAtTheEdge('stranger');
    const { world, watchers, ball } = watched;
    await tell(ball, { ...over(world), follow: true });
    await world.tick(5);

    expectOneBallEach(watched);
    expect(ball.all('handover')).to.have.lengthOf(2);
    for (const watcher of watchers) expect(sightings(world, watcher).at(-1)?.[0]).to.include({ x: 9, zone: 'west' });
    await world.stop();
  });

  it('is gone from everywhere when it vanishes as it arrives', async () => {
    const { world, watchers, ball } = await ballAtTheEdge();
    const [, ben] = watchers;
    await tell(ball, over(world));
    await world.tick();
    if (ben) await tell(ben, { type: 'vanish', name: 'ball' });
    await world.tick();
    for (const watcher of watchers) watcher.clear();
    await world.tick(3);

    expect(sightings(world, watchers[1] ?? ball).flat(), 'in its own zone').to.deep.equal([]);
    for (const watcher of watchers) expect(sightings(world, watcher).slice(1).flat(), watcher.name).to.deep.equal([]);
    await world.stop();
  });

  it('is seen once in every tick, whatever happens on the way', async () => {
    const act = fc.constantFrom('over', 'back', 'step', 'boom west', 'boom east', 'boom south', 'hold', 'release', 'nothing');
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 25 }), async (acts) => {
        const watched = await ballAtTheEdge();
        const { world, watchers } = watched;
        const [west, east, south] = watchers;
        let release = () => {};
        for (const what of acts) {
          if (what === 'over' && west) await tell(west, over(world));
          if (what === 'back' && east) await tell(east, back(world));
          if (what === 'step' && west) await tell(west, { type: 'step', name: 'ball', x: 8, y: 9 });
          if (what === 'step' && east) await tell(east, { type: 'step', name: 'ball', x: 1, y: 9 });
          if (what === 'boom west' && west) await tell(west, { type: 'boom' });
          if (what === 'boom east' && east) await tell(east, { type: 'boom' });
          if (what === 'boom south' && south) await tell(south, { type: 'boom' });
          if (what === 'hold') {
            release();
            release = world.store.hold('zones.commit');
          }
          if (what === 'release') release();
          await world.tick();
        }
        release();
        await world.tick(4);
        expectOneBallEach(watched);
        await world.stop();
      }),
      { numRuns: 15 },
    );
  }).timeout(30_000);
});
