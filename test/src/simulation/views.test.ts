import { expect } from 'chai';
import { FRAME, type StepAnswer, type ViewerGroup } from '../../../actors/steps.js';
import type { GameModule, PlayerView } from '../../../games/contract.js';
import { foggyGame, scripted, walkingGame } from '../../support/games.js';
import { HOME, held, intent, playerId, request, resident, viewers } from './support.js';

describe('the view of a game that has none of its own', () => {
  it('is one body for all, without the type and the ack', () => {
    const game = scripted(({ newId }) => ({
      creates: [
        { id: newId(), x: 1, y: 2, metadata: { name: 'tree "old"' } },
        { x: 3, y: 4, width: 0, height: 0 },
      ],
      events: [{ type: 'bell' }],
      extras: { weather: 'rain', list: [1, 2] },
    }));
    const zone = resident(game);

    const answer = zone.step(request(1, { joins: [held(1), held(2)], viewers: viewers(0, 1, 2) }));

    const [message, other] = [messageOf(answer, 0), messageOf(answer, 1)];
    expect(other).to.deep.equal(message);
    expect(answer.frames?.table.slice(0, 3)).to.deep.equal(answer.frames?.table.slice(3));
    expect(message).to.deep.include({ type: 'tick', tick_number: 1, zone_id: HOME });
    zone.adopt(1);
    const entities = zone.read((state) => Array.from(state.entities.values(), (entity) => ({ ...entity })));
    expect(message.state).to.deep.equal({ zone_id: HOME, entities, events: [{ type: 'bell' }], weather: 'rain', list: [1, 2] });
  });

  it('is a body for each encoding, and for each state that it builds on', () => {
    const zone = resident(scripted(({ tickNumber }) => (tickNumber === 1 ? { creates: [{ x: 1, y: 2 }] } : {})));
    const group = { sinceTick: 1, lastTick: 1, encoding: 'json', sync: 'delta', base: 1 } as const;
    const groups: ViewerGroup[] = [
      { ...group, numbers: [1] },
      { ...group, base: null, numbers: [2] },
      { ...group, encoding: 'binary', base: null, numbers: [3] },
      { ...group, encoding: 'binary', numbers: [4] },
    ];
    zone.step(request(1, { joins: [held(1), held(2), held(3), held(4)], viewers: groups }));

    const answer = zone.step(request(2, { viewers: groups }));

    const isJson = [0, 1, 2, 3].map((index) => bodyOf(answer, index).startsWith('"'));
    const kinds = [0, 1, 2, 3].map((index) => answer.frames?.table[3 * index + 2]);
    expect(isJson).to.deep.equal([true, true, false, false]);
    expect(kinds).to.deep.equal([FRAME.delta, FRAME.whole, FRAME.whole, FRAME.delta]);
  });

  it('is not made when nobody looks', () => {
    const answer = resident(walkingGame).step(request(1, { joins: [held(1)] }));

    expect(answer.frames).to.equal(null);
  });

  it('is not made for whoever is no player of the state any more, or was never there, and the others keep their places', () => {
    const zone = resident(walkingGame);
    zone.step(request(1, { joins: [held(1), held(2), held(3)] }));
    const kindsOf = ({ frames }: StepAnswer) => [0, 1, 2, 3].map((at) => frames?.table[3 * at + 2]);

    const asked = request(2, { leaves: [{ player: playerId(2), gone: false }], viewers: viewers(1, 1, 2, 99, 3) });
    expect(kindsOf(zone.step(asked))).to.deep.equal([FRAME.whole, FRAME.none, FRAME.none, FRAME.whole]);
  });

  it('has the events of the ticks that a viewer was not shown, and its own text only where they differ', () => {
    const zone = resident(scripted(({ tickNumber }) => (tickNumber === 3 ? {} : { events: [{ tick: tickNumber }] })));
    zone.step(request(1, { joins: [held(1), held(2), held(3)] }));
    zone.step(request(2));
    zone.step(request(3));

    const answer = zone.step(
      request(4, {
        viewers: [...viewers(3, 1), ...viewers(2, 2), ...viewers(1, 3)],
      }),
    );

    for (const index of [0, 1]) expect(messageOf(answer, index).state).to.have.deep.property('events', [{ tick: 4 }]);
    expect(messageOf(answer, 2).state).to.have.deep.property('events', [{ tick: 2 }, { tick: 4 }]);
  });

  it('has no events of a tick that was taken back', () => {
    const zone = resident(scripted(({ tickNumber }) => ({ events: [{ tick: tickNumber }] })));
    zone.step(request(1, { joins: [held(1)] }));
    zone.adopt(1);
    zone.step(request(2));
    zone.abandon(2);

    const answer = zone.step(request(3, { viewers: viewers(0, 1) }));

    expect(messageOf(answer, 0).state).to.have.deep.property('events', [{ tick: 1 }, { tick: 3 }]);
  });
});

