import { expect } from 'chai';
import fc from 'fast-check';
import { GameStepError } from '../../../actors/errors.js';
import type { StepRequest } from '../../../actors/steps.js';
import type { Tick, TickResult } from '../../../games/contract.js';
import { scripted, stillGame, throwingGame, walkingGame } from '../../support/games.js';
import { anyResult, anyScript } from './scripts.js';
import { arrival, CREATED_AT_MS, HOME, held, intent, playerId, request, resident, stored, textOf, watching } from './support.js';

describe('a tick of a zone', () => {
  it('has the time since the last committed tick, and never goes back', () => {
    const ticks: Tick[] = [];
    const zone = resident(watching(ticks));

    for (const [tick, nowMs] of [
      [1, 1_500],
      [2, 1_400],
      [5, 1_700],
    ] as const)
      zone.step(request(tick, { nowMs }));

    expect(ticks.map(({ now, elapsedMs }) => [now, elapsedMs])).to.deep.equal([
      [1_500, 500],
      [1_500, 0],
      [1_700, 200],
    ]);
  });

  it('counts the time from the last tick that stood, not from one that was taken back', () => {
    const ticks: Tick[] = [];
    const zone = resident(watching(ticks));

    zone.step(request(1, { nowMs: 2_000 }));
    zone.abandon(1);
    zone.step(request(2, { nowMs: 2_500 }));

    expect(ticks.map(({ elapsedMs }) => elapsedMs)).to.deep.equal([1_000, 1_500]);
  });

  it('shows the intents in their order, with a number only where they have one', () => {
    const ticks: Tick[] = [];
    const zone = resident(watching(ticks));

    zone.step(request(1, { joins: [held(1)], intents: [intent(1, 1), intent(2, null, { type: 'route' })] }));

    expect(ticks[0]?.intents).to.deep.equal([
      { playerId: playerId(1), data: { type: 'wave' }, receivedAt: 1_500, seq: 1 },
      { playerId: playerId(2), data: { type: 'route' }, receivedAt: 1_500 },
    ]);
  });

  it('gives the same numbers and ids when it is played again', () => {
    const drawn: string[] = [];
    const zone = resident(
      scripted(({ random, newId }) => {
        drawn.push(`${random()} ${newId()}`);
        return {};
      }),
    );

    zone.step(request(1));
    zone.abandon(1);
    zone.step(request(1));

    expect(drawn[0]).to.equal(drawn[1]);
  });

  it('moves marks by the numbers it applied, and counts what was passed over as dropped', () => {
    const zone = resident(stillGame);

    const marks = [
      request(1, { joins: [held(1)], intents: [intent(1, 2), intent(1, 3)] }),
      request(2, { intents: [intent(1, 6), intent(1, null)] }),
      request(3, { intents: [intent(1, 1, {}, 2)] }),
    ].map((tick) => {
      zone.step(tick);
      zone.adopt(tick.tick);
      return zone.loaded().players[0]?.mark;
    });

    expect(marks).to.deep.equal([
      { run: 1, highest: 3, dropped: [1] },
      { run: 1, highest: 6, dropped: [1, 4, 5] },
      { run: 2, highest: 1, dropped: [] },
    ]);
  });

  it('refuses a number that is not above the last one: that is a bug of the caller', () => {
    const zone = resident(stillGame);
    zone.step(request(5));

    expect(() => zone.step(request(5)))
      .to.throw('tick 5 comes after 5')
      .and.not.be.instanceOf(GameStepError);
  });
});

describe('the wish to be woken', () => {
  const answers: TickResult[] = [{ wakeAt: 1_300 }, {}, {}, { wakeAt: 9_000.5 }, { wakeAt: null }];
  const game = scripted(({ tickNumber }) => answers[tickNumber - 1] ?? {});

  it('stays until it is due, is used up by that tick, and can be taken back', () => {
    const zone = resident(game);

    const wishes = [1, 2, 3, 4, 5].map((tick) => zone.step(request(tick)).wakeAtMs);

    expect(wishes).to.deep.equal([1_300, undefined, null, 9_001, null]);
  });

  it('is remembered over a restore', () => {
    const zone = resident(game);
    const { row } = zone.step(request(1));

    const restored = resident(game, stored({ journal: row ? [row] : [] }));

    expect(restored.loaded().wakeAtMs).to.equal(1_300);
  });

  it('is never later than a store can hold', () => {
    expect(resident(scripted(() => ({ wakeAt: 1e300 }))).step(request(1)).wakeAtMs).to.equal(8.64e15);
  });
});

