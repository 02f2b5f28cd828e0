import { expect } from 'chai';
import { GameStepError, HostLostError } from '../../../actors/errors.js';
import type { ZoneId } from '../../../actors/ids.js';
import type { GameModule } from '../../../games/contract.js';
import { InlineSimulation } from '../../../src/simulation/inline-simulation.js';
import { FakeClock } from '../../support/fake-clock.js';
import { foggyGame, scripted, stillGame, throwingGame, walkingGame } from '../../support/games.js';
import { RecordingLog } from '../../support/recording-log.js';
import { rejection } from '../../support/rejection.js';
import { AWAY, arrival, entityId, HOME, held, intent, request, stored, zone } from './support.js';

describe('the inline simulation', () => {
  it('steps a zone that was loaded, and answers from its last adopted tick', async () => {
    const { simulation } = setUp(walkingGame);
    await simulation.load(stored());
    await simulation.step(request(1, { joins: [held(1)] }));
    simulation.adopt(HOME, 1);
    const step = await simulation.step(request(2, { intents: [intent(1, 1, { dx: 4 })] }));

    const [walker] = await simulation.entities(HOME, null);
    expect(walker).to.deep.include({ x: 0, y: 0, createdAtMs: 1_100 });
    expect(await simulation.entities(HOME, { x: 4, y: 0, width: 1, height: 1 })).to.deep.equal([]);
    simulation.adopt(HOME, 2);
    expect(await simulation.entities(HOME, { x: 4, y: 0, width: 1, height: 1 })).to.have.length(1);
    expect(walker && (await simulation.entity(HOME, walker.id))?.x).to.equal(4);
    expect(await simulation.entity(HOME, entityId(99))).to.equal(null);
    // Nobody came or went: the marks are as the intents move them.
    expect(step.players).to.equal(null);
    expect((await simulation.checkpoint(HOME)).tick).to.equal(2);
  });

  it('takes a tick back when told, and not a later or an adopted one', async () => {
    const { simulation } = setUp(scripted(() => ({ creates: [{ x: 0, y: 0 }] })));
    await simulation.load(stored());
    await simulation.step(request(1));
    simulation.abandon(HOME, 1);
    await simulation.step(request(2));
    simulation.abandon(HOME, 1);
    simulation.adopt(HOME, 2);
    simulation.abandon(HOME, 2);

    expect(await simulation.entities(HOME, null)).to.have.length(1);
  });

  it('knows a zone from load to drop, and forgives what is said of it afterwards', async () => {
    const { simulation } = setUp(stillGame);
    await simulation.load(stored());
    simulation.drop(HOME);
    simulation.adopt(HOME, 1);
    simulation.abandon(HOME, 1);

    expect(await rejection(simulation.step(request(1)))).to.be.instanceOf(HostLostError);
  });

  it('keeps the failure of one zone from another', async () => {
    const { simulation } = setUp(
      scripted((tick) => (tick.zone.id === HOME ? throwingGame.onTick(tick) : { creates: [{ x: 0, y: 0 }] })),
    );
    await simulation.load(stored());
    await simulation.load(stored({ info: zone({ id: AWAY }) }));

    expect(await rejection(simulation.step(request(1)))).to.be.instanceOf(GameStepError);
    await simulation.step({ ...request(1), zone: AWAY });
    simulation.adopt(AWAY, 1);

    expect(await simulation.entities(AWAY, null)).to.have.length(1);
  });

  it('cuts off a step that never ends, says so, and has nothing of it', async () => {
    const { simulation, hung } = setUp(
      scripted(() => {
        for (;;);
      }),
      2,
    );
    await simulation.load(stored());

    const error = await rejection(simulation.step(request(1, { joins: [held(1)] })));

    expect(error).to.be.instanceOf(GameStepError).with.property('message').that.contains('did not end within 20 ms');
    expect(hung).to.deep.equal([HOME]);
    expect(await simulation.entities(HOME, null)).to.deep.equal([]);
  });
});

describe('a view on demand', () => {
  it('is what the player would see now, through the game', async () => {
    const { simulation } = setUp(foggyGame);
    await simulation.load(stored());
    await simulation.step(request(1, { joins: [held(1)] }));
    simulation.adopt(HOME, 1);

    const [here, stranger] = await Promise.all([simulation.view(HOME, held(1)), simulation.view(HOME, held(9))]);

    expect(here.entities).to.have.length(1);
    expect(stranger).to.deep.equal({ zone_id: HOME, entities: [] });
  });

  it('is the state whole where the game has no view, with the extras of the last tick and no events', async () => {
    const { simulation } = setUp(scripted(() => ({ extras: { wind: 2 }, events: [{ type: 'bell' }] })));
    await simulation.load(stored());
    await simulation.step(request(1));
    simulation.adopt(HOME, 1);

    expect(await simulation.view(HOME, held(9))).to.deep.equal({ zone_id: HOME, entities: [], events: [], wind: 2 });
  });

  it('rejects when the game fails at it, or never ends', async () => {
    const views: [GameModule['getPlayerState'], string][] = [
      [
        () => {
          throw new Error('broken');
        },
        'getPlayerState failed: broken',
      ],
      [
        () => {
          for (;;);
        },
        'getPlayerState was late',
      ],
    ];

    for (const [getPlayerState, message] of views) {
      const { simulation } = setUp({ ...stillGame, getPlayerState }, message.endsWith('late') ? 2 : 10_000);
      await simulation.load(stored());
      expect(await rejection(simulation.view(HOME, held(1))))
        .to.be.instanceOf(GameStepError)
        .with.property('message')
        .that.contains(message);
    }
  });
});

