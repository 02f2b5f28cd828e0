import { expect } from 'chai';
import { checkDeterminism, checkFog, createTestWorld } from 'gridstead/testing';
import game from './index.js';

describe('new-game', () => {
  it('lets a player walk, and not through the wall', async () => {
    const world = await createTestWorld(game);
    world.join('ada');
    world.tick();

    for (let steps = 0; steps < 10; steps++) {
      world.intent('ada', { type: 'move', dx: 1, dy: 0 });
      world.tick();
    }

    expect(world.viewOf('ada').you).to.include({ x: 11, y: 8 });
  });

  it('takes away the walker of a player who leaves', async () => {
    const world = await createTestWorld(game);
    for (const name of ['ada', 'ben']) world.join(name);
    world.tick();
    world.leave('ben');

    world.tick();

    expect(world.entities('field').map(({ metadata }) => metadata.name)).to.deep.equal([undefined, 'ada']);
  });

  it('has everybody back where they were after a kill', async () => {
    const world = await createTestWorld(game);
    world.join('ada');
    world.tick();
    world.intent('ada', { type: 'move', dx: 0, dy: 1 });
    world.tick();

    await world.kill();
    world.tick();
    world.join('ada');
    world.tick();

    expect(world.viewOf('ada').you).to.include({ x: 4, y: 9 });
  });

  it('shows nobody what is more than five cells away', async () => {
    await checkFog(game, {
      player: 'ada',
      arrange: (world) => void world.join('ada'),
      hidden: [() => {}, (world) => world.add('field', { x: 20, y: 8, metadata: { kind: 'treasure' } })],
    });
  });

  it('makes the same world of the same history', async () => {
    await checkDeterminism(new URL('./index.ts', import.meta.url), [
      { type: 'join', name: 'ada' },
      { type: 'tick', count: 2 },
      { type: 'intent', name: 'ada', data: { type: 'move', dx: 0, dy: 1 } },
      { type: 'tick' },
      { type: 'kill' },
      { type: 'tick', count: 2 },
    ]);
  });
});
