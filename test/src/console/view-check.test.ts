import { expect } from 'chai';
import { newUuid, type PlayerId, type ZoneId } from '../../../actors/ids.js';
import type { Simulation, Wire } from '../../../actors/ports.js';
import type { Frames } from '../../../actors/steps.js';
import { BinaryDecoder } from '../../../client/index.js';
import type { GameModule } from '../../../games/contract.js';
import { ViewCheck } from '../../../src/console/view-check.js';
import { FakeWorld } from '../../support/fake-world.js';
import { foggyGame, walkingGame } from '../../support/games.js';
import { overlaid } from '../../support/ports.js';
import { TestWorld, type TestWorldOptions } from '../../support/world.js';

/** Ann and Bob in fog, too far from one another to see each other; each tick, whoever looks has a pulse. */
async function inFog(options: TestWorldOptions = {}, game: GameModule = foggyGame) {
  const world = await TestWorld.create(game, { zones: ['a'], ...options });
  const [ann, bob] = [await world.join('ann', 'a'), await world.join('bob', 'a')];
  await world.tick(2);
  for (let step = 0; step < 8; step += 1) await bob.intent({ type: 'move', dx: 1, dy: 1 });
  await world.tick(2);
  const check = new ViewCheck(world.world);
  const look = async (pulses: number) => {
    for (let pulse = 0; pulse < pulses; pulse += 1) {
      check.pulse(world.world.zoneStates());
      await world.tick();
    }
    return check.findings;
  };
  return { world, ann, bob, look };
}

/** Sends each what is another's. */
function exchanging({ bytes, table }: Frames): Frames {
  const bodies = Array.from({ length: table.length / 3 }, (_, index) => [...table.subarray(3 * index, 3 * index + 3)]);
  return { bytes, table: Int32Array.from(bodies.reverse().flat()) };
}

function mistaken(simulation: Simulation, mistake: (frames: Frames) => Frames): Simulation {
  return overlaid(simulation, {
    step: async (request) => {
      const answer = await simulation.step(request);
      return { ...answer, frames: answer.frames && mistake(answer.frames) };
    },
  });
}

describe('a console that looks at views', () => {
  it('finds them to be what the game shows, of one player at a time', async () => {
    const { world, ann, look } = await inFog();
    ann.clear();

    const findings = await look(12);

    expect(findings).to.deep.equal({ same: 3, strange: null });
    expect(ann.ticks()).to.have.length(12);
    await world.stop();
  });

  it('finds out when players are sent what is somebody else’s, having looked at the same one twice', async () => {
    let lies = false;
    const { world, look } = await inFog({
      lyingSimulation: (simulation) => mistaken(simulation, (frames) => (lies ? exchanging(frames) : frames)),
    });
    lies = true;

    const first = await look(4);
    const second = await look(4);

    expect(first).to.deep.equal({ same: 0, strange: null });
    expect(second.strange).to.match(/^a player in zone a was sent entity \S+, which the game does not show it, at tick \d+$/);
    await world.stop();
  });

  it('finds one byte too many beside the entities', async () => {
    const { world, look } = await inFog(
      {
        lyingSimulation: (simulation) =>
          mistaken(simulation, ({ bytes, table }) => ({
            table,
            bytes: Buffer.from(Buffer.from(bytes).toString().replaceAll('"left":1', '"left":2')),
          })),
      },
      { ...walkingGame, onTick: (tick) => ({ ...walkingGame.onTick(tick), extras: { left: 1 } }) },
    );

    expect((await look(8)).strange).to.match(/^a player in zone a was sent another left than the game shows/);
    await world.stop();
  });

  it('passes over what was strange once only, and goes on to others', async () => {
    let lies = true;
    const { world, look } = await inFog({
      lyingSimulation: (simulation) => mistaken(simulation, (frames) => (lies ? exchanging(frames) : frames)),
    });

    await look(4);
    lies = false;

    expect(await look(8)).to.deep.equal({ same: 2, strange: null });
    await world.stop();
  });

  it('reads differences in binary too, for which one message is whole, and the client goes on from there', async () => {
    const { world, ann, bob, look } = await inFog();
    await Promise.all([ann.drop(), bob.drop()]);
    const told: string[] = [];
    const decoder = new BinaryDecoder();
    const wire: Wire = {
      ...{ encoding: 'binary', send: () => {}, together: (write) => write(), bufferedBytes: () => 0, close: () => {} },
      sendParts: (head, body) => told.push(decoder.decode(Buffer.concat([Buffer.from(head, 'latin1'), body])).type),
    };
    const input = world.world.sockets.accept(wire, { identity: null, badToken: false });
    input.message({ type: 'hello', token: 'ann', resume: null });
    await world.settle();
    input.message({ type: 'subscribe', zoneId: world.zone('a'), sync: 'delta', acks: 'each' });
    await world.tick(3);

    const findings = await look(5);

    expect(findings).to.deep.equal({ same: 2, strange: null });
    expect(told).to.deep.equal(['tick', 'delta', 'delta', 'tick', 'delta', 'delta', 'delta', 'tick']);
    await world.stop();
  });

  it('looks at nobody where nobody plays, and stops waiting for a view that does not come', async () => {
    const { world, ann, bob, look } = await inFog();
    await world.world.pause();

    await look(1);
    await world.pass(6_000);
    world.world.resume();
    const resumed = await look(5);
    await Promise.all([ann.drop(), bob.drop()]);
    await world.tick(2);

    expect(resumed.same).to.equal(1);
    expect(await look(8)).to.deep.equal(resumed);
    await world.stop();
  });

  it('does not hold against a view what lies over a border, and is a tick older there', async () => {
    const world = new FakeWorld();
    const [here, there] = [world.addZone('here'), world.addZone('there')];
    world.layout = [{ zone: here.id, neighbor: there.id, dx: 10, dy: 0 }];
    world.states = [{ zone: here.id, phase: 'live', tick: 7, missed: 0, restarts: 0, present: 1, mailbox: 0 }];
    const own = world.addEntity(here.id, { x: 1, y: 1, width: 1, height: 1 });
    const beyond = world.addEntity(there.id, { x: 1, y: 1, width: 1, height: 1 });
    const player = newUuid<PlayerId>();
    const sees = (zone: ZoneId, [sent, shown]: readonly [object[], object[]]) => ({
      player,
      sent: { zone, tick: 7, encoding: 'json' as const, body: Buffer.from(`"state":${JSON.stringify({ entities: sent })}}`) },
      shown: { entities: shown.map((entity) => ({ ...entity })) },
    });
    const other = sees(here.id, [[{ id: beyond.id, x: 1 }], [{ id: beyond.id, x: 2 }]]);
    const ours = sees(here.id, [[{ id: own.id, x: 1 }], [{ id: own.id, x: 2 }]]);
    const check = new ViewCheck(world);
    const look = async () => {
      for (let pulse = 0; pulse < 4; pulse += 1) check.pulse(world.states);
      await new Promise(setImmediate);
      return check.findings;
    };

    world.witnessed.push(other, ours, null, ours);
    const findings = [await look(), await look(), await look(), await look()];

    expect(findings.slice(0, 3)).to.deep.equal(Array.from({ length: 3 }, () => ({ same: 1, strange: null })));
    expect(findings[3]?.strange).to.equal(
      `a player in zone here was sent another x of entity ${own.id} than the game shows, at tick 7`,
    );
    expect(world.lookedAt).to.deep.equal([null, null, player, player]);
  });
});
