/** What a player sees, read from the states of games that know nothing of one another. */
import { expect } from 'chai';
import { readScene } from '../../../web/play/scene.js';

const ZONE = { id: 'z', name: 'meadow', width: 48, height: 32, metadata: { ground: 'grass' }, created_at: '', updated_at: '' };
const WALL = { id: 'w', x: 0, y: 4, width: 6, height: 2, metadata: { kind: 'wall' } };
const ANN = { id: 'a', x: 3, y: 5, width: 1, height: 1, metadata: { kind: 'walker', name: 'ann', player: 'p1' } };
const DAISY = { id: 'd', x: 7, y: 7, width: 0, height: 0, metadata: { kind: 'item', name: 'daisy' } };

describe('a scene', () => {
  it('of a game on cells has things by their middle, oneself, and the size of the zone', () => {
    const state = { sight: 8, you: { id: 'a', x: 3, y: 5, items: [] }, entities: [WALL, ANN, DAISY], events: [] };

    const scene = readScene({ tick: 1, zone: 'z', state }, ZONE, 'p1');

    expect(scene).to.include({ ground: 'steps', space: 'z', sight: 8, soil: 'grass' });
    expect(scene.size).to.deep.equal({ width: 48, height: 32 });
    expect(scene.self).to.deep.include({ id: 'a', name: 'ann', x: 3.5, y: 5.5 });
    expect(scene.things.map(({ kind, x, y }) => [kind, x, y])).to.deep.equal([
      ['wall', 3, 5],
      ['walker', 3.5, 5.5],
      ['item', 7.5, 7.5],
    ]);
  });

  it('of a game that does not say who one is has the entity of that player as oneself', () => {
    const scene = readScene({ tick: 1, zone: 'z', state: { zone_id: 'z', entities: [WALL, ANN], events: [] } }, null, 'p1');

    expect(scene.self?.id).to.equal('a');
    expect([scene.sight, scene.size]).to.deep.equal([null, null]);
  });

  it('of a game on a plane has metres, one space over all zones, and oneself among the others', () => {
    const self = { id: 'a', kind: 'player', name: 'ann', x: 250, z: 10_050, vx: 0, vz: 0 };
    const apples = { id: 'i', kind: 'item', name: 'apple', x: 300, z: 10_000, vx: 0, vz: 0, quantity: 2 };

    for (const key of ['self', 'player']) {
      const state = { zone_id: 'z', sight_cm: 4000, [key]: self, entities: [apples] };
      const scene = readScene({ tick: 1, zone: 'z', state }, ZONE, 'p1');

      expect(scene).to.include({ ground: 'plane', space: 'world', sight: 40, size: null });
      expect(scene.self).to.include({ x: 2.5, y: 100.5 });
      expect(scene.things.map(({ id, quantity }) => [id, quantity])).to.deep.equal([
        ['i', 2],
        ['a', null],
      ]);
    }
  });

  it('makes do with a state that lacks everything, or has something else', () => {
    for (const state of [
      {},
      { entities: 5, you: [], events: 'x' },
      { entities: [null, 3, { id: 1 }], events: [null, { type: 'said' }] },
    ]) {
      const scene = readScene({ tick: 1, zone: 'z', state }, null, null);

      expect([scene.self, scene.said], JSON.stringify(state)).to.deep.equal([null, []]);
    }
  });

  it('has what was said, without what nobody can see', () => {
    const events = [{ type: 'said', entity: 'a', name: 'a\u0000nn', text: 'boo\u202e\u0007' }, { type: 'bell' }];

    const { said } = readScene({ tick: 1, zone: 'z', state: { entities: [], events } }, null, null);

    expect(said).to.deep.equal([{ by: 'a', name: 'ann', text: 'boo' }]);
  });
});
