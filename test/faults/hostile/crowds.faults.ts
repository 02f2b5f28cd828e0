/**
 * Honest calls, all at once (FAULTS 14, 40, 57): logins that each cost a tenth of a second, more sockets than the
 * system lets the process have, and everybody coming back after a kill.
 */

import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { Arena, attack } from '../../support/arena.js';
import { type Account, login, PlayerSocket, register } from '../../support/player.js';
import { frame, until, upgradeRequest } from '../../support/raw-peer.js';
import { TestServer } from '../../support/server.js';

const LOGINS = 50;
/** Four seconds of hashing, on a machine that has nothing else to do. */
const LOGINS_LIMIT_MS = 40_000;
const RESTART_LIMIT_MS = 30_000;
const OPEN_FILES = 200;
const CROWD = 60;
/** Sockets, of which the server may hold three in four. They come on time, whether those before them were answered or not. */
const STORM = 2_000;
const STORM_PER_MS = 2;
const STORM_ROOM = 1_500;
/** On a machine that has nothing else to do, the last of them is answered after two seconds. */
const STORM_LIMIT_MS = 30_000;
const RETURNING = 300;

describe('while fifty log in at once, at the default cost of a hash', () => {
  let arena: Arena;
  before(async () => {
    arena = await Arena.open({ env: { BCRYPT_COST: '10' } });
  });
  after(() => arena.close());

  // The bystander walks to and fro, so that its zone has a commit to make in each tick. Were hashes made on
  // the main thread, each would hold it up for more than a period.
  attack(
    'a player who walks misses no tick (57)',
    () => arena,
    async () => {
      const { bystander, url } = arena;
      const account = await arena.newcomer();
      let dx = 1;
      const step = (text: unknown) => {
        if (!String(text).startsWith('{"type":"tick"')) return;
        bystander.send({ type: 'intent', data: { type: 'move', dx, dy: 0 } });
        dx = -dx;
      };
      bystander.socket.on('message', step);

      const logins = await Promise.all(Array.from({ length: LOGINS }, () => login(url, account.username)));
      bystander.socket.off('message', step);

      const columns = new Set(bystander.all('tick').map(({ state }) => state.you?.x));
      expect(new Set(logins.map(({ token }) => token)).size).to.equal(LOGINS);
      expect(columns.size).to.be.greaterThan(1);
    },
    LOGINS_LIMIT_MS,
  );
});

describe('while there are more sockets than the process may have', () => {
  let arena: Arena;
  before(async () => {
    arena = await Arena.open({ openFiles: OPEN_FILES });
  });
  after(() => arena.close());

  attack(
    'players go on playing, and others get in again when the crowd has gone (14)',
    () => arena,
    async () => {
      const crowd = await Promise.all(Array.from({ length: 2 * OPEN_FILES }, () => dial(arena.url)));
      const turnedAway = () => crowd.filter(({ destroyed }) => destroyed).length;
      await until(() => turnedAway() > OPEN_FILES);
      for (let ticks = 0; ticks < 3; ticks++) await arena.bystander.next('tick');
      const away = turnedAway();
      for (const socket of crowd) socket.destroy();
      const player = await arena.attacker();

      expect(await counter('sockets_refused_total')).to.be.at.least(away);
      expect(player.joinAck).to.have.property('player_id');
    },
  );

  async function counter(name: string): Promise<number> {
    const text = await (await fetch(`${arena.url}/metrics`)).text();
    return Number(new RegExp(`^gridstead_${name} (\\d+)`, 'm').exec(text)?.[1]);
  }
});

describe('while two thousand sockets come within a second', () => {
  let arena: Arena;
  before(async () => {
    arena = await Arena.open({ env: { MAX_CONNECTIONS: String(STORM_ROOM), HELLO_TIMEOUT_MS: '10000' } });
  });
  after(() => arena.close());

  attack(
    'each is served or told 503, whoever was there misses no tick, and there is room again when they have gone (40)',
    () => arena,
    async () => {
      const tokens = await Promise.all(Array.from({ length: 20 }, async () => (await arena.newcomer()).token));
      const storm = await stormOf(arena.url, tokens);
      const inside = storm.filter(({ status }) => status === '101');
      const refused = storm.filter(({ status }) => status === '503');
      for (const { socket } of inside) socket.destroy();
      const player = await arena.attacker();

      expect(inside.length + refused.length).to.equal(STORM);
      // Players who come twice make room again, so it may be more; the bystander has one of the places.
      expect(inside.length).to.be.at.least(STORM_ROOM - 1);
      expect(refused.length).to.be.above(0);
      expect(player.joinAck).to.have.property('player_id');
    },
    STORM_LIMIT_MS,
  );
});

