/**
 * Attacks on the sockets of a zone where somebody plays (FAULTS 30 to 33, 37 to 39): wrong frames, wrong
 * upgrades, floods, and peers that leave at the worst moment. What each costs the attacker is asserted; what it
 * costs the bystander is nothing.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { Arena, attack } from '../../support/arena.js';
import { MALFORMED_FRAMES } from '../../support/malformed-frames.js';
import { call, PlayerSocket } from '../../support/player.js';
import { frame, RawPeer, upgradeRequest } from '../../support/raw-peer.js';

const TEXT = 0x81;
const BINARY = 0x82;
const HELLO_TIMEOUT_MS = 300;

describe('while sockets are attacked, a player of the same zone goes on playing', () => {
  let arena: Arena;
  before(async () => {
    arena = await Arena.open({ env: { HELLO_TIMEOUT_MS: String(HELLO_TIMEOUT_MS) } });
  });
  after(() => arena.close());
  const attacked = (name: string, run: () => Promise<void>) => attack(name, () => arena, run);

  /** A player of the zone who can send bytes. */
  async function rawPlayer(): Promise<RawPeer> {
    const { token } = await arena.newcomer();
    const peer = await RawPeer.upgrade(arena.url, { Authorization: `Bearer ${token}` });
    await peer.until((text) => text.includes('"subscribed"'));
    peer.socket.write(frame(TEXT, JSON.stringify({ type: 'subscribe', zone_id: arena.zone })));
    await peer.until((text) => text.includes(`"subscribed","zone_id":"${arena.zone}"`));
    return peer;
  }

  attacked('malformed frames: each player who sends one is closed with its code', async () => {
    const codes = await Promise.all(
      MALFORMED_FRAMES.map(async ([name, bytes]) => {
        const peer = await rawPlayer();
        peer.socket.write(bytes);
        return [name, await peer.untilClosed()];
      }),
    );

    expect(codes).to.deep.equal(MALFORMED_FRAMES.map(([name, , code]) => [name, code]));
  });

  attacked('random bytes, as a first request and on an open socket', async () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(bytes, bytes, async (request, frames) => {
        const stranger = await RawPeer.dial(arena.url, Buffer.from(request));
        const peer = await RawPeer.upgrade(arena.url);

        stranger.socket.end();
        peer.socket.end(Buffer.from(frames));

        await stranger.ended();
        await peer.ended();
      }),
      { numRuns: 50 },
    );
  });

  attacked('wrong upgrades: each is refused in HTTP, and opens no connection', async () => {
    const requests: [name: string, request: string, status: number][] = [
      ['version 7', upgradeRequest({ 'Sec-WebSocket-Version': '7' }), 400],
      ['a bad key', upgradeRequest({ 'Sec-WebSocket-Key': 'short' }), 400],
      ['a POST', upgradeRequest({ 'Content-Length': '5' }, 'POST /ws HTTP/1.1'), 400],
      ['a foreign origin', upgradeRequest({ Origin: 'https://evil.example' }), 403],
      ['the origin null', upgradeRequest({ Origin: 'null' }), 403],
      ['another path', upgradeRequest({}, 'GET /wsx HTTP/1.1'), 404],
      ['a path that is none', upgradeRequest({}, 'GET /ws/%E0%A4%A HTTP/1.1'), 404],
      ['100 kB of headers', upgradeRequest({ 'X-Long': 'x'.repeat(100_000) }), 400],
    ];

    const answers = await Promise.all(requests.map(async ([, request]) => (await RawPeer.dial(arena.url, request)).ended()));

    for (const [index, [name, , status]] of requests.entries()) {
      expect(answers[index], name).to.match(new RegExp(`^HTTP/1.1 ${status} `));
      expect(answers[index], name).to.not.include(' 101 ');
    }
    await settled(1);
  });

  attacked('an upgrade on a socket whose login is still being answered', async () => {
    const body = JSON.stringify({ username: 'nobody', password: 'wrong password' });
    const login = `POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
    const peers = await Promise.all(
      Array.from({ length: 10 }, () => RawPeer.dial(arena.url, `${login}\r\n\r\n${body}${upgradeRequest()}`)),
    );

    await Promise.all(peers.map((peer) => peer.until((text) => text.includes('HTTP/1.1 101'))));
    for (const { socket } of peers) socket.resetAndDestroy();
  });

  attacked('resets: in the middle of an upgrade, of its refusal, of a join, of a frame', async () => {
    const { token } = await arena.newcomer();
    const upgrade = upgradeRequest({ Authorization: `Bearer ${token}` });
    const half = frame(TEXT, '{"type":"ping"}').subarray(0, 5).toString('latin1');
    const cuts = [upgrade.slice(0, 40), upgrade, upgrade + half, upgradeRequest({ Origin: 'null' })];

    for (let round = 0; round < 20; round++) {
      const peers = await Promise.all(cuts.map((bytes) => RawPeer.dial(arena.url, Buffer.from(bytes, 'latin1'))));
      // In every other round the server has answered, and now only finds out.
      if (round % 2 === 0) await peers[2]?.until((text) => text.includes('HTTP/1.1 101'));
      for (const { socket } of peers) socket.resetAndDestroy();
    }

    await settled(1);
  });

  attacked('a thousand upgrades that are never finished: others get in, and are not counted with them', async () => {
    const peers = await Promise.all(Array.from({ length: 1000 }, () => RawPeer.dial(arena.url, upgradeRequest().slice(0, -2))));

    const attacker = await arena.attacker();
    attacker.send({ type: 'ping', t: 1 });

    expect(await attacker.next('pong')).to.include({ t: 1 });
    await settled(2);
    for (const { socket } of peers) socket.destroy();
  });

  describe('who says nothing, or something else than hello', () => {
    attacked('is closed with 4408 when the time for it is over', async () => {
      const silent = await PlayerSocket.open(arena.server.socketUrl);

      expect((await silent.closed).code).to.equal(4408);
    });

    attacked('is closed with 4401, whatever it says first, and with whatever token', async () => {
      const firsts = [{ type: 'ping' }, { type: 'subscribe', zone_id: arena.zone }, { type: 'hello', token: 'x' }];
      for (const first of firsts) {
        const stranger = await PlayerSocket.open(arena.server.socketUrl);
        stranger.send(first);
        stranger.send({ type: 'intent', data: { type: 'pick_up' } });

        expect(await stranger.next('error')).to.include({ code: 'unauthorized' });
        expect((await stranger.closed).code).to.equal(4401);
      }
    });

    attacked('may not say hello twice, and stays who it is', async () => {
      const { token } = await arena.newcomer();
      const other = await arena.newcomer();
      const player = await PlayerSocket.open(arena.server.socketUrl);

      player.send({ type: 'hello', token });
      player.send({ type: 'hello', token: other.token });

      const joined = await player.next('join_ack');
      expect(await player.next('error')).to.include({ code: 'bad_request' });
      expect(joined.player_id).to.not.equal(other.id);
      expect(player.all('join_ack')).to.have.length(1);
      player.terminate();
    });
  });

  describe('floods', () => {
    attacked('of messages: refused by their numbers at first, then the socket is closed with 1008', async () => {
      const attacker = await arena.attacker();

      for (let seq = 1; seq <= 5000; seq++) attacker.send({ type: 'intent', seq, data: { type: 'move', dx: 1, dy: 0 } });

      expect((await attacker.closed).code).to.equal(1008);
      const refused = attacker.all('error').filter(({ code }) => code === 'rate_limited');
      expect(refused.length).to.be.greaterThan(1000);
      expect(refused.every(({ seq }) => Number.isInteger(seq))).to.equal(true);
    });

    attacked('of intents: one player gets as many as one tick may have of it, whoever else plays', async () => {
      const attacker = await arena.attacker();

      for (let seq = 1; seq <= 150; seq++) attacker.send({ type: 'intent', seq, data: { type: 'pick_up' } });
      await attacker.nextOf(({ seq }) => seq === 150, 'an answer to the last one');

      const received = attacker.all('intent_received');
      for (const tick of new Set(received.map(({ tick_number }) => tick_number))) {
        expect(received.filter(({ tick_number }) => tick_number === tick).length).to.be.at.most(32);
      }
      expect(received.length + attacker.all('error').length).to.equal(150);
    });

    attacked('of pings: the socket is closed', async () => {
      const peer = await rawPlayer();

      peer.socket.write(Buffer.concat(Array.from({ length: 10_000 }, () => frame(0x89, 'p'))));

      // With 1008, or without a word when the flood of pongs has filled the line before.
      expect(await peer.untilClosed()).to.be.oneOf([1008, null]);
    });

    attacked('of malformed messages: the tenth closes the socket with 1008', async () => {
      const attacker = await arena.attacker();

      for (let sent = 0; sent < 10; sent++) attacker.socket.send(sent % 2 ? '{' : Buffer.from('{}'));

      expect((await attacker.closed).code).to.equal(1008);
      expect(attacker.all('error')).to.have.length.within(9, 10);
    });

    attacked('of one-byte pieces, and of frames that never end: closed, and the memory stays', async () => {
      const before = await residentBytes();
      const pieces = await rawPlayer();
      const endless = await rawPlayer();

      endless.socket.write(Buffer.from([BINARY, 0xfe, 0x3f, 0xff, 0, 0, 0, 0]));
      for (let sent = 0; sent < 2000; sent++) endless.socket.write('x');
      pieces.socket.write(frame(0x01, '{'));
      for (let sent = 0; sent < 2000 && pieces.closeCode() === null; sent++) pieces.socket.write(frame(0x00, ' '));

      expect(await pieces.untilClosed()).to.equal(1008);
      endless.socket.resetAndDestroy();
      expect((await residentBytes()) - before).to.be.below(100 * 2 ** 20);
    });
  });

  attacked('an offer to compress is not taken, and what comes compressed all the same closes the socket with 1002', async () => {
    const { token } = await arena.newcomer();
    const headers = { Authorization: `Bearer ${token}` };
    const client = new WebSocket(arena.server.socketUrl, { perMessageDeflate: true, headers });
    await new Promise((resolve) => client.once('open', resolve));
    expect(client.extensions).to.equal('');
    client.terminate();

    const bomb = await RawPeer.upgrade(arena.url, { ...headers, 'Sec-WebSocket-Extensions': 'permessage-deflate' });
    bomb.socket.write(frame(0xc1, Buffer.alloc(1000)));

    expect(bomb.text).to.not.match(/Sec-WebSocket-Extensions/i);
    expect(await bomb.untilClosed()).to.equal(1002);
  });

  async function connections(): Promise<number> {
    return (await call(arena.url, 'GET', '/status')).body.connections;
  }

  /** Waits until the server has noticed that the others are gone. */
  async function settled(count: number): Promise<void> {
    let open = await connections();
    for (let looks = 0; open !== count && looks < 500; looks++) open = await connections();
    expect(open).to.equal(count);
  }

  async function residentBytes(): Promise<number> {
    const text = await (await fetch(`${arena.url}/metrics`)).text();
    return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]);
  }
});