describe('the view of a game of its own', () => {
  it('shows each player what the game lets it see, and not a byte more', () => {
    const zone = resident(foggyGame);
    zone.step(request(1, { joins: [held(1), held(2)] }));

    const answer = zone.step(request(2, { intents: [intent(2, 1, { dx: 15 })], viewers: viewers(1, 1, 2) }));

    const [first, second] = [0, 1].map((index) => bodyOf(answer, index));
    expect(messageOf(answer, 0).state).to.have.property('entities').with.length(1);
    expect(first).to.contain(playerId(1)).and.not.contain(playerId(2));
    expect(second).to.contain(playerId(2)).and.not.contain(playerId(1));
  });

  it('is made from the zone after the tick, with the document as it is then', () => {
    let view: PlayerView | null = null;
    const game: GameModule = {
      ...scripted(() => ({
        creates: [{ x: 1, y: 1 }],
        playerStates: [{ playerId: playerId(1), state: { level: 2 } }],
        zoneMetadata: { day: 2 },
        extras: { wind: 3 },
        events: [{ type: 'bell' }],
      })),
      getPlayerState(given) {
        view = given;
        return {};
      },
    };

    resident(game).step(request(1, { joins: [held(1)], viewers: viewers(0, 1) }));

    const { player, zone, state, entities, tickNumber }: PlayerView = view ?? expect.fail('it was not asked');
    expect(player).to.deep.equal({ id: playerId(1), username: 'player1', state: { level: 2 } });
    expect(zone.metadata).to.deep.equal({ day: 2 });
    expect(state).to.deep.include({ zone_id: HOME, wind: 3, events: [{ type: 'bell' }] });
    expect([state.entities.length, entities.size, tickNumber]).to.deep.equal([1, 1, 1]);
    for (const part of [view, state, state.entities, state.events, player, zone]) expect(part).to.be.frozen;
  });

  it('may be the state whole, entities of the zone, or things of the game’s own making', () => {
    const answers: [(view: PlayerView) => object, unknown][] = [
      [({ state }) => state, { zone_id: HOME, entities: [{ x: 1 }], events: [] }],
      [({ state }) => ({ entities: state.entities, n: 1 }), { entities: [{ x: 1 }], n: 1 }],
      [
        ({ state }) => ({ entities: [...state.entities, null, undefined, { made: true }] }),
        { entities: [{ x: 1 }, null, null, { made: true }] },
      ],
      [({ state }) => ({ first: state.entities[0], skipped: undefined }), { first: { x: 1 } }],
      [() => ({ toJSON: () => ({ own: true }) }), { own: true }],
    ];

    for (const [getPlayerState, expected] of answers) {
      const zone = resident({ ...scripted(() => ({ creates: [{ x: 1, y: 1 }] })), getPlayerState });
      const answer = zone.step(request(1, { joins: [held(1)], viewers: viewers(0, 1) }));
      const { state } = messageOf(answer, 0);
      expect(
        JSON.parse(
          JSON.stringify(state, (key, value) => (['id', 'y', 'width', 'height', 'metadata'].includes(key) ? undefined : value)),
        ),
      ).to.deep.equal(expected);
    }
  });

  it('that fails costs that player this message, and nobody else anything', async () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const bad: [string, () => unknown][] = [
      [
        'secret of the game',
        () => {
          throw new Error('secret of the game');
        },
      ],
      ['returned null', () => null],
      ['returned an array', () => []],
      ['returned "text"', () => 'text'],
      ['returned undefined', () => undefined],
      ['returned a promise', async () => Promise.reject(new Error('late'))],
      ['no object as JSON', () => ({ toJSON: () => [] })],
      ['BigInt', () => ({ n: 1n })],
      ['circular', () => cycle],
    ];

    for (const [message, getPlayerState] of bad) {
      const game: GameModule = {
        ...walkingGame,
        // What a game returns is the framework's to judge.
        getPlayerState: ({ player, state }) => (player.id === playerId(1) ? (getPlayerState() as object) : state),
      };
      const answer = resident(game).step(request(1, { joins: [held(1), held(2)], viewers: viewers(0, 1, 2) }));
      expect(answer.frames?.table[2]).to.equal(FRAME.failed);
      expect(answer.viewFailure?.message).to.contain(message);
      expect(messageOf(answer, 1).state).to.have.property('entities').with.length(2);
    }
    await new Promise((resolve) => setImmediate(resolve));
  });
});

