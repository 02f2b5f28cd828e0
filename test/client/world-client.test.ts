/** A connection that survives the loss of its socket. */
import { expect } from 'chai';
import { WebSocket } from 'ws';
import {
  type ClientOptions,
  connect,
  type GameMessage,
  type IntentOf,
  type LinkState,
  type ProtocolMessage,
  reconnectPauseMs,
  type SettledIntent,
  type StateEvent,
  type WorldClient,
} from '../../client/index.js';
import type movement from '../../games/movement/index.js';
import { FakeServer, MEADOW, ORCHARD, send, until } from '../support/fake-server.js';

type Intent = IntentOf<typeof movement>;

class Recorder {
  readonly messages: (ProtocolMessage | GameMessage)[] = [];
  readonly settled: SettledIntent[] = [];
  readonly links: LinkState[] = [];
  readonly states: StateEvent[] = [];

  constructor(client: WorldClient<Intent>) {
    client.on('message', (message) => this.messages.push(message));
    client.on('settled', (intent) => this.settled.push(intent));
    client.on('link', (link) => this.links.push(link));
    client.on('state', (state) => this.states.push(state));
  }
  get joins(): number {
    return this.links.filter(({ type }) => type === 'joined').length;
  }
  get fates(): [number, string][] {
    return this.settled.map(({ seq, fate }) => [seq, fate]);
  }
}

const RIGHT: Intent = { type: 'move', dx: 1, dy: 0 };
const UP: Intent = { type: 'move', dx: 0, dy: -1 };