describe('everybody at once', () => {
  let server: TestServer;
  const accounts: Account[] = [];
  before(async function () {
    this.timeout(STORM_LIMIT_MS);
    server = await TestServer.start();
    for (let from = 0; from < RETURNING; from += CROWD) {
      const names = Array.from({ length: CROWD }, (_, at) => `player-${from + at}`);
      accounts.push(...(await Promise.all(names.map((name) => register(server.url, name)))));
    }
  });
  after(() => server.dispose());

  it('joins, and after a kill and a start resumes where it was (40)', async () => {
    const joined = await Promise.all(accounts.map(({ token }) => PlayerSocket.join(server.socketUrl, token)));
    const zones = await Promise.all(joined.map(async (player) => (await player.next('tick')).zone_id));

    await server.signal('SIGKILL');
    await server.start();
    const back = await Promise.all(
      accounts.map(({ token }, at) => PlayerSocket.join(server.socketUrl, token, joined[at]?.joinAck.resume_token)),
    );

    const again = await Promise.all(back.map(async (player) => (await player.next('tick')).zone_id));
    expect(again).to.deep.equal(zones);
    for (const player of back) player.terminate();
  }).timeout(RESTART_LIMIT_MS);

  it('comes in as one player: one socket stays, and the older ones are told (40)', async () => {
    const token = accounts[0]?.token ?? '';
    const sockets = await Promise.all(Array.from({ length: CROWD }, () => PlayerSocket.open(server.socketUrl)));

    for (const socket of sockets) socket.send({ type: 'hello', token });
    const closed: number[] = [];
    for (const socket of sockets) socket.closed.then(({ code }) => closed.push(code));
    await until(() => closed.length === CROWD - 1);
    const [survivor] = sockets.filter(({ socket }) => socket.readyState === socket.OPEN);
    if (!survivor) throw new Error('nobody stayed');
    survivor.send({ type: 'ping' });
    await survivor.next('pong');

    expect(new Set(closed)).to.deep.equal(new Set([4409]));
    survivor.terminate();
  });
});

interface Comer {
  readonly socket: Socket;
  /** Of the answer to its upgrade; null: the connection ended without one. */
  readonly status: string | null;
}

/** Opens the sockets at their times; resolves when each has its answer. Those let in have said hello. */
function stormOf(url: string, tokens: readonly string[]): Promise<Comer[]> {
  const beganMs = performance.now();
  return new Promise((resolve) => {
    const comers: Promise<Comer>[] = [];
    const timer = setInterval(() => {
      const due = Math.min(STORM, (performance.now() - beganMs) * STORM_PER_MS);
      while (comers.length < due) comers.push(come(url, tokens[comers.length % tokens.length]));
      if (comers.length < STORM) return;
      clearInterval(timer);
      resolve(Promise.all(comers));
    }, 1);
  });
}

/** Bytes only: a WebSocket client of its own for each would keep the storm from its pace. */
function come(url: string, token: string | undefined): Promise<Comer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).on('error', () => {});
  socket.write(upgradeRequest());
  return new Promise((resolve) => {
    socket.once('data', (answer) => {
      const status = answer.toString('latin1').split(' ')[1] ?? null;
      if (status === '101') socket.write(frame(0x81, JSON.stringify({ type: 'hello', token })));
      socket.resume();
      resolve({ socket, status });
    });
    socket.once('close', () => resolve({ socket, status: null }));
  });
}

/** Resolves once the socket is open, or turned away. */
function dial(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.on('connect', () => setImmediate(() => resolve(socket)));
    socket.on('close', () => resolve(socket));
    // Reading is what shows that the other side has ended it.
    socket.resume();
  });
}
