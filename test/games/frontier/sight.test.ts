import { expect } from 'chai';
import type { TestWorld } from '../../../src/testing/index.js';
import { CELL_CM, fieldWith, head, instanceOf, lay, place, SETTINGS, seen, walkTo } from './field.js';

describe('frontier: what a player sees', () => {
  it('is itself, and each entity within the radius with kind, name, place and velocity', async () => {
    const bench = await fieldWith(['ada', 'ben']);
    head(bench, 'ben', 1, 0);
    bench.tick();

    const { player, entities } = bench.viewOf('ada') as { player: object; entities: object[] };

    expect(player).to.include({ kind: 'player', name: 'ada', x: 1000, z: 1000, vx: 0, vz: 0 });
    expect(entities).to.have.length(1);
    expect(entities[0]).to.have.all.keys('id', 'kind', 'name', 'x', 'z', 'vx', 'vz');
    expect(entities[0]).to.include({ kind: 'player', name: 'ben', x: 1030, z: 1000, vx: 600, vz: 0 });
  });

  it('ends at the radius, as a circle', async () => {
    const bench = await fieldWith(['ada']);
    const radius = SETTINGS.sightCm;
    const [edge, beyond, corner] = [
      lay(bench, 'cap', 1000 + radius, 1000),
      lay(bench, 'cap', 1001 + radius, 1000),
      lay(bench, 'cap', 1700, 1700),
    ];

    expect(seen(bench, 'ada')).to.include(edge).and.not.include(beyond).and.not.include(corner);
  });

  it('goes on beyond a border, corners too, in the same coordinates', async () => {
    const bench = await fieldWith(['ada']);
    bench.intent('ada', { type: 'input', intent: { x: 1, z: 1 } });
    bench.tick(40);
    const here = place(bench, 'ada');
    const items = [
      lay(bench, 'cap', CELL_CM + 100, CELL_CM + 100),
      lay(bench, 'cap', CELL_CM + 100, CELL_CM - 100),
      lay(bench, 'cap', CELL_CM - 100, CELL_CM + 100),
    ];

    head(bench, 'ada', 0, 0);
    bench.tick();

    const view = bench.viewOf('ada').entities as { id: string; x: number; z: number }[];

    expect(here.x).to.be.within(CELL_CM - 400, CELL_CM);
    expect(seen(bench, 'ada')).to.have.members(items);
    expect(view.find(({ id }) => id === items[0])).to.include({ x: CELL_CM + 100, z: CELL_CM + 100 });
  });

  it('has the inventory, the equipment and the skills when they changed since its last message, and not otherwise', async () => {
    const bench = await fieldWith(['ada']);
    const first = bench.viewOf('ada');
    const next = news(bench, bench.tickNumber);
    const since = bench.tickNumber;

    bench.intent('ada', { type: 'equip', instance_id: instanceOf(bench, 'ada', 'sword'), slot: 'main_hand' });
    bench.tick();

    expect(first).to.include.all.keys('inventory', 'equipment', 'skills');
    expect(next).to.deep.equal([]);
    expect(news(bench, since)).to.have.members(['inventory', 'equipment']);
    expect(news(bench, bench.tickNumber)).to.deep.equal([]);
  });

  it('has the version of each part, which rises with each change', async () => {
    const bench = await fieldWith(['ada']);
    const before = (bench.viewOf('ada').inventory as { version: number }).version;

    bench.intent('ada', { type: 'drop', instance_id: instanceOf(bench, 'ada', 'arrow'), quantity: 3 });
    bench.tick();

    expect((bench.viewOf('ada').inventory as { version: number }).version).to.be.greaterThan(before);
  });

  it('tells what fits where: bulk that is free, and what the weight does', async () => {
    const bench = await fieldWith(['ada']);

    expect(bench.viewOf('ada').inventory).to.deep.include({
      compartments: [
        { name: 'belt', bulk: 8, free: 3 },
        { name: 'backpack', bulk: 20, free: 14 },
      ],
      encumbrance: { weight_g: 5700, weight_percent: 28, penalty_percent: 0 },
    });
  });

  it('has nothing of anybody else than what others may know', async () => {
    const bench = await fieldWith(['ada', 'ben']);
    walkTo(bench, 'ben', 1100);

    const text = JSON.stringify(bench.viewOf('ada').entities);

    expect(text).to.not.include(bench.player('ben').id);
    expect(text).to.not.include('sword');
    expect(text).to.not.include('heading');
  });
});

/** Which parts are in a view of one whose last message was of that tick. */
function news(bench: TestWorld, sinceTick: number): string[] {
  const view = bench.viewOf('ada', bench.where('ada'), sinceTick);
  return ['inventory', 'equipment', 'skills'].filter((part) => part in view);
}
