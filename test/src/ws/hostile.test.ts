/** Peers that mean harm. After each of them, somebody who means well is still served. */
import { expect } from 'chai';
import { MALFORMED_FRAMES } from '../../support/malformed-frames.js';
import { EdgeUnderTest, frame, type RawPeer, until, upgradeRequest } from './support.js';

const TEXT = 0x81;
const PING_MESSAGE = '{"type":"ping"}';

describe('websocket edge, with hostile peers', () => {
  let tested: EdgeUnderTest;
  beforeEach(async () => {
    tested = await EdgeUnderTest.start();
  });
  afterEach(async () => {
    try {
      const client = await tested.client();
      expect(await client.ask({ type: 'ping', t: 'well' })).to.have.nested.property('message.t', 'well');
    } finally {
      await tested.stop();
    }
  });

  describe('malformed frames', () => {
    for (const [name, bytes, code] of MALFORMED_FRAMES) {
      it(`${name}: closes with ${code}, and tells the connection once`, async () => {
        const peer = await tested.rawWebSocket();

        peer.socket.write(bytes);
        const closed = await peer.untilClosed();
        await until(() => tested.host.newest.closes === 1);

        expect(closed).to.equal(code);
        expect(tested.host.newest.messages).to.deep.equal([]);
      });
    }

    it('random bytes: end the connection or wait for more, and nothing else', async () => {
      const peers: RawPeer[] = [];
      for (let byte = 0; byte < 256; byte += 5) peers.push(await tested.rawWebSocket());

      for (const [index, peer] of peers.entries()) peer.socket.end(Buffer.alloc(40, index * 5));
      for (const peer of peers) await peer.untilClosed();

      expect(tested.host.connections.flatMap(({ messages }) => messages)).to.deep.equal([]);
    });

    it('a reset in the middle of a frame ends the connection', async () => {
      const peer = await tested.rawWebSocket();

      peer.socket.write(frame(TEXT, PING_MESSAGE).subarray(0, 5));
      peer.socket.resetAndDestroy();
      await until(() => tested.host.newest.closes === 1);

      expect(tested.host.newest.messages).to.deep.equal([]);
    });
  });

  it('a message in sixteen pieces, byte by byte, is a message', async () => {
    const peer = await tested.rawWebSocket();
    const pieces = [frame(0x01, '{"type"'), ...Array.from({ length: 14 }, () => frame(0x00, ' ')), frame(0x80, ':"ping"}')];

    for (const byte of Buffer.concat(pieces)) peer.socket.write(Buffer.from([byte]));
    await until(() => tested.host.newest.messages.length === 1);

    expect(tested.host.newest.messages).to.deep.equal([{ type: 'ping', t: null }]);
  });

  it('a message exactly as long as the limit is a message', async () => {
    const client = await tested.client();
    const text = JSON.stringify({ type: 'ping', t: '' });

    const answer = await client.ask(JSON.stringify({ type: 'ping', t: 'x'.repeat(16384 - text.length) }));

    expect(answer).to.have.property('type', 'got');
  });

  it('a binary frame is refused as malformed, and the socket stays', async () => {
    const client = await tested.client();

    client.ws.send(Buffer.from(PING_MESSAGE));
    await until(() => client.received.length === 1);

    expect(tested.host.newest.refusals).to.have.nested.property('[0].malformed', true);
    expect(await client.ask({ type: 'ping' })).to.have.property('type', 'got');
  });

  describe('upgrade requests', () => {
    const REQUESTS: [name: string, request: string, status: number][] = [
      ['version 7', upgradeRequest({ 'Sec-WebSocket-Version': '7' }), 400],
      ['no version', upgradeRequest({ 'Sec-WebSocket-Version': null }), 400],
      ['no key', upgradeRequest({ 'Sec-WebSocket-Key': null }), 400],
      ['a bad key', upgradeRequest({ 'Sec-WebSocket-Key': 'short' }), 400],
      ['a method that is not GET', upgradeRequest({}, 'POST /ws HTTP/1.1'), 400],
      ['a bad list of subprotocols', upgradeRequest({ 'Sec-WebSocket-Protocol': 'a,,b' }), 400],
      ['a path that is none', upgradeRequest({}, 'GET %E0%A4%A HTTP/1.1'), 400],
      ['a wrong path', upgradeRequest({}, 'GET /nowhere HTTP/1.1'), 404],
      ['two slashes', upgradeRequest({}, 'GET // HTTP/1.1'), 404],
      ['a foreign origin', upgradeRequest({ Origin: 'https://evil.example' }), 403],
      ['a foreign origin under its old name', upgradeRequest({ 'Sec-WebSocket-Origin': 'https://evil.example' }), 403],
      ['the origin null', upgradeRequest({ Origin: 'null' }), 403],
      ['100 kB of headers', upgradeRequest({ 'X-Long': 'x'.repeat(100_000) }), 431],
    ];
    for (const [name, request, status] of REQUESTS) {
      it(`${name}: ${status}, and no connection`, async () => {
        const peer = await tested.raw(request);

        const answer = await peer.ended();

        expect(answer).to.match(new RegExp(`^HTTP/1.1 ${status} `));
        expect(tested.host.connections).to.have.length(0);
      });
    }

    it('answers in the shape of every other error, also to a peer that goes on sending', async () => {
      const peer = await tested.raw(`${upgradeRequest({ Origin: 'null' })}${'x'.repeat(50_000)}`);

      const answer = await peer.ended();
      const [head = '', body = ''] = answer.split('\r\n\r\n');

      expect(head).to.include('Content-Type: application/json').and.include('Connection: close');
      expect(JSON.parse(body)).to.deep.equal({ error: { code: 'forbidden', message: 'this origin may not connect' } });
    });

    it('a refused peer that neither reads nor leaves is put out', async () => {
      const peer = await tested.raw('');
      peer.socket.pause();
      peer.socket.write(upgradeRequest({}, 'GET /nowhere HTTP/1.1'));
      await until(() => tested.telemetry.counts.get('connections_refused_total') === 1);

      tested.clock.advance(1000);
      peer.socket.resume();
      await peer.ended();
    });

    it('one that is never finished, and one that is reset, leave nothing behind', async () => {
      for (let peers = 0; peers < 50; peers++) await tested.raw(upgradeRequest().slice(0, -2));
      const reset = await tested.raw(upgradeRequest());
      reset.socket.resetAndDestroy();

      const client = await tested.client();

      expect(await client.ask({ type: 'ping' })).to.have.property('type', 'got');
    });
  });

  describe('hostile JSON', () => {
    const BAD: [name: string, text: string][] = [
      ['nothing', ''],
      ['no JSON', '{"type":'],
      ['deep brackets', '['.repeat(16_000)],
      ['16 kB of openings', '{"a":'.repeat(3276)],
      ['deep data', `{"type":"intent","data":${'{"a":'.repeat(20)}1${'}'.repeat(20)}}`],
      ['an array', '[{"type":"ping"}]'],
      ['a string', '"ping"'],
      ['a number', '1e999'],
      ['an infinite number inside', '{"type":"ping","t":1e999}'],
      ['a type that is no string', '{"type":["ping"]}'],
      ['an unknown type', '{"type":"__proto__"}'],
      ['data that is a list', '{"type":"intent","data":[]}'],
      ['a number as text', '{"type":"intent","data":{"type":"move","dx":"5","dy":0}}'],
      ['an unknown field', '{"type":"intent","data":{"type":"move","dx":1,"dy":0,"z":1}}'],
      ['a missing field', '{"type":"intent","data":{"type":"move","dx":1}}'],
      ['an unsafe number', '{"type":"intent","data":{"type":"move","dx":9007199254740993,"dy":0}}'],
      ['a token that is an object', '{"type":"hello","token":{"$gt":""}}'],
    ];
    for (const [name, text] of BAD) {
      it(`${name}: bad_request, and the socket stays`, async () => {
        const client = await tested.client();

        const answer = await client.ask(text);

        expect(answer).to.include({ type: 'error', code: 'bad_request' });
        expect(await client.ask({ type: 'ping' })).to.have.property('type', 'got');
      });
    }

    it('dangerous keys are gone at every depth, and nothing is polluted', async () => {
      const client = await tested.client();

      await client.ask(
        '{"type":"intent","__proto__":{"x":1},"seq":1,"data":{"type":"move","dx":1,"dy":0,"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}}',
      );

      expect(tested.host.newest.messages).to.deep.equal([{ type: 'intent', data: { type: 'move', dx: 1, dy: 0 }, seq: 1 }]);
      expect('x' in {}).to.equal(false);
    });
  });

  describe('floods', () => {
    it('of messages are refused at first, then end the socket with 1008', async () => {
      const client = await tested.client();

      for (let sent = 0; sent < 5000; sent++) client.ws.send(PING_MESSAGE);
      const { code } = await client.closed();

      expect(code).to.equal(1008);
      expect(tested.host.newest.messages).to.have.length(200);
      expect(tested.host.newest.refusals.length).to.be.within(1700, 1800);
    });

    it('of long messages end the socket sooner: their numbers are not read without end', async () => {
      const client = await tested.client();

      for (let sent = 0; sent < 1000; sent++) client.ws.send(`${PING_MESSAGE}${' '.repeat(16_000)}`);
      const { code } = await client.closed();

      expect(code).to.equal(1008);
      // As many characters as the messages within the limit may have, in messages of a little less than the most.
      expect(tested.host.newest.messages).to.have.length(200);
      expect(tested.host.newest.refusals).to.have.length(204);
    });

    it('of pings end the socket', async () => {
      const peer = await tested.rawWebSocket();
      await until(() => tested.host.connections.length === 1);

      peer.socket.write(Buffer.concat(Array.from({ length: 10_000 }, () => frame(0x89, 'p'))));
      await until(() => tested.host.newest.closes === 1);
    });

    it('of pongs end the socket with 1008', async () => {
      const peer = await tested.rawWebSocket();

      peer.socket.write(Buffer.concat(Array.from({ length: 10_000 }, () => frame(0x8a, 'p'))));

      expect(await peer.untilClosed()).to.equal(1008);
    });
  });
});
