import { expect } from 'chai';
import type { GameModule } from '../../../games/contract.js';
import { checkFog, FogLeakError, type FogScene } from '../../../src/testing/index.js';
import { rejection } from '../../support/rejection.js';

/** A hall in which everybody sees the things of their own cell row; `leak` is what the view adds to that. */
function hall(leak: (hidden: number) => object): GameModule {
  return {
    name: 'hall',
    async init(world) {
      await world.createZone({ name: 'hall', width: 9, height: 9 });
    },
    onTick: () => ({}),
    place: (_player, zones) => zones[0]?.id ?? null,
    getPlayerState: ({ state, entities }) => ({
      entities: state.entities.filter(({ y }) => y === 0),
      ...leak(entities.inArea({ x: 0, y: 5, width: 9, height: 4 }).length),
    }),
  };
}

const SCENE: FogScene = {
  player: 'ada',
  arrange(world) {
    world.add('hall', { x: 1, y: 0 });
    world.join('ada');
  },
  hidden: [() => {}, (world) => world.add('hall', { x: 4, y: 6, metadata: { kind: 'treasure' } })],
};

describe('the fog check', () => {
  it('lets a game pass whose views do not depend on what is hidden', async () => {
    await checkFog(
      hall(() => ({})),
      SCENE,
    );
  });

  it('names the tick and the first difference of one that shows it, in whatever form', async () => {
    const error = await rejection(
      checkFog(
        hall((hidden) => ({ there: { are: hidden } })),
        SCENE,
      ),
    );

    expect(error).to.be.instanceOf(FogLeakError);
    expect(error.message).to.equal('after 1 ticks ada is shown what it must not know: view.there.are is 0, and then 1');
  });

  it('compares bytes: the order of keys can say something, too', async () => {
    const error = await rejection(
      checkFog(
        hall((hidden) => (hidden ? { a: 1, b: 2 } : { b: 2, a: 1 })),
        SCENE,
      ),
    );

    expect(error.message).to.contain('order of the keys');
  });

  it('looks at messages as at views, and plays on as long as it is told', async () => {
    const gossip: GameModule = {
      ...hall(() => ({})),
      onTick: ({ players, entities, intents }) => ({
        messages: intents.length > 0 ? players.map(({ id }) => ({ playerId: id, type: 'rumour', size: entities.size })) : [],
      }),
    };
    const play: FogScene['play'] = (world, index) => {
      if (index === 4) world.intent('ada', { type: 'ask' });
    };

    await checkFog(gossip, { ...SCENE, play, ticks: 4 });
    const error = await rejection(checkFog(gossip, { ...SCENE, play, ticks: 5 }));

    expect(error.message).to.contain('after 5 ticks').and.contain('messages.0.size');
  });
});
