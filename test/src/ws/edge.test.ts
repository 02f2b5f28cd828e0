/** Who is let in, how they are served, and how the edge ends. Hostile peers: `hostile.test.ts`. */
import { once } from 'node:events';
import { expect } from 'chai';
import type { Identity } from '../../../actors/control.js';
import { ALICE, EdgeUnderTest, frame, RecordingHost, until, upgradeRequest } from './support.js';

const MOVE = { type: 'intent', data: { type: 'move', dx: 1, dy: 0 } };

describe('websocket edge', () => {
  let tested: EdgeUnderTest;
  afterEach(() => tested.stop());

  describe('authentication', () => {
    it('leaves a socket without a token to its hello', async () => {
      tested = await EdgeUnderTest.start();

      const client = await tested.client();
      await client.ask({ type: 'hello', token: 'x' });

      expect(tested.host.newest.proof).to.deep.equal({ identity: null, badToken: false });
      expect(tested.host.newest.messages).to.deep.equal([{ type: 'hello', token: 'x', resume: null }]);
    });

    it('knows the player by an Authorization header or a query token', async () => {
      tested = await EdgeUnderTest.start();

      await tested.client({ headers: { authorization: 'Bearer token-alice' } });
      await tested.client({ path: '/ws?token=token-alice' });

      expect(tested.host.connections.map(({ proof }) => proof.identity)).to.deep.equal([ALICE, ALICE]);
    });

    it('lets a socket with a dead token in, for its connection to say so', async () => {
      tested = await EdgeUnderTest.start();

      for (const path of ['/ws?token=dead', '/ws?token=']) {
        await tested.client({ path });

        expect(tested.host.newest.proof).to.deep.equal({ identity: null, badToken: true });
      }
    });

    it('takes an Authorization header of another scheme for none', async () => {
      tested = await EdgeUnderTest.start();

      await tested.client({ headers: { authorization: 'Basic dXNlcjpwYXNz' } });

      expect(tested.host.newest.proof).to.deep.equal({ identity: null, badToken: false });
    });

    it('answers 503 while tokens cannot be checked', async () => {
      tested = await EdgeUnderTest.start();

      const { status, body } = await tested.dial({ path: '/ws?token=down' }).refused();

      expect(status).to.equal(503);
      expect(JSON.parse(body).error.code).to.equal('unavailable');
    });

    it('gives a request for another protocol back, to be answered like any other', async () => {
      tested = await EdgeUnderTest.start();

      const peer = await tested.raw(upgradeRequest({ Upgrade: 'h2c', Connection: 'close, Upgrade' }));

      expect(await peer.ended()).to.match(/^HTTP\/1.1 200 OK\r\n.*plain/s);
    });

    it('keeps frames that come before the token has been checked, in order and for afterwards', async () => {
      const checks: ((identity: Identity | null) => void)[] = [];
      tested = await EdgeUnderTest.start({}, { authenticate: () => new Promise((resolve) => checks.push(resolve)) });
      const frames = [1, 2, 3].map((t) => frame(0x81, JSON.stringify({ type: 'ping', t })));
      const peer = await tested.raw(
        Buffer.concat([Buffer.from(upgradeRequest({}, 'GET /ws?token=slow HTTP/1.1')), frames[0] ?? Buffer.alloc(0)]),
      );
      peer.socket.write(Buffer.concat(frames.slice(1)));
      await until(() => checks.length === 1);

      expect(tested.host.connections).to.have.length(0);
      checks[0]?.(ALICE);
      await until(() => tested.host.connections.length === 1 && tested.host.newest.messages.length === 3);

      expect(tested.host.newest.messages.map((message) => message.type === 'ping' && message.t)).to.deep.equal([1, 2, 3]);
    });

    it('survives a peer that leaves while its token is being checked', async () => {
      const checks: ((identity: Identity | null) => void)[] = [];
      tested = await EdgeUnderTest.start(
        { maxConnections: 1 },
        { authenticate: () => new Promise((resolve) => checks.push(resolve)) },
      );
      const gone = tested.dial({ path: '/ws?token=slow' });
      await until(() => checks.length === 1);

      gone.ws.terminate();
      await gone.closed();
      checks[0]?.(ALICE);
      await enter(tested);

      // The server hears of the end at its own time: a place that is still taken is free a moment later.
      async function enter(edge: EdgeUnderTest): Promise<void> {
        const client = edge.dial();
        const entered = await Promise.race([once(client.ws, 'open').then(() => true), client.refused().then(() => false)]);
        if (!entered) await enter(edge);
      }
    });
  });

  describe('subprotocols', () => {
    it('chooses the first that it knows of those offered, and none where there is none', async () => {
      tested = await EdgeUnderTest.start();

      const json = await tested.client({ protocols: ['gridstead.v1.json', 'gridstead.v1.bin'] });
      const binary = await tested.client({ protocols: ['gridstead.v2.json', 'gridstead.v1.bin', 'gridstead.v1.json'] });
      const unknown = tested.dial({ protocols: ['gridstead.v2.json'] });
      await unknown.closed();

      expect([json.ws.protocol, binary.ws.protocol, unknown.ws.protocol]).to.deep.equal([
        'gridstead.v1.json',
        'gridstead.v1.bin',
        '',
      ]);
    });

    it('does not negotiate compression', async () => {
      tested = await EdgeUnderTest.start();

      const client = await tested.client({ headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate' } });

      expect(client.ws.extensions).to.equal('');
    });
  });

  describe('who may not enter', () => {
    it('is told 404 on another path', async () => {
      tested = await EdgeUnderTest.start();

      for (const path of ['/', '/ws/', '/wsx', '/api/ws', '//ws', '/ws%2f']) {
        const { status, body } = await tested.dial({ path }).refused();

        expect(status, path).to.equal(404);
        expect(JSON.parse(body).error.code).to.equal('not_found');
      }
      expect(tested.telemetry.counts.get('connections_refused_total')).to.equal(6);
    });

    it('is told 403 with a foreign or opaque origin; without one, or from here, it enters', async () => {
      tested = await EdgeUnderTest.start();

      for (const origin of ['https://evil.example', 'null', `http://127.0.0.1.evil.example`]) {
        const { status, body } = await tested.dial({ headers: { origin } }).refused();

        expect(status, origin).to.equal(403);
        expect(JSON.parse(body).error.code).to.equal('forbidden');
      }
      await tested.client();
      await tested.client({ headers: { origin: `http://127.0.0.1:${tested.port}` } });
      expect(tested.host.connections).to.have.length(2);
    });

    it('has taken a place already while its token is being checked', async () => {
      let isAsked = false;
      const authenticate = () => {
        isAsked = true;
        return new Promise<null>(() => {});
      };
      tested = await EdgeUnderTest.start({ maxConnections: 1 }, { authenticate });
      tested.dial({ path: '/ws?token=slow' });
      await until(() => isAsked);

      expect((await tested.dial().refused()).status).to.equal(503);
    });

    it('is told 503 beyond the last free place, and enters when one is free again', async () => {
      tested = await EdgeUnderTest.start({ maxConnections: 2 });
      const first = await tested.client();
      await tested.client();

      const { status, body } = await tested.dial().refused();
      first.ws.close();
      await until(() => tested.host.connections[0]?.closes === 1);
      await tested.client();

      expect(status).to.equal(503);
      expect(JSON.parse(body)).to.have.nested.property('error.code', 'unavailable');
      expect(tested.host.connections).to.have.length(3);
    });
  });

  describe('messages', () => {
    it('go to the connection, its texts to the client', async () => {
      tested = await EdgeUnderTest.start();
      const client = await tested.client();

      const answer = await client.ask({ ...MOVE, seq: 1 });

      expect(answer).to.deep.equal({ type: 'got', message: { ...MOVE, seq: 1 } });
    });

    it('that are malformed are refused one by one', async () => {
      tested = await EdgeUnderTest.start();
      const client = await tested.client();

      const answers = [await client.ask('{'), await client.ask({ type: 'nothing' }), await client.ask(MOVE)];

      expect(answers).to.have.nested.property('[0].code', 'bad_request');
      expect(answers).to.have.nested.property('[1].code', 'bad_request');
      expect(answers).to.have.nested.property('[2].type', 'got');
    });

    it('beyond the limit of a second are refused by their number, until time has passed', async () => {
      tested = await EdgeUnderTest.start({ maxMessagesPerSecond: 3 });
      const client = await tested.client();
      const other = await tested.client();

      for (let seq = 1; seq <= 5; seq++) client.ws.send(JSON.stringify({ ...MOVE, seq }));
      await until(() => client.received.length === 5);
      const unharmed = await other.ask({ type: 'ping' });
      tested.clock.advance(1000);
      const later = await client.ask({ ...MOVE, seq: 6 });

      expect(tested.host.connections[0]?.refusals.map(({ code, seq, malformed }) => ({ code, seq, malformed }))).to.deep.equal([
        { code: 'rate_limited', seq: 4, malformed: false },
        { code: 'rate_limited', seq: 5, malformed: false },
      ]);
      expect(unharmed).to.have.property('type', 'got');
      expect(later).to.have.property('type', 'got');
    });

    it('that a connection fails on cost that socket alone', async () => {
      const host = new RecordingHost();
      tested = await EdgeUnderTest.start({}, { host });
      const client = await tested.client();
      const other = await tested.client();
      Object.assign(host.connections[0] ?? {}, {
        message() {
          throw new Error('bug');
        },
      });

      client.ws.send(JSON.stringify({ type: 'ping' }));
      const { code } = await client.closed();

      expect(code).to.equal(1011);
      expect(await other.ask({ type: 'ping' })).to.have.property('type', 'got');
    });
  });

  describe('heartbeat', () => {
    it('measures round trips', async () => {
      tested = await EdgeUnderTest.start();
      await tested.client();
      await until(() => tested.host.newest.roundTrips.length === 1);

      tested.clock.advance(15_000);
      await until(() => tested.host.newest.roundTrips.length === 2);

      expect(tested.host.newest.roundTrips).to.deep.equal([0, 0]);
    });

    it('closes a socket that has been silent for longer than the idle timeout, and no other', async () => {
      tested = await EdgeUnderTest.start();
      const talking = await tested.client();
      const silent = await tested.client();
      // A dead peer: nothing it is sent arrives, nothing comes back.
      silent.ws.pause();
      await until(() => tested.host.connections[0]?.roundTrips.length === 1);
      const wire = tested.host.connections[1]?.wire;

      for (let second = 0; second < 60; second++) {
        await talking.ask({ type: 'ping', t: second });
        tested.clock.advance(1000);
      }
      silent.ws.resume();
      const { code } = await silent.closed();

      expect(code).to.equal(4408);
      expect(wire?.bufferedBytes()).to.equal(0);
      expect(tested.telemetry.counts.get('connections_idle_total')).to.equal(1);
      expect(tested.host.connections[0]?.closes).to.equal(0);
    });

    it('takes a pong that nobody asked for as a sign of life, and not as a round trip', async () => {
      tested = await EdgeUnderTest.start();
      const client = await tested.client();
      await until(() => tested.host.newest.roundTrips.length === 1);

      client.ws.pong('1');
      await client.ask({ type: 'ping' });

      expect(tested.host.newest.roundTrips).to.have.length(1);
    });
  });

  describe('a slow reader', () => {
    it('shows in the buffered bytes, and in a notice once all is written', async () => {
      tested = await EdgeUnderTest.start();
      const client = await tested.client();
      const { wire } = tested.host.newest;
      client.ws.pause();

      const text = JSON.stringify('x'.repeat(1_000_000));
      for (let sent = 0; sent < 20; sent++) wire.send(text);
      const buffered = wire.bufferedBytes();
      const drainsBefore = tested.host.newest.drains;
      client.ws.resume();
      await until(() => client.received.length === 20);
      await until(() => tested.host.newest.drains > 0);

      expect(buffered).to.be.greaterThan(1_000_000);
      expect(drainsBefore).to.equal(0);
      expect(wire.bufferedBytes()).to.equal(0);
      expect(tested.host.newest.drains).to.equal(1);
    });
  });

  describe('closing', () => {
    it('gives the client code and reason, and the connection one notice', async () => {
      tested = await EdgeUnderTest.start();
      const client = await tested.client();
      const connection = tested.host.newest;

      connection.wire.close(4409, 'taken over');
      connection.wire.close(1013, 'too slow');
      connection.wire.send('late');
      const closed = await client.closed();
      await until(() => connection.closes > 0);
      connection.wire.send('later');

      expect(closed).to.deep.equal({ code: 4409, reason: 'taken over' });
      expect(connection.closes).to.equal(1);
      expect(client.received).to.deep.equal([]);
    });

    it('throws for no reason text, however long', async () => {
      tested = await EdgeUnderTest.start();
      const client = await tested.client();

      tested.host.newest.wire.close(1008, 'é'.repeat(100));

      expect(await client.closed()).to.deep.equal({ code: 1008, reason: '' });
    });

    it('ignores what a client sends after its connection was closed', async () => {
      tested = await EdgeUnderTest.start();
      const peer = await tested.rawWebSocket();
      await until(() => tested.host.connections.length === 1);
      tested.host.newest.wire.close(4401, 'session ended');
      await peer.untilClosed();

      peer.socket.write(Buffer.concat([frame(0x81, '{"type":"ping"}'), frame(0x88, Buffer.from([0x11, 0x31]))]));
      await peer.ended();

      expect(tested.host.newest.messages).to.deep.equal([]);
    });
  });

  describe('stopping', () => {
    it('refuses newcomers while the others stay', async () => {
      tested = await EdgeUnderTest.start();
      const client = await tested.client();

      tested.edge.stopAccepting();
      const { status } = await tested.dial().refused();

      expect(status).to.equal(503);
      expect(await client.ask({ type: 'ping' })).to.have.property('type', 'got');
    });

    it('closes everybody with 1001 and waits until they are gone', async () => {
      tested = await EdgeUnderTest.start();
      const clients = [await tested.client(), await tested.client()];

      await tested.edge.close();

      expect(await Promise.all(clients.map(async (client) => (await client.closed()).code))).to.deep.equal([1001, 1001]);
      expect(tested.host.connections.map(({ closes }) => closes)).to.deep.equal([1, 1]);
      expect(tested.clock.pendingTimers).to.equal(0);
    });

    it('ends the sockets of those who do not answer within two seconds', async () => {
      tested = await EdgeUnderTest.start();
      const peer = await tested.rawWebSocket();

      const closed = tested.edge.close();
      const code = await peer.untilClosed();
      tested.clock.advance(2000);
      await closed;
      await peer.ended();

      expect(code).to.equal(1001);
      expect(tested.host.newest.closes).to.equal(1);
    });

    it('ends upgrades that still wait for their token', async () => {
      const checks: ((identity: Identity | null) => void)[] = [];
      tested = await EdgeUnderTest.start({}, { authenticate: () => new Promise((resolve) => checks.push(resolve)) });
      const waiting = tested.dial({ path: '/ws?token=slow' });
      await until(() => checks.length === 1);

      await tested.edge.close();
      await waiting.closed();
      checks[0]?.(ALICE);

      expect(tested.host.connections).to.have.length(0);
    });
  });
});