describe('where a player is placed', () => {
  const zones = [zone(), zone({ id: AWAY, name: 'away' })];

  it('is the zone that the game names, and nowhere without a word of it', async () => {
    const named = setUp({
      ...stillGame,
      place: (player, offered) => offered.find(({ name }) => name === player.state?.home)?.id ?? null,
    });

    expect(await named.simulation.place(held(1, { document: { home: 'away' } }), zones)).to.equal(AWAY);
    expect(await named.simulation.place(held(1, { document: { home: 'gone' } }), zones)).to.equal(null);
    expect(await setUp(stillGame).simulation.place(held(1), zones)).to.equal(null);
  });

  it('is nowhere when the game throws, is late, or names what is no zone', async () => {
    const clock = new FakeClock();
    const places: GameModule['place'][] = [
      () => {
        throw new Error('broken');
      },
      () => 'nowhere',
      // What a game returns is the framework's to judge.
      (() => 5) as unknown as GameModule['place'],
      (async () => Promise.reject(new Error('late'))) as unknown as GameModule['place'],
      () => {
        for (;;);
      },
      () => {
        clock.advance(1_000);
        return AWAY;
      },
    ];

    for (const place of places) {
      const { simulation } = setUp({ ...stillGame, place }, 5, clock);
      expect(await simulation.place(held(1), zones)).to.equal(null);
    }
  });

  it('is decided on frozen facts', async () => {
    const place: GameModule['place'] = (player, offered) => {
      for (const part of [player, player.state, offered, offered[0], offered[0]?.metadata]) expect(part).to.be.frozen;
      return offered[0]?.id ?? null;
    };

    expect(await setUp({ ...stillGame, place }).simulation.place(held(1, { document: {} }), zones)).to.equal(HOME);
  });
});

describe('who is admitted', () => {
  it('is everybody, unless the game says otherwise', async () => {
    const { simulation } = setUp({ ...stillGame, admit: (_zone, _player, present) => present < 2 });

    expect(await simulation.admit(zone(), held(1), 1)).to.equal(true);
    expect(await simulation.admit(zone(), held(1), 2)).to.equal(false);
    expect(await setUp(stillGame).simulation.admit(zone(), held(1), 9_999)).to.equal(true);
  });

  it('is nobody when the game throws, is late, or says neither', async () => {
    const clock = new FakeClock();
    const admits: GameModule['admit'][] = [
      () => {
        throw new Error('broken');
      },
      (() => 'yes') as unknown as GameModule['admit'],
      () => {
        for (;;);
      },
      () => {
        clock.advance(1_000);
        return true;
      },
    ];

    for (const admit of admits) {
      const { simulation, log } = setUp({ ...stillGame, admit }, 5, clock);
      expect(await simulation.admit(zone(), held(1), 0)).to.equal(false);
      expect(log.lines.map(({ message }) => message).join()).to.match(/^$|threw|late/);
    }
  });

  it('is asked within a tick too, where to throw or to be late sends the transfer back', async () => {
    const clock = new FakeClock();
    const admits: GameModule['admit'][] = [
      () => {
        throw new Error('broken');
      },
      () => {
        clock.advance(1_000);
        return true;
      },
    ];

    for (const admit of admits) {
      const { simulation, log } = setUp({ ...stillGame, admit }, 500, clock);
      await simulation.load(stored());
      const answer = await simulation.step(request(2, { inbox: [arrival(1, 1, [held(1)])] }));
      expect(answer.sends.map(({ reason }) => reason)).to.deep.equal(['refused']);
      expect(log.lines).to.have.length(1);
    }
  });
});

function setUp(game: GameModule, tickBudgetMs = 1_000, clock = new FakeClock()) {
  const hung: ZoneId[] = [];
  const log = new RecordingLog();
  const onHang = (id: ZoneId) => hung.push(id);
  const simulation = new InlineSimulation({ game, secret: 'secret', maxZoneBytes: 100_000, tickBudgetMs, clock, log, onHang });
  return { simulation, hung, log };
}
