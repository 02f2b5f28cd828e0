import { expect } from 'chai';
import { MalformedResultError } from '../../../src/simulation/plain-json.js';
import { filledZone } from '../../../src/simulation/zone-filling.js';
import { stillGame } from '../../support/games.js';
import { arrival, entityId, HOME, held, request, resident, stored } from './support.js';

describe('a zone that is filled', () => {
  it('has these entities at tick 0, in their order, with fresh ids', () => {
    const filled = fill([
      { x: 1, y: 1, metadata: { kind: 'tree' } },
      { x: 2, y: 2, width: 0, height: 0 },
    ]);

    const restored = resident(stillGame, stored({ checkpoint: filled }));

    expect([filled.zone, filled.tick, filled.gone]).to.deep.equal([HOME, 0, []]);
    expect(filled.changed).to.deep.equal([
      { id: entityId(1), x: 1, y: 1, width: 1, height: 1, metadata: { kind: 'tree' }, createdAtMs: 9, updatedAtMs: 9 },
      { id: entityId(2), x: 2, y: 2, width: 0, height: 0, metadata: {}, createdAtMs: 9, updatedAtMs: 9 },
    ]);
    expect(restored.read(({ entities }) => [...entities.keys()])).to.deep.equal([entityId(1), entityId(2)]);
    expect(restored.checkpoint().changed).to.deep.equal([]);
  });

  it('keeps who was there before, and goes on from the tick that was', () => {
    const before = resident(stillGame);
    const player = held(1, { document: { gold: 7 } });
    before.step(request(8, { joins: [player] }));
    before.adopt(8);

    const filled = fill([{ x: 1, y: 1 }], stored({ checkpoint: before.checkpoint() }));
    const restored = resident(stillGame, stored({ checkpoint: filled }));

    expect([filled.tick, filled.players, filled.ids]).to.deep.equal([8, 1, [entityId(1)]]);
    expect(restored.loaded().players).to.deep.equal([{ ...player, stay: player.stay + 1 }]);
  });

  it('is left alone where it has entities, and where some are on their way to it', () => {
    const nothing = (from: Parameters<typeof filledZone>[0]) =>
      filledZone(from, [{ x: 1, y: 1 }], { nowMs: 9, maxZoneBytes: 900, newId: () => entityId(9) });

    expect(nothing(stored({ checkpoint: fill([{ x: 0, y: 0 }]) }))).to.equal(null);
    expect(nothing(stored({ inbox: [arrival(1, 1)] }))).to.equal(null);
  });

  it('refuses what a tick would refuse, and says which', () => {
    const cases: [unknown[], string][] = [
      [
        [
          { x: 0, y: 0 },
          { x: 20, y: 0 },
        ],
        'entities[1] is outside the zone of 20×10',
      ],
      [[{ x: 0.5, y: 0 }], 'entities[0].x is 0.5'],
      [['tree'], 'entities[0] is "tree", not an object'],
      [[{ id: 'mine', x: 0, y: 0 }], 'entities[0] has an id'],
      [[{ x: 0, y: 0, metadata: { text: 'x'.repeat(900) } }], 'more than 900'],
    ];

    for (const [entities, message] of cases) expect(() => fill(entities)).to.throw(MalformedResultError, message);
  });
});

function fill(entities: readonly unknown[], from = stored()) {
  let next = 0;
  const filled = filledZone(from, entities, { nowMs: 9, maxZoneBytes: 900, newId: () => entityId(++next) });
  return filled ?? expect.fail('nothing was filled');
}
