/** A test world must catch what the framework would: each case is a game with one fault. */
import { expect } from 'chai';
import Joi from 'joi';
import { RESERVED_MESSAGE_TYPES } from '../../../actors/protocol.js';
import type { GameModule, Tick, TickResult } from '../../../games/contract.js';
import { createTestWorld, TestWorld } from '../../../src/testing/index.js';
import { type MalformedFacts, malformedResults } from '../../support/malformed-results.js';
import { rejection } from '../../support/rejection.js';

/** What runs one tick of a game that consists of this rule. */
function ticking(onTick: (tick: Tick) => TickResult): () => void {
  const bench = new TestWorld({ name: 'faulty', onTick });
  bench.addZone({ name: 'field', width: 10, height: 10 });
  bench.add('field', { x: 5, y: 5, metadata: { kind: 'stone' } });
  bench.join('ada', 'field');
  return () => bench.tick();
}

const stone = (tick: Tick) => [...tick.entities][0]?.id ?? '';

/** For the names of the cases alone. */
const NOBODY = { first: '', second: '', home: '', away: '', player: '' };

const FAULTS: Record<string, (tick: Tick) => TickResult> = {
  'reads the clock': () => ({ wakeAt: Date.now() }),
  'throws dice of its own': () => ({ creates: [{ x: Math.floor(Math.random() * 9), y: 1 }] }),
  'changes what it was given': (tick) => ({ extras: Object.assign(tick.zone.metadata, { changed: true }) }),
  'makes something outside of the zone': () => ({ creates: [{ x: 9, y: 0, width: 2 }] }),
  'moves something off the cells': (tick) => ({ updates: [{ id: stone(tick), x: 1.5 }] }),
  'changes what is not there': () => ({ updates: [{ id: 'nothing', x: 1 }] }),
  'deletes something twice': (tick) => ({ deletes: [stone(tick), stone(tick)] }),
  'transfers something twice': (tick) => ({ transfers: ['a', 'b'].map((toZone) => ({ id: stone(tick), toZone, x: 1, y: 1 })) }),
  'transfers something to where it is': (tick) => ({ transfers: [{ id: stone(tick), toZone: tick.zone.id, x: 1, y: 1 }] }),
  'returns what is not JSON': () => ({ extras: { far: Number.POSITIVE_INFINITY } }),
  'takes a name of the state': () => ({ extras: { entities: [] } }),
  'takes a name of the protocol': (tick) => ({ messages: tick.players.map(({ id }) => ({ playerId: id, type: 'tick' })) }),
};

