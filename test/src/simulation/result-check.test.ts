import { expect } from 'chai';
import fc from 'fast-check';
import { GameStepError } from '../../../actors/errors.js';
import { RESERVED_MESSAGE_TYPES } from '../../../actors/protocol.js';
import type { Tick } from '../../../games/contract.js';
import { filledZone } from '../../../src/simulation/zone-filling.js';
import { scripted } from '../../support/games.js';
import { type MalformedResult, malformedResults } from '../../support/malformed-results.js';
import { entityParcel } from '../../support/parcels.js';
import {
  AWAY,
  entityId,
  HOME,
  held,
  intent,
  playerId,
  request,
  resident,
  stored,
  textOf,
  thrownBy,
  zone,
  zoneId,
} from './support.js';

const [FIRST, SECOND] = [entityId(1), entityId(2)];

describe('a malformed result', () => {
  const cases: readonly MalformedResult[] = [
    ...malformedResults({ first: FIRST, second: SECOND, home: HOME, away: AWAY, player: playerId(1) }),
    [
      'sends larger than a zone',
      { sends: [{ toZone: AWAY, data: { text: 'x'.repeat(2 ** 20) } }] },
      'more than a whole zone may have',
    ],
  ];

  for (const [what, result, message] of cases) {
    it(`is ${what}`, () => {
      const zone = resident(
        scripted(() => result),
        twoEntities(),
      );
      const before = textOf(zone);

      const error = thrownBy(() => zone.step(request(1, { joins: [held(1)] })));

      expect(error).to.be.instanceOf(GameStepError);
      expect(error.message).to.contain(message);
      expect(textOf(zone)).to.equal(before);
    });
  }

  it('is a message of any type of the protocol', () => {
    for (const type of RESERVED_MESSAGE_TYPES) {
      const zone = resident(scripted(() => ({ messages: [{ playerId: playerId(1), type }] })));

      expect(() => zone.step(request(1))).to.throw(`messages[0].type is "${type}", a type of the protocol`);
    }
  });

  it('is a promise, whose later rejection ends nothing', async () => {
    const zone = resident(scripted(async () => Promise.reject(new Error('late'))));

    expect(() => zone.step(request(1))).to.throw('onTick returned a promise; it must answer at once');
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('is an id of this tick that is used twice, or an id of another tick', () => {
    let old = '';
    const twice = resident(
      scripted(({ newId }) => {
        const id = newId();
        return {
          creates: [
            { id, x: 0, y: 0 },
            { id, x: 1, y: 1 },
          ],
        };
      }),
    );
    const late = resident(
      scripted(({ newId }) => {
        const id = old || newId();
        old = id;
        return { creates: [{ id, x: 0, y: 0 }] };
      }),
    );

    expect(() => twice.step(request(1))).to.throw('creates[1].id is');
    late.step(request(1));
    expect(() => late.step(request(2))).to.throw('which newId() of this tick did not issue');
  });

  it('is one that makes a zone larger than it may be', () => {
    const grow = (length: number) =>
      resident(
        scripted(() => ({ zoneMetadata: { text: 'x'.repeat(length) } })),
        stored(),
        { maxZoneBytes: 200 },
      );

    expect(() => grow(100).step(request(1))).not.to.throw();
    expect(() => grow(200).step(request(1))).to.throw('the zone would have 211 bytes, more than the 200 of MAX_ZONE_BYTES');
  });

  it('counts entities and documents, in bytes and not in letters', () => {
    const crowd = resident(
      scripted(() => ({ creates: [{ x: 0, y: 0, metadata: { name: 'ü'.repeat(60) } }] })),
      stored(),
      { maxZoneBytes: 200 },
    );
    const document = resident(
      scripted(() => ({ playerStates: [{ playerId: playerId(1), state: { text: 'ü'.repeat(90) } }] })),
      stored(),
      { maxZoneBytes: 150 },
    );

    expect(() => crowd.step(request(1))).to.throw('MAX_ZONE_BYTES');
    expect(() => document.step(request(1, { joins: [held(1)] }))).to.throw('more than a whole zone may have');
  });
});

describe('a result that is not malformed', () => {
  it('lets a zone that is over its limit already shrink, and stay', () => {
    const metadata = { text: 'x'.repeat(300) };
    const zone = resident(
      scripted(({ tickNumber }) => (tickNumber === 1 ? {} : { zoneMetadata: { text: 'x' } })),
      filled({ metadata }),
      {
        maxZoneBytes: 200,
      },
    );

    expect(() => zone.step(request(1))).not.to.throw();
    expect(() => zone.step(request(2))).not.to.throw();
  });

  it('is applied in the order creates, updates, transfers, deletes', () => {
    const zone = resident(
      scripted(({ newId, tickNumber }) => {
        if (tickNumber > 1) return {};
        const [made, gone, sent] = [newId(), newId(), newId()];
        return {
          deletes: [gone],
          transfers: [{ id: sent, toZone: AWAY, x: 5, y: 6 }],
          updates: [
            { id: made, x: 2 },
            { id: made, x: 3, y: 3 },
            { id: sent, metadata: { packed: true } },
          ],
          creates: [
            { id: made, x: 1, y: 1 },
            { id: gone, x: 1, y: 1 },
            { id: sent, x: 1, y: 1 },
          ],
        };
      }),
    );

    const answer = zone.step(request(1));
    zone.adopt(1);

    expect(zone.read(({ entities }) => Array.from(entities.values(), ({ x, y }) => [x, y]))).to.deep.equal([[3, 3]]);
    expect(answer.sends.map(entityParcel).map(({ entity, origin }) => [entity.metadata, origin, entity.x])).to.deep.equal([
      [{ packed: true }, { x: 1, y: 1 }, 5],
    ]);
  });

  it('is nothing to keep when it only counts', () => {
    const zone = resident(scripted(() => ({ metrics: { ticks: 1, none: 0 } })));

    const answer = zone.step(request(1));

    expect([answer.row, answer.metrics]).to.deep.equal([null, { ticks: 1 }]);
  });

  it('fills in what a create leaves out', () => {
    const zone = resident(scripted(() => ({ creates: [{ x: 1, y: 2 }] })));

    zone.step(request(1));
    zone.adopt(1);

    const [made] = zone.read(({ entities }) => [...entities.values()]);
    expect({ ...made, id: null }).to.deep.equal({ id: null, x: 1, y: 2, width: 1, height: 1, metadata: {} });
  });

  it('passes over, and counts, documents and messages for players who are not there', () => {
    const zone = resident(
      scripted(() => ({
        playerStates: [
          { playerId: playerId(1), state: null },
          { playerId: 'stranger', state: { a: 1 } },
        ],
        messages: [
          { playerId: 'stranger', type: 'hi' },
          { playerId: playerId(1), type: 'hi', text: 'you' },
        ],
        transfers: [],
      })),
    );

    const answer = zone.step(request(1, { joins: [held(1)] }));

    expect(answer.ignored).to.equal(2);
    expect(answer.messages).to.deep.equal([{ player: playerId(1), text: '{"type":"hi","text":"you"}' }]);
  });

  it('may send to a zone that nobody knows: the store sends it back', () => {
    const zone = resident(
      scripted(() => ({ transfers: [{ ...to({}), toZone: zoneId(77) }] })),
      twoEntities(),
    );

    expect(zone.step(request(1)).sends.map((send) => send.to)).to.deep.equal([zoneId(77)]);
  });
});

describe('any result', () => {
  it('is refused whole, or leaves every entity inside its zone', () => {
    const number = fc.oneof(fc.integer({ min: -3, max: 24 }), fc.constantFrom(0.5, Number.NaN, 2 ** 53, -0));
    const size = fc.oneof(fc.nat(4), fc.constantFrom(-1, 21));
    const place = { x: number, y: number };
    const optional = { requiredKeys: [] as [] };
    const sizes = fc.record({ width: size, height: size }, optional);
    const create = fc.tuple(fc.record(place), sizes).map(([at, more]) => ({ ...at, ...more }));
    const update = fc.tuple(fc.constantFrom<string>(FIRST, SECOND, 'nobody'), fc.record({ ...place, width: size }, optional));
    const result = fc.record(
      {
        creates: fc.array(create, { maxLength: 2 }),
        updates: fc.array(
          update.map(([id, more]) => ({ id, ...more })),
          { maxLength: 3 },
        ),
        deletes: fc.subarray<string>([FIRST, SECOND]),
      },
      optional,
    );
    let applied = 0;
    fc.assert(
      fc.property(result, (made) => {
        const zone = resident(
          scripted(() => made),
          twoEntities(),
        );
        const before = textOf(zone);

        let refused = false;
        try {
          zone.step(request(1));
          zone.adopt(1);
          applied++;
        } catch (error) {
          expect(error).to.be.instanceOf(GameStepError);
          refused = true;
        }

        if (refused) expect(textOf(zone)).to.equal(before);
        for (const { x, y, width, height } of zone.read(({ entities }) => [...entities.values()])) {
          expect([x, y, width, height].every((value) => Number.isSafeInteger(value) && value >= 0)).to.equal(true);
          expect(x + Math.max(width, 1)).to.be.at.most(20);
          expect(y + Math.max(height, 1)).to.be.at.most(10);
        }
      }),
      { numRuns: 400 },
    );
    expect(applied).to.be.above(20);
  });
});

describe('what a game is given', () => {
  it('cannot be used to change the committed state', () => {
    let kept: Tick | null = null;
    const game = scripted((tick) => {
      kept ??= tick;
      const first = tick.entities.get(FIRST);
      const attempts: (() => unknown)[] = [
        () => Object.assign(tick, { now: 0 }),
        () => Object.assign(tick.zone, { width: 1 }),
        () => Object.assign(tick.zone.metadata, { hacked: true }),
        () => Object.assign(first ?? {}, { x: 9 }),
        () => Object.assign(first?.metadata ?? {}, { hacked: true }),
        () => Object.assign(Object(first?.metadata.bag), { gold: 9 }),
        () => Object.assign(tick.entities, { get: () => undefined }),
        () => Object.assign(Object.getPrototypeOf(tick.entities), { get: () => undefined }),
        () => Object.assign(Object.getPrototypeOf(first), { x: 9 }),
        () => (tick.players as unknown[]).push({}),
        () => Object.assign(tick.players[0]?.state ?? {}, { hacked: true }),
        () => Object.assign(tick.intents[0]?.data ?? {}, { hacked: true }),
      ];
      for (const attempt of attempts) expect(attempt).to.throw();
      tick.entities.at(1, 1).length = 0;
      tick.entities.inArea({ x: 0, y: 0, width: 20, height: 10 }).pop();
      return {};
    });
    const zone = resident(game, filled({ metadata: { open: { day: true } } }, true));
    const joined = held(1, { document: { score: { best: 1 } } });

    zone.step(request(1, { joins: [joined], intents: [intent(1, 1, { type: 'a' })] }));
    zone.adopt(1);

    const state = textOf(zone);
    expect(state).to.contain('"score":{"best":1}').and.to.contain('"bag":{"gold":1}').and.to.contain('"open":{"day":true}');
    expect(state).not.to.contain('hacked');
    expect(zone.read(({ entitySet }) => entitySet.at(1, 1).length)).to.equal(1);
    expect(kept).not.to.equal(null);
  });

  it('is not changed by what the game does with its own result afterwards', () => {
    const metadata = { gold: 1 };
    const zone = resident(scripted(() => ({ creates: [{ x: 0, y: 0, metadata }] })));

    zone.step(request(1));
    metadata.gold = 1000;
    zone.adopt(1);

    expect(textOf(zone)).to.contain('"gold":1}');
  });
});

function to(fields: object): object {
  return { id: FIRST, toZone: AWAY, x: 0, y: 0, ...fields };
}

/** HOME with FIRST at 1,1 and SECOND at 2,2. */
function twoEntities() {
  return filled({}, true);
}

function filled(fields: Parameters<typeof zone>[0] = {}, withEntities = false) {
  const info = zone(fields);
  let next = 0;
  const entities = [
    { x: 1, y: 1, metadata: { bag: { gold: 1 } } },
    { x: 2, y: 2 },
  ];
  const checkpoint = filledZone(stored({ info }), withEntities ? entities : [], {
    nowMs: 5,
    maxZoneBytes: 10_000,
    newId: () => entityId(++next),
  });
  return stored({ info, checkpoint });
}