describe('the metadata of a zone', () => {
  it('is told where it is another, and not where the game has said the same again', () => {
    const zone = resident(scripted(({ tickNumber }) => ({ zoneMetadata: { open: tickNumber > 2 } })));

    const told = [1, 2, 3].map((tick) => zone.step(request(tick)).metadata);

    expect(told).to.deep.equal([{ open: false }, undefined, { open: true }]);
  });
});

describe('the journal row of a tick', () => {
  it('is left out when nothing went in and nothing came out', () => {
    expect(resident(stillGame).step(request(1)).row).to.equal(null);
  });

  it('is there for everything that goes in', () => {
    const inputs: Partial<StepRequest>[] = [{ joins: [held(1)] }, { intents: [intent(1, null)] }, { inbox: [arrival(1, 1)] }];

    for (const input of inputs) expect(resident(stillGame).step(request(2, input)).row?.tick).to.equal(2);
    expect(resident(stillGame, stored({ wakeAtMs: CREATED_AT_MS + 1 })).step(request(2)).row?.tick).to.equal(2);
  });

  it('is there for everything that comes out', () => {
    const results: TickResult[] = [
      { creates: [{ x: 0, y: 0 }] },
      { events: [{ type: 'bell' }] },
      { extras: { weather: 'rain' } },
      { zoneMetadata: {} },
      { wakeAt: null },
      { playerStates: [{ playerId: 'stranger', state: null }] },
    ];

    for (const result of results) expect(resident(scripted(() => result)).step(request(2)).row?.tick).to.equal(2);
  });

  it('has what went in, players by their numbers, so that the tick can be played again', () => {
    const zone = resident(stillGame);

    const { row } = zone.step(request(1, { joins: [held(1)], intents: [intent(1, 1), intent(2, null)] }));

    const inputs: unknown = JSON.parse(row?.inputs ?? '');
    expect(inputs).to.deep.include({ now: 1_100, elapsed: 100, inbox: [], leaves: [], joins: [{ ...held(1) }] });
    expect(inputs).to.have.deep.property('intents', [
      [1, 1, 1, 1_500, { type: 'wave' }],
      [playerId(2), null, null, 1_500, { type: 'wave' }],
    ]);
    expect(inputs).to.have.property('seed').that.has.length(43);
  });

  it('says only what changed', () => {
    const zone = resident(walkingGame);
    zone.step(request(1, { joins: [held(1), held(2)] }));

    const { row } = zone.step(request(2, { intents: [intent(1, 1, { dx: 1 })] }));

    const body: unknown = JSON.parse(Buffer.from(row?.body ?? []).toString());
    const [mover] = zone.read(({ entities }) => [...entities.keys()]);
    expect(body).to.deep.include({
      gone: [],
      set: [],
      moved: [[mover, 1, 0]],
      joined: [],
      left: [],
      documents: [],
      marks: [[1, 1, 1]],
    });
    expect(body).to.not.have.any.keys('metadata', 'wake');
  });
});

describe('a tick that fails', () => {
  it('is the fault of a game that throws, and leaves nothing behind', () => {
    const zone = resident(throwingGame);
    const before = textOf(zone);

    expect(() => zone.step(request(1, { joins: [held(1)], inbox: [arrival(1, 1)] }))).to.throw(
      GameStepError,
      `game step failed in zone ${HOME} at tick 1: onTick threw: this game is broken`,
    );
    expect(textOf(zone)).to.equal(before);
  });

  it('may be followed by one that succeeds', () => {
    const zone = resident(
      scripted(({ intents }) => {
        if (intents.length > 0) throw new Error('poison');
        return { creates: [{ x: 0, y: 0 }] };
      }),
    );

    expect(() => zone.step(request(1, { intents: [intent(1, null)] }))).to.throw('poison');
    zone.step(request(2));
    zone.adopt(2);

    expect(zone.read(({ entities }) => entities.size)).to.equal(1);
  });

  it('leaves what was staged and not adopted before it as committed', () => {
    const zone = resident(scripted(({ tickNumber }) => (tickNumber === 1 ? { creates: [{ x: 0, y: 0 }] } : 'nonsense')));
    zone.step(request(1));

    expect(() => zone.step(request(2))).to.throw('nonsense');
    expect(zone.read(({ entities, facts }) => [entities.size, facts.tick])).to.deep.equal([1, 1]);
  });
});

