import { expect } from 'chai';
import type { Entity, Player, Tick } from '../../../games/contract.js';
import fog from '../../games/arena/fog.js';
import arena from '../../games/arena/index.js';
import { sees, spawnOf, step, ZONE_SIZE } from '../../games/arena/rules.js';

type MoveTick = Parameters<typeof arena.onTick>[0];
/** Arenas lie beside nothing. */
const NO_BORDER: Tick['border'] = {
  size: 0,
  get: () => undefined,
  inArea: () => [],
  [Symbol.iterator]: () => [][Symbol.iterator](),
};
const ZONE = { id: 'z', name: 'arena-0', width: ZONE_SIZE, height: ZONE_SIZE, metadata: {} };

function entitySet(entities: readonly Entity[]): Tick['entities'] {
  return {
    size: entities.length,
    get: (id) => entities.find((entity) => entity.id === id),
    at: () => [],
    inArea: ({ x, y, width, height }) =>
      entities.filter((entity) => entity.x >= x && entity.x < x + width && entity.y >= y && entity.y < y + height),
    overlapping: () => [],
    [Symbol.iterator]: () => entities[Symbol.iterator](),
  };
}

function tickOf(over: Partial<MoveTick>, entities: readonly Entity[] = []): MoveTick {
  let ids = 0;
  return {
    zone: ZONE,
    entities: entitySet(entities),
    intents: [],
    players: [],
    joined: [],
    left: [],
    returned: [],
    effects: [],
    neighbors: [],
    border: NO_BORDER,
    tickNumber: 1,
    now: 0,
    elapsedMs: 100,
    random: () => 0,
    newId: () => `new-${++ids}`,
    ...over,
  };
}

function walker(id: string, x: number, y: number): Entity {
  return { id, x, y, width: 1, height: 1, metadata: { kind: 'walker' } };
}

function player(id: string, walkerId: string | null): Player {
  return { id, username: `walker-${id}`, state: walkerId === null ? null : { walker: walkerId } };
}

describe('the arena', () => {
  it('gives each newcomer a walker where its name says, and remembers it', () => {
    const newcomer = player('7', null);

    const { creates, playerStates } = arena.onTick(tickOf({ players: [newcomer], joined: [newcomer] }));

    expect(creates).to.deep.equal([{ id: 'new-1', ...spawnOf('walker-7'), metadata: { kind: 'walker', player: '7' } }]);
    expect(playerStates).to.deep.equal([{ playerId: '7', state: { walker: 'new-1' } }]);
  });

  it('gives no second walker to one who comes back', () => {
    const back = player('7', 'w');

    const { creates } = arena.onTick(tickOf({ players: [back], joined: [back] }, [walker('w', 3, 3)]));

    expect(creates).to.deep.equal([]);
  });

  it('takes the walkers of those who left away', () => {
    const { deletes } = arena.onTick(tickOf({ left: [player('7', 'w'), player('8', null)] }, [walker('w', 3, 3)]));

    expect(deletes).to.deep.equal(['w']);
  });

  it('takes every step of a player in a tick, and none beyond the edge', () => {
    const data = { type: 'move', dx: 1, dy: 0 } as const;
    const intents = [1, 2, 3].map((seq) => ({ playerId: '7', data, seq, receivedAt: 0 }));

    const { updates } = arena.onTick(tickOf({ players: [player('7', 'w')], intents }, [walker('w', 61, 5)]));

    expect(updates).to.deep.equal([{ id: 'w', x: 63, y: 5 }]);
  });

  it('shows in fog what is within sight, as far as sight reaches and no further', () => {
    const entities = [walker('own', 20, 20), walker('near', 28, 12), walker('far', 29, 20)];
    const seen = { zone: ZONE, player: player('7', 'own'), entities: entitySet(entities), neighbors: [], border: NO_BORDER };
    const view = { ...seen, tickNumber: 1, sinceTick: null };
    const state = { zone_id: 'z', entities, events: [] };

    expect(fog.getPlayerState({ ...view, state })).to.deep.equal({ zone_id: 'z', entities: entities.slice(0, 2) });
  });
});

describe('the rules of the arena', () => {
  it('let walkers begin all over the zone, with room for a lap', () => {
    const spawns = Array.from({ length: 1000 }, (_, number) => spawnOf(`walker-${number}`));

    expect(Math.max(...spawns.flatMap(({ x, y }) => [x, y]))).to.be.at.most(ZONE_SIZE - 8);
    for (const quarter of [0, 14, 28, 42]) {
      const inColumn = spawns.filter(({ x }) => x >= quarter && x < quarter + 14).length;
      const inRow = spawns.filter(({ y }) => y >= quarter && y < quarter + 14).length;
      expect([inColumn, inRow].every((count) => count > 180 && count < 320)).to.equal(true);
    }
  });

  it('see in a square and step within the zone', () => {
    expect(sees({ x: 8, y: 8 }, { x: 0, y: 16 })).to.equal(true);
    expect(sees({ x: 8, y: 8 }, { x: 17, y: 8 })).to.equal(false);
    expect([step(0, -1), step(63, 1), step(5, 1)]).to.deep.equal([0, 63, 6]);
  });
});