describe('world client', () => {
  let server: FakeServer;
  let recorder: Recorder;
  let client: WorldClient<Intent>;

  beforeEach(async () => {
    server = await FakeServer.start();
  });
  afterEach(async () => {
    await client.close();
    await server.stop();
  });

  function start(more: Partial<ClientOptions<Intent>> = {}): void {
    const timing = { firstPauseMs: 2, lobbyPatienceMs: 20, ...more.timing };
    client = connect<typeof movement>({ url: server.url, token: 'token-ann', WebSocket, ...more, timing });
    recorder = new Recorder(client);
  }

  async function startJoined(more: Partial<ClientOptions<Intent>> = {}): Promise<void> {
    start(more);
    await until(() => recorder.joins === 1);
  }

  it('joins, plays, and learns the fate of what it sent', async () => {
    await startJoined();

    client.intent(RIGHT);
    await until(() => server.player('ann').queue.length === 1);
    server.tick();
    await until(() => recorder.settled.length === 1);

    expect(recorder.fates).to.deep.equal([[1, 'applied']]);
    expect(recorder.messages.map(({ type }) => type)).to.include.members(['join_ack', 'subscribed', 'tick']);
    expect(client.playerId).to.equal('ann');
    expect(client.zoneId).to.equal(MEADOW.id);
  });

  it('measures round trips, and follows the server’s clock', async () => {
    await startJoined();
    await until(() => client.rttMs !== null);

    expect(client.rttMs).to.be.greaterThan(0);
    expect(client.tickIntervalMs).to.equal(20);
    expect(client.clock.now()).to.be.closeTo(Date.now(), 1000);
  });

  it('asks the server for deltas where it was put somewhere without asking, once', async () => {
    await startJoined();
    await until(() => server.subscribes.length === 1);
    server.tick();
    await until(() => recorder.states.length === 1);

    expect(server.subscribes).to.deep.equal([{ type: 'subscribe', zone_id: MEADOW.id, sync: 'delta', acks: 'each' }]);
  });

  it('hands out whole states however they travel, and asks anew when a difference does not fit', async () => {
    await startJoined();
    server.tick();
    await until(() => recorder.states.length === 1);
    const { tickNumber } = server;

    const delta = {
      type: 'delta',
      zone_id: MEADOW.id,
      state: { sight: 5, entities: { set: [{ id: 'w-ann', x: 3 }], gone: [] } },
    };
    send(server.player('ann'), { ...delta, tick_number: tickNumber + 1, base: tickNumber });
    send(server.player('ann'), { ...delta, tick_number: tickNumber + 9, base: tickNumber + 8 });
    await until(() => server.resyncs === 1);

    expect(recorder.states).to.have.length(2);
    expect(client.snapshot?.state).to.deep.include({ sight: 5, you: { id: 'w-ann', x: 10, y: 10, items: ['apple'] } });
    expect(client.snapshot?.state.entities).to.deep.include.members([
      { id: 'w-ann', x: 3, y: 10, width: 1, height: 1, metadata: { kind: 'walker', name: 'ann', player: 'ann' } },
    ]);
  });

  it('resumes after a crash, and sends again what was lost: each intent is applied once', async () => {
    await startJoined();
    client.intent(RIGHT);
    await until(() => server.player('ann').queue.length === 1);
    server.tick();
    client.intent(RIGHT);
    client.intent(RIGHT);
    await until(() => server.player('ann').queue.length === 2);

    server.crash();
    await until(() => recorder.joins === 2 && server.player('ann').queue.length === 2);
    client.intent(RIGHT);
    await until(() => server.player('ann').queue.length === 3);
    server.tick();
    await until(() => recorder.settled.length === 4);

    expect(server.hellos[1]?.resume).to.equal('resume-1');
    expect(server.player('ann').applied).to.deep.equal([1, 2, 3, 4]);
    expect(recorder.fates.map(([, fate]) => fate)).to.deep.equal(Array(4).fill('applied'));
  });

  it('takes from the resume what was applied or dropped although no message said so', async () => {
    await startJoined();
    for (let sent = 0; sent < 3; sent++) client.intent(RIGHT);
    await until(() => server.player('ann').queue.length === 3);

    Object.assign(server.player('ann'), { lastSeq: 2, dropped: [1] });
    server.crash();
    await until(() => recorder.joins === 2 && server.player('ann').queue.length === 1);

    expect(recorder.fates).to.deep.equal([
      [1, 'dropped'],
      [2, 'applied'],
    ]);
    expect(server.player('ann').queue[0]?.seq).to.equal(3);
  });

  it('sends again what nothing was heard of only once it is sure that the resume worked', async () => {
    await startJoined();
    client.intent(RIGHT);
    await until(() => server.player('ann').queue.length === 1);

    server.crash();
    await until(() => server.player('ann').queue.length === 1);
    server.tick();
    await until(() => recorder.settled.length === 1);

    expect(server.player('ann').applied).to.deep.equal([1]);
    expect(recorder.fates).to.deep.equal([[1, 'applied']]);
  });

  it('says that a fate is unknown, and applies nothing twice, where the resume came too late and nothing had been acknowledged', async () => {
    await startJoined();
    client.intent(RIGHT);
    await until(() => server.player('ann').queue.length === 1);

    // Applied, and nobody told; then nothing is known of the run any more.
    server.forget('ann');
    server.tick();
    await until(() => recorder.settled.length === 1 && server.player('ann').zone !== null);
    client.intent(UP);
    await until(() => server.player('ann').queue.length === 1);

    expect(recorder.fates).to.deep.equal([[1, 'unknown']]);
    expect(server.player('ann').applied).to.deep.equal([1]);
    expect(server.player('ann').queue.map(({ data }) => data)).to.deep.equal([UP]);
  });

  it('keeps what is wanted while there is no connection, and sends it then', async () => {
    start();
    client.intent(RIGHT);
    await until(() => recorder.joins === 1 && server.player('ann').queue.length === 1);
    server.tick();
    await until(() => recorder.settled.length === 1);

    server.crash();
    await until(() => recorder.links.some(({ type }) => type === 'lost'));
    client.intent(RIGHT);
    await until(() => server.player('ann').queue.length === 1);
  });

  it('takes an error with a number for the end of that intent', async () => {
    await startJoined();

    client.intent(RIGHT);
    send(server.player('ann'), { type: 'error', code: 'intent_dropped', message: 'x', seq: 1 });
    await until(() => recorder.settled.length === 1);

    expect(recorder.fates).to.deep.equal([[1, 'dropped']]);
  });

  it('predicts what waits, and takes it back when the server sees it otherwise', async () => {
    await startJoined({
      predict: (state, intent) => (intent.type === 'move' ? { ...state, x: Number(state.x ?? 10) + intent.dx } : state),
    });
    server.tick();
    await until(() => recorder.states.length === 1);

    client.intent(RIGHT);
    client.intent(RIGHT);
    const ahead = client.predicted?.x;
    send(server.player('ann'), { type: 'error', code: 'intent_dropped', message: 'x', seq: 1 });
    await until(() => recorder.settled.length === 1);

    expect(ahead).to.equal(12);
    expect(client.predicted?.x).to.equal(11);
    expect(client.snapshot?.state).to.not.have.property('x');
  });

  it('goes on showing what a resume says is applied, until a state has it', async () => {
    await startJoined({
      predict: (state, intent) => ({ ...state, x: Number(state.x ?? 10) + (intent.type === 'move' ? intent.dx : 0) }),
    });
    server.tick();
    await until(() => recorder.states.length === 1);
    client.intent(RIGHT);
    client.intent(RIGHT);
    await until(() => server.player('ann').queue.length === 2);
    server.player('ann').ws?.terminate();
    server.tick();
    await until(() => recorder.settled.length === 2);

    client.intent(RIGHT);
    const ahead = client.predicted?.x;
    client.intent(RIGHT);
    const further = client.predicted?.x;
    send(server.player('ann'), { type: 'error', code: 'intent_dropped', message: 'x', seq: 3 });
    await until(() => recorder.settled.length === 3);
    const takenBack = client.predicted?.x;
    await until(() => server.player('ann').queue.length > 0);
    server.tick();
    await until(() => recorder.states.length === 2 && client.waiting.length === 0);

    expect([ahead, further, takenBack]).to.deep.equal([13, 14, 13]);
    expect(client.predicted).to.not.have.property('x');
  });

  it('asks for its home where the server puts it nowhere', async () => {
    server.places = false;

    start();
    await until(() => recorder.messages.some(({ type }) => type === 'subscribed'));

    expect(server.player('ann').zone).to.equal(MEADOW);
  });

  it('goes where the application wants to be, over a lost connection too', async () => {
    await startJoined();
    server.crash();
    await until(() => recorder.links.at(-1)?.type === 'lost');

    client.subscribe(ORCHARD.id);
    await until(() => client.zoneId === ORCHARD.id);

    expect(server.subscribes.at(-1)).to.include({ zone_id: ORCHARD.id });
  });

  it('asks again for a zone when it asked too often, and stays away where the application left', async () => {
    await startJoined({ timing: { firstPauseMs: 2, lobbyPatienceMs: 5, pingEveryMs: 10 } });
    await until(() => server.subscribes.length === 1);
    server.limitSubscribes = 1;
    client.subscribe(ORCHARD.id);
    await until(() => client.zoneId === ORCHARD.id);

    client.unsubscribe();
    server.places = false;
    server.forget('ann');
    await until(() => recorder.joins === 2);
    const { length } = server.subscribes;
    // The one that follows the join, and the next: longer than a lobby is put up with.
    for (let pongs = 0; pongs < 2; pongs++) await client.once('pong');

    expect(server.subscribes).to.have.length(length);
    expect(client.zoneId).to.equal(null);
  });

  it('does not come back after a takeover or the end of its session', async () => {
    start();
    for (const code of [4409, 4401, 1008, 1009]) {
      await until(() => recorder.links.at(-1)?.type === 'joined');
      server.player('ann').ws?.close(code, 'over');
      await until(() => recorder.links.at(-1)?.type === 'ended');

      expect(recorder.links.at(-1)).to.deep.equal({ type: 'ended', code, reason: 'over' });
      client.start();
    }
  });

  it('does not come back where it is forbidden, and does where the server is full', async () => {
    server.refuseWith = 503;
    start();
    await until(() => recorder.links.filter(({ type }) => type === 'lost').length === 2);

    server.refuseWith = 403;
    await until(() => recorder.links.at(-1)?.type === 'ended');

    expect(recorder.links.at(-1)).to.include({ reason: 'refused with HTTP 403' });
  });

  it('hears of games’ own messages as such, and survives what is no message', async () => {
    await startJoined();
    const heard: GameMessage[] = [];
    client.on('game', (message) => heard.push(message));

    const { ws } = server.player('ann');
    for (const text of ['{', '5', '{"type":5}', '{"type":"inventory","items":[]}']) ws?.send(text);
    await until(() => heard.length === 1);

    expect(heard).to.deep.equal([{ type: 'inventory', items: [] }]);
  });

  it('gives up a connection with bytes that it cannot read, and resumes on another', async () => {
    await startJoined();

    server.player('ann').ws?.send(Buffer.from([9, 9, 9]));
    await until(() => recorder.joins === 2);

    expect(server.hellos[1]?.resume).to.equal('resume-1');
  });
});

describe('reconnect pauses', () => {
  it('double up to a bound, their last half by chance', () => {
    expect([0, 1, 2, 10, 1000].map((attempt) => reconnectPauseMs(attempt, undefined, () => 1))).to.deep.equal([
      250, 500, 1000, 5000, 5000,
    ]);
    expect(reconnectPauseMs(1, undefined, () => 0)).to.equal(250);
  });
});
