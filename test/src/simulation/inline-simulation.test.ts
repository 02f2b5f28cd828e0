import { expect } from 'chai';
import { GameStepError, HostLostError } from '../../../actors/errors.js';
import type { ZoneId } from '../../../actors/ids.js';
import type { GameModule } from '../../../games/contract.js';
import { InlineSimulation } from '../../../src/simulation/inline-simulation.js';
import { Strays } from '../../../src/simulation/strays.js';
import { FakeClock } from '../../support/fake-clock.js';
import { foggyGame, scripted, stillGame, throwingGame, walkingGame } from '../../support/games.js';
import { RecordingLog } from '../../support/recording-log.js';
import { rejection } from '../../support/rejection.js';
import { AWAY, entityId, HOME, held, intent, request, stored, zone } from './support.js';

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

  it('knows whose it is what a tick leaves behind, and what one that is only tried', async () => {
    const strays = new Strays();
    const owners: (ZoneId | null)[] = [];
    strays.listen((zone) => owners.push(zone));
    const late: Promise<boolean>[] = [];
    const leaving = scripted(() => {
      late.push(Promise.resolve().then(() => strays.take(new Error('late'))));
      return {};
    });
    const { simulation } = setUp(leaving, 1_000, strays);
    await simulation.load(stored());

    await simulation.step(request(1));
    await simulation.probe(request(2));
    await simulation.scratch(stored()).probe(request(2));

    expect(await Promise.all(late)).to.deep.equal([true, true, true]);
    expect(owners).to.deep.equal([HOME, HOME, HOME]);
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

function setUp(game: GameModule, tickBudgetMs = 1_000, strays = new Strays()) {
  const hung: ZoneId[] = [];
  const surroundings = { clock: new FakeClock(), log: new RecordingLog(), strays, onHang: (id: ZoneId) => hung.push(id) };
  const simulation = new InlineSimulation({ game, secret: 'secret', maxZoneBytes: 100_000, tickBudgetMs, ...surroundings });
  return { simulation, hung };
}
