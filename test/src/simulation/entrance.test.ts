import { expect } from 'chai';
import type { GameModule } from '../../../games/contract.js';
import { InlineSimulation } from '../../../src/simulation/inline-simulation.js';
import { FakeClock } from '../../support/fake-clock.js';
import { stillGame } from '../../support/games.js';
import { RecordingLog } from '../../support/recording-log.js';
import { AWAY, arrival, HOME, held, request, stored, zone } from './support.js';

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
  const log = new RecordingLog();
  const simulation = new InlineSimulation({
    game,
    secret: 'secret',
    maxZoneBytes: 100_000,
    tickBudgetMs,
    clock,
    log,
    onHang() {},
  });
  return { simulation, log };
}
