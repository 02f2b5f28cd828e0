import { expect } from 'chai';
import fc from 'fast-check';
import type { Entity, JsonObject } from '../../../games/contract.js';
import movement from '../../../games/movement/index.js';
import { SIGHT } from '../../../games/movement/vision.js';
import { NaiveBorder } from '../../../src/testing/border.js';
import { NaiveEntities } from '../../../src/testing/entities.js';
import { createTestWorld } from '../../../src/testing/index.js';
import { field, fieldWith, walk, walker } from './field.js';

/** The entities of a view, as the view has them. */
function seen(view: JsonObject): Entity[] {
  // A cast, because a view is any JSON to the bench; this game's has entities there.
  return view.entities as unknown as Entity[];
}

describe('movement: vision', () => {
  it('reaches exactly as far as the walker sees, to every side', () => {
    const bench = fieldWith('ada');
    const near = [
      [2, 2],
      [18, 18],
      [2, 18],
      [10, 18],
    ];
    const far = [
      [1, 10],
      [19, 19],
      [10, 1],
    ];
    for (const [x = 0, y = 0] of [...near, ...far])
      bench.add('meadow', { x, y, width: 0, height: 0, metadata: { kind: 'item' } });

    const view = bench.viewOf('ada');

    const cells = seen(view).filter(({ metadata }) => metadata.kind === 'item');
    expect(cells.map(({ x, y }) => [x, y])).to.have.deep.members(near);
  });

  it('shows two players of one zone different things', () => {
    const bench = fieldWith('ada');
    for (let i = 0; i < 9; i++) walk(bench, 'ada', 1, 0);
    bench.join('ben');
    bench.tick();
    walk(bench, 'ben', -1, 0);

    const [ada, ben] = [JSON.stringify(bench.viewOf('ada')), JSON.stringify(bench.viewOf('ben'))];

    expect(ada).to.not.include(walker(bench, 'ben').id);
    expect(ada).to.not.include(bench.player('ben').id);
    expect(ben).to.not.include(walker(bench, 'ada').id);
  });

  it('shows nothing of a zone to a player who has no walker there', () => {
    const bench = fieldWith('ada');
    bench.join('ben');
    bench.add('meadow', { x: 9, y: 9, metadata: { kind: 'wall' } });

    const view = bench.viewOf('ben');

    expect(view).to.deep.equal({ zone_id: bench.zone('meadow').id, sight: SIGHT, you: null, entities: [], events: [] });
  });

  it('hands on the very entities it was given, so that their JSON can be reused', () => {
    const bench = fieldWith('ada');
    const entities = new NaiveEntities(bench.entities('meadow'));
    const zone = bench.zone('meadow');

    const view = movement.getPlayerState?.({
      zone,
      player: bench.player('ada'),
      entities,
      neighbors: [],
      border: new NaiveBorder(),
      state: { zone_id: zone.id, entities: [...entities], events: [] },
      tickNumber: 1,
      sinceTick: null,
    });

    expect(view)
      .to.have.property('entities')
      .that.satisfies((list: Entity[]) => list[0] === bench.entities('meadow')[0]);
  });

  it('lets those hear a word who see the speaker, and nobody else', () => {
    const bench = fieldWith('ada');
    for (let i = 0; i < 9; i++) walk(bench, 'ada', 1, 0);
    bench.join('ben');
    bench.join('cho');
    bench.tick();
    walk(bench, 'ben', -1, 0);
    bench.intent('ben', { type: 'say', text: 'hello' });

    bench.tick();

    const said = { type: 'said', entity: walker(bench, 'ben').id, name: 'ben', text: 'hello' };
    expect(bench.viewOf('ben').events).to.deep.equal([said]);
    expect(bench.viewOf('cho').events).to.deep.equal([said]);
    expect(bench.viewOf('ada').events).to.deep.equal([]);
  });

  it('never contains anything that lies beyond it, wherever things are', () => {
    const place = fc.record({ x: fc.nat(14), y: fc.nat(14), width: fc.nat(5), height: fc.nat(5) });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 30 }), (areas) => {
        const bench = field();
        for (const area of areas) bench.add('meadow', { ...area, metadata: { kind: 'scenery' } });
        bench.join('ada');
        bench.tick();
        const { x, y } = walker(bench, 'ada');

        const view = bench.viewOf('ada');

        const beyond = seen(view).filter(
          (it) => it.x > x + SIGHT || it.y > y + SIGHT || it.x + it.width < x - SIGHT || it.y + it.height < y - SIGHT,
        );
        expect(beyond).to.deep.equal([]);
      }),
    );
  });

  it('of a zone reaches a caller of the route as it reaches its subscribers', async () => {
    const bench = await createTestWorld(movement);
    bench.join('ada');
    bench.tick();
    const paths: string[] = [];
    const asked: unknown[] = [];

    movement.routes?.({
      get: (path: string, ...rest: unknown[]) => {
        paths.push(path);
        const handler = rest.at(-1);
        const request = { player: bench.player('ada'), params: { zoneId: bench.zone('meadow').id }, query: {}, body: null };
        if (typeof handler === 'function') asked.push(handler(request));
      },
      post: () => {},
      delete: () => {},
      view: async (zoneId, player) => ({ zoneId, name: player.username }),
      intent: async () => 'applied',
    });

    expect(paths).to.deep.equal(['/look/:zoneId']);
    expect(await asked[0]).to.deep.equal({ zoneId: bench.zone('meadow').id, name: 'ada' });
  });
});