describe('a staged tick', () => {
  it('is not seen by who reads before it is adopted, and goes on afterwards', () => {
    const zone = resident(walkingGame);
    zone.step(request(1, { joins: [held(1)] }));
    zone.adopt(1);

    zone.step(request(2, { intents: [intent(1, 1, { dx: 5 })], joins: [held(2)] }));
    const before = zone.read(({ entitySet, players, facts }) => [
      entitySet.at(0, 0).length,
      entitySet.at(5, 0).length,
      players.size,
      facts.tick,
    ]);
    zone.adopt(2);
    const after = zone.read(({ entitySet, players, facts }) => [
      entitySet.at(0, 0).length,
      entitySet.at(5, 0).length,
      players.size,
      facts.tick,
    ]);

    expect(before).to.deep.equal([1, 0, 1, 1]);
    expect(after).to.deep.equal([1, 1, 2, 2]);
  });

  it('is not in a checkpoint before it is adopted, nor what it changed', () => {
    const zone = resident(scripted(({ newId }) => ({ creates: [{ id: newId(), x: 1, y: 1 }] })));
    zone.step(request(1));

    const early = zone.checkpoint();
    zone.adopt(1);
    const late = zone.checkpoint();
    const again = zone.checkpoint();

    expect([early.tick, early.changed.length]).to.deep.equal([0, 0]);
    expect([late.tick, late.changed.length]).to.deep.equal([1, 1]);
    expect([again.tick, again.changed.length]).to.deep.equal([1, 0]);
  });

  it('stands when it is told so, and not when an earlier one is', () => {
    const zone = resident(scripted(() => ({ creates: [{ x: 0, y: 0 }] })));
    zone.step(request(2));

    zone.adopt(1);
    const early = zone.read(({ entities }) => entities.size);
    zone.adopt(2);

    expect([early, zone.read(({ entities }) => entities.size)]).to.deep.equal([0, 1]);
  });

  it('names in a checkpoint what went, too', () => {
    const zone = resident(
      scripted(({ entities, tickNumber }) =>
        tickNumber === 1 ? { creates: [{ x: 1, y: 1 }] } : { deletes: [...entities].map(({ id }) => id) },
      ),
    );
    zone.step(request(1));
    zone.adopt(1);
    const [made] = zone.checkpoint().changed;
    zone.step(request(2));
    zone.adopt(2);

    expect(zone.checkpoint().gone).to.deep.equal([made?.id]);
  });

  it('can be taken back without a trace, whatever it did', () => {
    fc.assert(
      fc.property(anyScript(), anyResult(), (script, last) => {
        const zone = resident(scripted(script.game));
        for (const tick of script.requests) zone.step(tick);
        zone.adopt(script.lastTick);
        const before = portrait(zone);

        zone.step(script.next(last));
        expect(portrait(zone), 'read past the staged tick').to.deep.equal(before);
        zone.abandon(script.lastTick + 1);

        expect(portrait(zone)).to.deep.equal(before);
      }),
      { numRuns: 150 },
    );
  });
});

/** All that can be told of a zone's committed state: its text with the order in it, its size, and what the index finds. */
function portrait(zone: ReturnType<typeof resident>): unknown {
  const found = zone.read(({ entitySet, entities, players, bytes }) => ({
    bytes,
    order: [...entities.keys()],
    players: [...players.keys()],
    areas: [0, 5, 10, 15].map((x) => entitySet.inArea({ x, y: 0, width: 5, height: 10 }).map(({ id }) => id)),
    cells: [0, 1, 2, 3, 4].map((x) => entitySet.at(x, x).map(({ id }) => id)),
  }));
  return { ...found, text: textOf(zone) };
}