describe('a view as a difference', () => {
  const moving = scripted(({ tickNumber, entities }) =>
    tickNumber === 1
      ? {
          creates: [
            { x: 1, y: 1 },
            { x: 5, y: 5 },
          ],
        }
      : { updates: [{ id: [...entities][0]?.id ?? '', x: tickNumber }] },
  );

  it('has what changed since the message that the viewer was sent last, and nothing else', () => {
    const zone = resident(moving);
    zone.step(request(1, { joins: [held(1)], viewers: deltas(0, null, 1) }));

    const answer = zone.step(request(2, { viewers: deltas(1, 1, 1) }));

    const message = messageOf(answer, 0);
    expect(answer.frames?.table[2]).to.equal(FRAME.delta);
    expect(message).to.deep.include({ tick_number: 2, base: 1 });
    expect(message.state).to.have.nested.property('entities.set').with.length(1);
    expect(message.state).to.have.nested.property('entities.set[0]').with.all.keys('id', 'x');
  });

  it('is whole where the last one made was not the last one sent, or a whole one was asked for', () => {
    const zone = resident(moving);
    zone.step(request(1, { joins: [held(1)], viewers: deltas(0, null, 1) }));
    zone.step(request(2, { viewers: deltas(1, 1, 1) }));

    const afterLostFrame = zone.step(request(3, { viewers: deltas(1, 1, 1) }));
    const afterResync = zone.step(request(4, { viewers: deltas(3, null, 1) }));

    expect([afterLostFrame, afterResync].map(({ frames }) => frames?.table[2])).to.deep.equal([FRAME.whole, FRAME.whole]);
  });

  it('is whole where the viewer has another message before it, or the tick that made it was taken back', () => {
    const zone = resident(moving);
    zone.step(request(1, { joins: [held(1)], viewers: deltas(0, null, 1) }));
    zone.adopt(1);
    zone.step(request(2, { viewers: deltas(1, 1, 1) }));
    zone.abandon(2);

    const onAbandoned = zone.step(request(3, { viewers: deltas(1, 2, 1) }));
    zone.abandon(3);
    const onCommitted = zone.step(request(4, { viewers: deltas(1, 1, 1) }));

    expect([onAbandoned, onCommitted].map(({ frames }) => frames?.table[2])).to.deep.equal([FRAME.whole, FRAME.whole]);
  });
});

function bodyOf({ frames }: StepAnswer, index: number): string {
  if (!frames) throw new Error('nobody is shown this tick');
  const [from, to] = frames.table.subarray(index * 3);
  return Buffer.from(frames.bytes).subarray(from, to).toString();
}

/** The message as the sender completes it. */
function messageOf(answer: StepAnswer, index: number): Record<string, unknown> {
  return JSON.parse(`{"type":"tick","ack":7,${bodyOf(answer, index)}`);
}

function deltas(sinceTick: number, base: number | null, ...numbers: number[]): ViewerGroup[] {
  return viewers(sinceTick, ...numbers).map((group) => ({ ...group, sync: 'delta', base }));
}