describe('a test world', () => {
  for (const [fault, rule] of Object.entries(FAULTS)) {
    it(`throws at a game that ${fault}`, () => {
      expect(ticking(rule)).to.throw();
    });
  }

  for (const [what, , says] of malformedResults(NOBODY)) {
    it(`refuses, as a server does, ${what}`, async () => {
      let malformed: unknown;
      const world = await createTestWorld({ name: 'faulty', onTick: () => malformed as TickResult }); // that it is none is the point
      const [home, away] = ['home', 'away'].map((name) => world.addZone({ name, width: 20, height: 10 }).id);
      const [first, second] = [1, 2].map((place) => world.add('home', { x: place, y: place }));
      const facts = { first, second, home, away, player: world.join('ada', 'home') } as MalformedFacts; // two of each were made
      malformed = malformedResults(facts).find((each) => each[0] === what)?.[1];
      const before = world.entities('home');

      expect(() => world.tick(), says).to.throw();
      expect(world.entities('home')).to.deep.equal(before);
    });
  }

  it('refuses a game that declares a message of the protocol', async () => {
    for (const type of RESERVED_MESSAGE_TYPES) {
      const game = { name: 'faulty', onTick: () => ({}), messages: { [type]: Joi.object() } };

      const refusal = await rejection(createTestWorld(game));

      expect(String(refusal)).to.contain(`messages has "${type}", a type of the protocol`);
    }
  });

  it('refuses a message to a player that is of a type of the protocol', () => {
    for (const type of RESERVED_MESSAGE_TYPES) {
      const tick = ticking(({ players }) => ({ messages: players.map(({ id }) => ({ playerId: id, type })) }));

      expect(tick, type).to.throw(`"${type}", a type of the protocol`);
    }
  });

  it('takes of an intent what a server takes: no text for a number, and defaults filled in', async () => {
    const jump = Joi.object({ type: Joi.any(), by: Joi.number().required(), high: Joi.boolean().default(false) });
    const world = await createTestWorld({
      ...{ name: 'jumps', intents: { jump } },
      onTick: ({ intents }) => ({ events: intents.map(({ data }) => ({ ...data })) }),
    });
    world.addZone({ name: 'field', width: 4, height: 4 });
    world.join('ada', 'field');
    world.tick();

    expect(world.intent('ada', { type: 'jump', by: '1' })).to.equal(false);
    expect(world.intent('ada', { type: 'fly' })).to.equal(false);
    expect(world.intent('ada', { type: 'jump', by: 1 })).to.equal(true);
    world.tick();

    expect(world.viewOf('ada').events).to.deep.equal([{ type: 'jump', by: 1, high: false }]);
  });

  it('throws at a game that answers differently when asked again', () => {
    let calls = 0;

    expect(ticking(() => ({ extras: { calls: ++calls } }))).to.throw('two results');
  });

  it('gives the dice and the clock back', () => {
    expect(ticking(() => ({ wakeAt: Date.now() }))).to.throw('take it from the tick');

    expect([Date.now(), Math.random()]).to.satisfy((numbers: number[]) => numbers.every(Number.isFinite));
  });

  it('numbers the dice by the tick: the same one gives the same throw, the next one another', () => {
    const throws: number[] = [];
    const tick = ticking((facts) => {
      throws.push(facts.random());
      return {};
    });

    tick();
    tick();

    expect(throws[0]).to.equal(throws[1]);
    expect(throws[1]).to.not.equal(throws[2]);
  });

  it('tells a zone who came and who went, and lets nobody be in two', () => {
    const seen: string[] = [];
    const names = (players: Tick['players']) => players.map(({ username }) => username).join();
    const game: GameModule = {
      name: 'gate',
      onTick: ({ zone, players, joined, left }) => {
        seen.push(`${zone.name}: ${names(players)} +${names(joined)} -${names(left)}`);
        return {};
      },
    };
    const bench = new TestWorld(game);
    for (const name of ['here', 'there']) bench.addZone({ name, width: 5, height: 5 });

    bench.join('ada', 'here');
    bench.tick();
    bench.join('ada', 'there');
    bench.tick(2);

    expect([...new Set(seen)]).to.deep.equal(['here: ada +ada -', 'here:  + -ada', 'there: ada +ada -']);
  });

  it('wakes an empty zone at the time it wished for, once', () => {
    const ticks: number[] = [];
    const game: GameModule = {
      name: 'alarm',
      onTick: ({ tickNumber, now, joined }) => {
        ticks.push(tickNumber);
        return joined.length > 0 ? { wakeAt: now + 5000 } : {};
      },
    };
    const bench = new TestWorld(game);
    bench.addZone({ name: 'field', width: 5, height: 5 });
    bench.join('ada', 'field');
    bench.tick();
    bench.leave('ada');

    bench.tick(10);

    expect([...new Set(ticks)]).to.deep.equal([1, 2, 6]);
  });

  it('sends a transfer back that the game does not admit, and its player with it', () => {
    const game: GameModule = {
      name: 'border',
      admit: () => false,
      onTick: ({ zone, entities, players, returned }) => {
        const [entity] = entities;
        if (!entity || returned.length > 0) return { extras: { returned } };
        const follow = players.map((player) => player.id);
        return { transfers: [{ id: entity.id, toZone: String(zone.metadata.to), x: 0, y: 0, follow }] };
      },
    };
    const bench = new TestWorld(game);
    const { id } = bench.addZone({ name: 'beyond', width: 5, height: 5 });
    bench.addZone({ name: 'field', width: 5, height: 5, metadata: { to: id } });
    const stone = bench.add('field', { x: 2, y: 3 });
    bench.join('ada', 'field');

    bench.tick(2);

    expect(bench.where('ada')).to.equal('field');
    expect(bench.entities('field')).to.have.length(1);
    expect(bench.viewOf('ada').returned).to.deep.equal([{ id: stone, toZone: id, reason: 'refused' }]);
  });

  it('comes back from a kill as the last tick left it, and its players where they were', async () => {
    const seen: string[] = [];
    const names = (players: Tick['players']) => players.map(({ username }) => username).join();
    const game: GameModule = {
      name: 'inn',
      async init(world) {
        for (const name of ['room', 'yard']) await world.createZone({ name, width: 5, height: 5 });
      },
      place: (_player, zones) => zones[0]?.id ?? null,
      onTick: ({ zone, entities, intents, joined, left }) => {
        seen.push(`${zone.name}: ${intents.length} wishes, +${names(joined)} -${names(left)}, ${entities.size} things`);
        return { creates: intents.map(() => ({ x: 1, y: 1 })) };
      },
    };
    const bench = await createTestWorld(game);
    for (const name of ['ada', 'ben']) bench.join(name, 'yard');
    bench.intent('ada', { type: 'make' });
    bench.tick();
    const before = bench.tickNumber;
    bench.intent('ada', { type: 'make' });

    await bench.kill();
    bench.join('ada');
    bench.tick(2);

    // Each rule is asked twice.
    expect(seen.filter((_, index) => index % 2 === 0)).to.deep.equal([
      'yard: 1 wishes, +ada,ben -, 0 things',
      'yard: 0 wishes, + -ben, 1 things',
      'yard: 0 wishes, + -, 1 things',
    ]);
    expect(bench.where('ada')).to.equal('yard');
    expect(bench.connected()).to.deep.equal(['ada']);
    expect(bench.tickNumber).to.be.greaterThan(before + 2);
  });
});
