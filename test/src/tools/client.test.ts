/** A connection that survives the loss of its socket. */
import { expect } from 'chai';
import { type Link, reconnectPauseMs, WorldClient, type WorldListener } from '../../../src/tools/client.js';
import type { SettledIntent } from '../../../src/tools/intent-ledger.js';
import type { ServerMessage } from '../../../src/tools/server-message.js';
import { FakeServer, MEADOW, send, until } from './fake-server.js';

class Recorder implements WorldListener {
  readonly messages: ServerMessage[] = [];
  readonly settledIntents: SettledIntent[] = [];
  readonly links: Link[] = [];

  message(message: ServerMessage): void {
    this.messages.push(message);
  }
  settled(intent: SettledIntent): void {
    this.settledIntents.push(intent);
  }
  link(link: Link): void {
    this.links.push(link);
  }
  get joins(): number {
    return this.links.filter(({ type }) => type === 'joined').length;
  }
  get fates(): [number, string][] {
    return this.settledIntents.map(({ seq, fate }) => [seq, fate]);
  }
}

const RIGHT = { type: 'move', dx: 1, dy: 0 };

describe('world client', () => {
  let server: FakeServer;
  let recorder: Recorder;
  let client: WorldClient;

  beforeEach(async () => {
    server = await FakeServer.start();
    recorder = new Recorder();
    client = new WorldClient({
      url: server.url,
      token: 'token-ann',
      listener: recorder,
      home: async () => MEADOW.id,
      firstPauseMs: 2,
      lobbyPatienceMs: 20,
    });
  });
  afterEach(async () => {
    await client.close();
    await server.stop();
  });

  it('joins, plays, and learns the fate of what it sent', async () => {
    client.start();
    await until(() => recorder.joins === 1);

    client.intent(RIGHT);
    await until(() => server.player('ann').queue.length === 1);
    server.tick();
    await until(() => recorder.settledIntents.length === 1);

    expect(recorder.fates).to.deep.equal([[1, 'applied']]);
    expect(recorder.messages.map(({ type }) => type)).to.include.members(['join_ack', 'subscribed', 'tick']);
  });

  it('measures round trips', async () => {
    client.start();
    await until(() => client.rttMs !== null);

    expect(client.rttMs).to.be.greaterThan(0);
    expect(client.tickIntervalMs).to.equal(20);
  });

  it('resumes after a crash, and sends again what was lost: each intent is applied once', async () => {
    client.start();
    await until(() => recorder.joins === 1);
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
    await until(() => recorder.settledIntents.length === 4);

    expect(server.hellos[1]?.resume).to.equal('resume-1');
    expect(server.player('ann').applied).to.deep.equal([1, 2, 3, 4]);
    expect(recorder.fates.map(([, fate]) => fate)).to.deep.equal(Array(4).fill('applied'));
  });

  it('takes from the resume what was applied or dropped although no message said so', async () => {
    client.start();
    await until(() => recorder.joins === 1);
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

  it('keeps what is wanted while there is no connection, and sends it then', async () => {
    client.intent(RIGHT);
    client.start();
    await until(() => recorder.joins === 1 && server.player('ann').queue.length === 1);
    server.tick();
    await until(() => recorder.settledIntents.length === 1);

    server.crash();
    await until(() => recorder.links.some(({ type }) => type === 'lost'));
    client.intent(RIGHT);
    await until(() => server.player('ann').queue.length === 1);
  });

  it('takes an error with a number for the end of that intent', async () => {
    client.start();
    await until(() => recorder.joins === 1);

    client.intent(RIGHT);
    send(server.player('ann'), { type: 'error', code: 'intent_dropped', message: 'x', seq: 1 });
    await until(() => recorder.settledIntents.length === 1);

    expect(recorder.fates).to.deep.equal([[1, 'dropped']]);
  });

  it('asks for its home where the server puts it nowhere', async () => {
    server.places = false;

    client.start();
    await until(() => recorder.messages.some(({ type }) => type === 'subscribed'));

    expect(server.player('ann').zone).to.equal(MEADOW);
  });

  it('does not come back after a takeover or the end of its session', async () => {
    for (const code of [4409, 4401, 1008, 1009]) {
      client.start();
      await until(() => recorder.links.at(-1)?.type === 'joined');
      server.player('ann').ws?.close(code, 'over');
      await until(() => recorder.links.at(-1)?.type === 'ended');

      expect(recorder.links.at(-1)).to.deep.equal({ type: 'ended', code, reason: 'over' });
    }
  });

  it('does not come back where it is forbidden, and does where the server is full', async () => {
    server.refuseWith = 503;
    client.start();
    await until(() => recorder.links.filter(({ type }) => type === 'lost').length === 2);

    server.refuseWith = 403;
    await until(() => recorder.links.at(-1)?.type === 'ended');

    expect(recorder.links.at(-1)).to.include({ reason: 'refused with HTTP 403' });
  });

  it('hears of games’ own messages as such, and survives what is no message', async () => {
    client.start();
    await until(() => recorder.joins === 1);

    const { ws } = server.player('ann');
    for (const text of ['{', '5', '{"type":5}', '{"type":"inventory","items":[]}']) ws?.send(text);
    await until(() => recorder.messages.some(({ type }) => type === 'game'));

    expect(recorder.messages.find(({ type }) => type === 'game')).to.deep.equal({
      type: 'game',
      event: { type: 'inventory', items: [] },
    });
  });
});

describe('reconnect pauses', () => {
  it('double up to a bound, their last half by chance', () => {
    expect([0, 1, 2, 10, 1000].map((attempt) => reconnectPauseMs(attempt, 250, () => 1))).to.deep.equal([
      250, 500, 1000, 5000, 5000,
    ]);
    expect(reconnectPauseMs(1, 250, () => 0)).to.equal(250);
  });
});
