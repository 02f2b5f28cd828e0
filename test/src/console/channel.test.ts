import { EventEmitter } from 'node:events';
import { expect } from 'chai';
import type { WebSocket } from 'ws';
import { newUuid, type ZoneId } from '../../../actors/ids.js';
import { ConsoleChannel } from '../../../src/console/channel.js';
import { FakeAccounts } from '../../support/fake-accounts.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeWorld } from '../../support/fake-world.js';
import { RecordingLog } from '../../support/recording-log.js';

/** A socket that remembers what it was sent, and how it was closed. */
class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: { type: string; [field: string]: unknown }[] = [];
  readonly closes: number[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(code: number): void {
    if (this.readyState !== 1) return;
    this.readyState = 3;
    this.closes.push(code);
    this.emit('close');
  }
  terminate(): void {
    this.close(1006);
  }
}

function started() {
  const [socket, world, accounts, clock] = [new FakeSocket(), new FakeWorld(), new FakeAccounts(), new FakeClock()];
  const facts = { loopDelay: () => ({ mean: 1, max: 2 }), game: () => null };
  const deps = { world, clock, facts, log: new RecordingLog(), helloTimeoutMs: 5_000 };
  // The channel uses of a socket what this one has.
  new ConsoleChannel(socket as unknown as WebSocket, { ...deps, authenticate: (token) => accounts.authenticate(token) });
  const { token } = accounts.logIn('root', 'debug');
  const say = async (message: object) => {
    socket.emit('message', JSON.stringify(message));
    await clock.advanceAsync(0);
  };
  const pulse = () => clock.advanceAsync(500);
  return { socket, world, accounts, clock, token, say, pulse };
}

describe('a console', () => {
  it('is told the zones and how they lie, and then how the world is, twice a second', async () => {
    const { socket, world, token, say, pulse } = started();
    const [meadow, orchard] = [world.addZone('meadow'), world.addZone('orchard')];
    world.layout = [{ zone: meadow.id, neighbor: orchard.id, dx: 10, dy: 0 }];

    await say({ type: 'hello', token });
    await pulse();

    const [zones, ...pulses] = socket.sent;
    expect(zones).to.deep.equal({
      type: 'zones',
      zones: [
        { id: meadow.id, name: 'meadow', width: 10, height: 20 },
        { id: orchard.id, name: 'orchard', width: 10, height: 20 },
      ],
      links: [[0, 1, 10, 0]],
    });
    expect(pulses.map(({ type }) => type)).to.deep.equal(['pulse', 'pulse']);
    expect(pulses[0]).to.deep.include({ down: [], loop_delay_ms: { mean: 1, max: 2 }, game: null, lost: 0, entities: [] });
  });

  it('hears of a zone only what changed, and that it fell asleep', async () => {
    const { socket, world, token, say, pulse } = started();
    const { id: zone } = world.addZone('meadow');
    const facts = { phase: 'live', tick: 7, missed: 0, restarts: 0, present: 2, mailbox: 1 } as const;
    world.states = [{ zone, ...facts }];

    await say({ type: 'hello', token });
    await pulse();
    world.states = [{ zone, ...facts, tick: 8 }];
    await pulse();
    world.states = [];
    await pulse();
    await pulse();

    const awake = socket.sent.filter(({ type }) => type === 'pulse').map((sent) => sent.awake);
    expect(awake).to.deep.equal([[[0, 'live', 7, 0, 0, 2, 1]], [], [[0, 'live', 8, 0, 0, 2, 1]], [[0, 'asleep']], []]);
  });

  it('gets the entities, the tree and the connections that it looks at, as often as it wants', async () => {
    const { socket, world, clock, token, say } = started();
    const { id } = world.addZone('meadow');
    const sheep = world.addEntity(id, { x: 1, y: 2, width: 1, height: 1 }, { kind: 'sheep' });
    await say({ type: 'hello', token });

    await say({ type: 'look', map: [id], lanes: [id], tree: true, connections: true, every_ms: 2_000 });
    await clock.advanceAsync(500);
    const first = socket.sent.at(-1);
    const before = socket.sent.length;
    await clock.advanceAsync(1_900);

    expect(first?.entities).to.deep.equal([{ zone: 0, count: 1, list: [[sheep.id, 1, 2, 1, 1, { kind: 'sheep' }]] }]);
    expect(first).to.have.nested.property('tree.kind', 'supervisor');
    expect(first?.connections).to.deep.equal([]);
    expect(socket.sent).to.have.length(before);
  });

  for (const [who, message, code] of [
    ['with a bad token', { type: 'hello', token: 'none' }, 4401],
    ['of a player', { type: 'hello', token: 'token-of-ada' }, 4401],
    ['that looks before it says who it is', { type: 'look' }, 1008],
    ['that says nonsense', { type: 'hello', token: 7 }, 1008],
  ] as const) {
    it(`${who} is closed with ${code}, and was told nothing`, async () => {
      const { socket, accounts, say } = started();
      accounts.logIn('ada');

      await say(message);

      expect([socket.closes, socket.sent]).to.deep.equal([[code], []]);
    });
  }

  it('that says nothing is closed with 4408', async () => {
    const { socket, clock } = started();

    await clock.advanceAsync(5_000);

    expect(socket.closes).to.deep.equal([4408]);
  });

  it('whose session ends is told nothing more', async () => {
    const { socket, accounts, world, token, say, pulse } = started();
    world.addZone('meadow');
    await say({ type: 'hello', token });
    const before = socket.sent.length;

    await accounts.logout((await accounts.authenticate(token))?.session ?? newUuid());
    await pulse();

    expect([socket.closes, socket.sent.length]).to.deep.equal([[4401], before]);
  });

  it('that reads too slowly is told nothing until it has caught up', async () => {
    const { socket, token, say, pulse } = started();
    await say({ type: 'hello', token });
    const before = socket.sent.length;
    socket.bufferedAmount = 2 ** 21;
    await pulse();
    const behind = socket.sent.length;
    socket.bufferedAmount = 0;
    await pulse();

    expect([behind, socket.sent.length > behind]).to.deep.equal([before, true]);
  });

  it('cannot look at more zones than fit on a screen', async () => {
    const { socket, token, say } = started();
    await say({ type: 'hello', token });

    await say({ type: 'look', map: Array.from({ length: 65 }, () => newUuid<ZoneId>()) });

    expect(socket.closes).to.deep.equal([1008]);
  });
});
