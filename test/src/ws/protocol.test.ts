/**
 * The WebSocket protocol as a peer meets it, twice: with the frames that are read and written beside ws, and with ws
 * alone. What one of the two does, the other does.
 */
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { BINARY_SUBPROTOCOL } from '../../../src/ws/socket.js';
import { MALFORMED_FRAMES } from '../../support/malformed-frames.js';
import { maskedFrame } from '../../support/memory-socket.js';
import { EdgeUnderTest, type RawPeer, until, upgradeRequest } from './support.js';

const TEXT = 0x81;
const PING = 0x89;
const CLOSE = 0x88;
const MAX_BYTES = 16_384;
const NOTHING: Buffer = Buffer.alloc(0);

for (const fastSockets of [true, false]) {
  describe(`WebSocket protocol with FAST_SOCKETS=${fastSockets ? 1 : 0}`, () => {
    let tested: EdgeUnderTest;
    let peer: RawPeer;
    beforeEach(async () => {
      tested = await EdgeUnderTest.start({ fastSockets });
      peer = await tested.rawWebSocket();
      await until(() => tested.host.connections.length === 1);
    });
    afterEach(() => tested.stop());

    /** The `t` of each ping message that reached the connection, in order. */
    const heard = () => tested.host.newest.messages.map((message) => message.type === 'ping' && message.t);
    const say = (t: unknown) => JSON.stringify({ type: 'ping', t });
    /** A ping message in that many fragments. */
    const inPieces = (t: unknown, pieces: number) => {
      const text = say(t);
      const size = Math.ceil(text.length / pieces);
      return Array.from({ length: pieces }, (_, at) =>
        maskedFrame((at === 0 ? 0x01 : 0x00) | (at === pieces - 1 ? 0x80 : 0), text.slice(at * size, (at + 1) * size)),
      );
    };

    describe('from the peer', () => {
      it('reads a message in fragments', async () => {
        peer.socket.write(Buffer.concat(inPieces('pieces', 5)));

        await until(() => heard().length === 1);
        expect(heard()).to.deep.equal(['pieces']);
      });

      it('answers pings between fragments, with what they brought', async () => {
        const frames = inPieces('pieces', 3).flatMap((piece, at) => [piece, maskedFrame(PING, `between ${at}`)]);

        peer.socket.write(Buffer.concat(frames));
        await until(() => heard().length === 1 && peer.text.includes('between 2'));

        const pongs = ['between 0', 'between 1', 'between 2'].map((text) => `\x8a\x09${text}`);
        expect(pongs.map((pong) => peer.text.includes(pong))).to.deep.equal([true, true, true]);
      });

      it('keeps the order of whole texts and fragments, however they lie in the chunks', async () => {
        const names = Array.from({ length: 40 }, (_, at) => at);
        const bytes = Buffer.concat(names.flatMap((at) => (at % 3 === 0 ? inPieces(at, 2) : [maskedFrame(TEXT, say(at))])));

        for (let at = 0; at < bytes.length; at += 37) {
          peer.socket.write(bytes.subarray(at, at + 37));
          if (at % 3 === 0) await new Promise(setImmediate);
        }

        await until(() => heard().length === names.length);
        expect(heard()).to.deep.equal(names);
      });

      it('reads frames that come byte by byte', async () => {
        peer.socket.setNoDelay(true);
        for (const byte of Buffer.concat([maskedFrame(TEXT, say('slow')), maskedFrame(TEXT, say('x'.repeat(150)))])) {
          peer.socket.write(Buffer.from([byte]));
          await new Promise(setImmediate);
        }

        await until(() => heard().length === 2);
        expect(heard()).to.deep.equal(['slow', 'x'.repeat(150)]);
      });

      it('reads two frames, and half of a third, from one chunk', async () => {
        const third = maskedFrame(TEXT, say(3));
        peer.socket.write(Buffer.concat([maskedFrame(TEXT, say(1)), maskedFrame(TEXT, say(2)), third.subarray(0, 9)]));
        await until(() => heard().length === 2);

        peer.socket.write(third.subarray(9));

        await until(() => heard().length === 3);
        expect(heard()).to.deep.equal([1, 2, 3]);
      });

      it('reads frames that came with the upgrade request', async () => {
        const early = await tested.raw(
          Buffer.concat([Buffer.from(upgradeRequest()), maskedFrame(TEXT, say('early')), ...inPieces('pieces', 2)]),
        );
        await until(() => tested.host.connections.length === 2 && heard().length === 2);

        expect(heard()).to.deep.equal(['early', 'pieces']);
        early.socket.destroy();
      });

      it('reads texts of every length up to the largest, and of every alphabet', async () => {
        const texts = ['', 'x'.repeat(100), 'x'.repeat(200), 'x'.repeat(MAX_BYTES - say('').length), 'grüße', '雨', '🜁'];
        for (const [at, text] of texts.entries()) {
          peer.socket.write(maskedFrame(TEXT, say(text), randomBytes(4)));
          await until(() => heard().length > at);
        }

        expect(heard()).to.deep.equal(texts);
      });

      for (const [name, bytes, code] of MALFORMED_FRAMES) {
        it(`closes with ${code} after ${name}, with texts before it and behind`, async () => {
          peer.socket.write(Buffer.concat([maskedFrame(TEXT, say('before')), bytes, maskedFrame(TEXT, say('behind'))]));

          expect(await peer.untilClosed()).to.equal(code);
          expect(heard()).to.deep.equal(['before']);
        });
      }

      it('finishes a closing handshake that the peer begins, and hears nothing after it', async () => {
        const goodbye = maskedFrame(CLOSE, Buffer.from([0x0f, 0xa1, ...Buffer.from('bye')]));
        peer.socket.write(Buffer.concat([maskedFrame(TEXT, say('last')), goodbye, maskedFrame(TEXT, say('late'))]));

        expect(await peer.untilClosed()).to.equal(4001);
        // It is the server's to end the connection first.
        await peer.ended();
        await until(() => tested.host.newest.closes === 1);
        expect(heard()).to.deep.equal(['last']);
      });

      it('finishes a closing handshake that this side begins, and hears nothing after it', async () => {
        tested.host.newest.wire.close(4409, 'taken over');
        expect(await peer.untilClosed()).to.equal(4409);

        peer.socket.write(Buffer.concat([maskedFrame(TEXT, say('late')), maskedFrame(CLOSE, Buffer.from([0x11, 0x39]))]));
        await peer.ended();
        await until(() => tested.host.newest.closes === 1);

        expect(heard()).to.deep.equal([]);
      });

      it('ends with a peer that ends, or resets, in the middle of a frame', async () => {
        const cut = maskedFrame(TEXT, say('never whole')).subarray(0, 12);
        peer.socket.end(cut);
        await until(() => tested.host.newest.closes === 1);
        const other = await tested.rawWebSocket();
        await until(() => tested.host.connections.length === 2);

        other.socket.write(cut, () => other.socket.resetAndDestroy());

        await until(() => tested.host.newest.closes === 1);
        expect(heard()).to.deep.equal([]);
      });

      it('takes no offer to compress, and no compressed frame', async () => {
        const offering = await tested.raw(upgradeRequest({ 'Sec-WebSocket-Extensions': 'permessage-deflate' }));
        await offering.until((text) => text.includes('\r\n\r\n'));

        offering.socket.write(maskedFrame(0xc1, 'x'));

        expect(await offering.untilClosed()).to.equal(1002);
        expect(offering.text).to.not.match(/sec-websocket-extensions/i);
      });

      it('stands ten thousand small frames in one chunk: it answers some, and closes with 1008', async () => {
        peer.socket.write(Buffer.concat(Array.from({ length: 10_000 }, () => maskedFrame(TEXT, '{}'))));

        expect(await peer.untilClosed()).to.equal(1008);
        expect(tested.host.newest.refusals).to.have.length(2000);
      });
    });

    describe('to the peer', () => {
      const wire = () => tested.host.newest.wire;

      it('sends texts of every length, in order with messages of two parts, pings and pongs', async () => {
        const client = await tested.client();
        const texts = ['', 'x'.repeat(124), 'é'.repeat(70), '🜁'.repeat(3000), 'x'.repeat(100_000)];
        const body = Buffer.from(`${'y'.repeat(70_000)}"}`);

        for (const text of texts) wire().send(JSON.stringify(text));
        client.ws.ping();
        wire().sendParts('{"type":"tick","state":"', body);
        wire().sendParts('"he', Buffer.from('ad"'));
        wire().sendParts('"no body"', NOTHING);
        wire().send('"last"');
        await until(() => client.received.length === texts.length + 4);

        const tick = { type: 'tick', state: 'y'.repeat(70_000) };
        expect(client.received).to.deep.equal([...texts, tick, 'head', 'no body', 'last']);
      });

      it('sends all that goes to a client of the binary subprotocol as binary', async () => {
        const client = await tested.client({ protocols: [BINARY_SUBPROTOCOL] });
        const body = Buffer.alloc(70_000, 9);

        wire().sendParts('\x01\xff', body);
        wire().send('{"type":"pong"}');
        await until(() => client.received.length === 2);

        expect(client.received).to.deep.equal([Buffer.concat([Buffer.from([1, 255]), body]), Buffer.from('\0{"type":"pong"}')]);
      });

      it('sends what is to leave together whole, in order, and everything after it', async () => {
        const client = await tested.client();

        wire().together(() => {
          wire().send('"first"');
          wire().sendParts('"sec', Buffer.from('ond"'));
          client.ws.ping();
          wire().sendParts('"', Buffer.from(`${'y'.repeat(70_000)}"`));
        });
        wire().send('"last"');
        await until(() => client.received.length === 4);

        expect(client.received).to.deep.equal(['first', 'second', 'y'.repeat(70_000), 'last']);
      });

      it('sends nothing behind a close frame', async () => {
        wire().send('"before"');
        wire().close(4401, 'session ended');
        wire().send('"late"');
        wire().sendParts('"la', Buffer.from('te"'));
        await peer.untilClosed();

        expect(peer.text).to.include('before').and.not.include('la');
        peer.socket.end();
        await until(() => tested.host.newest.closes === 1);
        wire().send('"later"');
        wire().sendParts('"later', Buffer.from('"'));
      });

      it('counts all that a slow peer has not taken, and says when it has', async () => {
        const client = await tested.client();
        client.ws.pause();
        const text = JSON.stringify('x'.repeat(1_000_000));
        const body = Buffer.from(text.slice(1));

        for (let sent = 0; sent < 10; sent++) {
          wire().send(text);
          wire().sendParts('"', body);
        }
        const buffered = wire().bufferedBytes();
        const drainsBefore = tested.host.newest.drains;
        client.ws.resume();
        await until(() => client.received.length === 20 && tested.host.newest.drains > 0);

        expect(buffered).to.be.within(10_000_000, 20_001_000);
        expect(drainsBefore).to.equal(0);
        expect(tested.host.newest.drains).to.equal(1);
        expect(wire().bufferedBytes()).to.equal(0);
      });
    });
  });
}
