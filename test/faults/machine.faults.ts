/**
 * What the machine does to a running server, and what others do to it from outside (FAULTS A11 to A14): it stands still, its
 * clock jumps, its files run out, a second server starts beside it, somebody else writes to its database, a client does not
 * read. Every zone is a witness: its tick numbers must have no gap and its state the digest of a run in which nothing happened.
 * A busy machine (A15) is in `process.faults.ts`. Bad settings (the rest of A13) end a start before there is anybody to see it.
 */
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import sqlite3 from 'sqlite3';
import { flowGame } from '../support/built.js';
import { type Account, call, PlayerSocket, register } from '../support/player.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';
import { Caller, Witness } from './witness.js';

const INTERVAL_MS = 50;
const STOPPED_MS = 5_000;
const DAY_MS = 86_400_000;
const OPEN_FILES = 200;
/** More in a second than a socket that is not read can swallow in ten. */
const BALLAST_BYTES = 150_000;
/** The kernel takes some megabytes, and then a client may lag for ten seconds. */
const SLOW_LIMIT_MS = 30_000;
const JUMPING_CLOCK = pathToFileURL(join(import.meta.dirname, '../support/jumping-clock.mjs')).href;

describe('a fault around the process', function () {
  this.timeout(60_000);
  let server: TestServer;
  let operator: Account;
  let witnesses: readonly Witness[];

  before(async () => {
    const env = {
      ...{ GAME: flowGame('clockwork.ts'), TICK_INTERVAL_MS: String(INTERVAL_MS), LOG_LEVEL: 'warn', ZONE_WORKERS: '1' },
      NODE_OPTIONS: `--import=${JUMPING_CLOCK}`,
    };
    server = await TestServer.start({ env, openFiles: OPEN_FILES });
    operator = await register(server.url, 'operator');
    const entered: Witness[] = [];
    for (const name of ['anna', 'bert', 'carla']) {
      const account = await register(server.url, name);
      entered.push(await Witness.enter(server.socketUrl, account, await zone(name)));
    }
    witnesses = entered;
  });
  after(() => server?.dispose());
  beforeEach(() => {
    for (const witness of witnesses) witness.forget();
  });

  it('A11: five seconds of standing still are skipped and counted, not made up for, and cost nobody its connection', async () => {
    for (const witness of witnesses) witness.say();
    const [before, ticksBefore] = [await loop(), witnesses.map(({ lastTick }) => lastTick)];
    server.poke('SIGSTOP');
    await sleep(STOPPED_MS);
    server.poke('SIGCONT');
    const continuedMs = performance.now();
    await Promise.all(witnesses.map((witness) => witness.heard()));
    const sinceMs = performance.now() - continuedMs;

    const skipped = (await loop()).skipped_ticks - before.skipped_ticks;
    expect(skipped).to.be.within((0.8 * STOPPED_MS) / INTERVAL_MS, (1.5 * STOPPED_MS) / INTERVAL_MS);
    for (const [index, witness] of witnesses.entries()) {
      const ticks = witness.lastTick - (ticksBefore[index] ?? 0);
      expect(ticks, 'ticks in the first moments').to.be.at.most(sinceMs / INTERVAL_MS + 6);
    }
    await allUnharmed();
  });

  it('A12: a wall clock that jumps by a day, forward and back, is no time for the world: ticks come as before', async () => {
    for (const aheadMs of [DAY_MS, 0]) {
      const from = (await loop()).tick_number;
      const startedMs = performance.now();
      server.poke('SIGUSR2');
      await until(async () => Math.abs((await serverTimeMs()) - Date.now() - aheadMs) < DAY_MS / 2);
      await Promise.all(witnesses.map((witness) => witness.heard()));
      const dueTicks = (performance.now() - startedMs) / INTERVAL_MS;

      expect((await loop()).tick_number - from).to.be.at.most(dueTicks + 4);
      await allUnharmed();
    }
  });

  it('A13: a second server on the database or on the port ends with one line, and the first does not notice', async () => {
    const caller = new Caller(server.url);
    const [owned, taken] = await Promise.all([
      TestServer.run({ env: { DATABASE_URL: `sqlite:${server.databaseFile}` } }),
      TestServer.run({ env: { PORT: new URL(server.url).port, DEBUG_USER: '' } }),
    ]);

    expect([owned.status, taken.status]).to.deep.equal([75, 78]);
    for (const { stderr } of [owned, taken]) expect(stderr).to.match(/^gridstead: [^\n]+\n$/);
    caller.expectAnswered(3_000);
    await allUnharmed();
  });

  it('A14: files run out for those who come, not for those who play', async () => {
    const crowd = await Promise.all(Array.from({ length: 2 * OPEN_FILES }, () => dial(server.url)));
    await until(() => crowd.filter(({ destroyed }) => destroyed).length > OPEN_FILES);
    for (const witness of witnesses) witness.say();
    await Promise.all(witnesses.map((witness) => witness.heard()));
    for (const socket of crowd) socket.destroy();
    await until(async () => (await call(server.url, 'GET', '/healthz').catch(() => null))?.status === 200);

    expect(await metric('sockets_refused_total')).to.be.above(OPEN_FILES / 2);
    await allUnharmed();
  });

  it('a store that refuses one zone’s epoch costs that zone a restart: it is read again, and nothing of it is doubled or lost', async () => {
    const [victim = expect.fail('nobody there'), ...others] = witnesses;
    const restartsBefore = (await actorOf(victim.zone)).restarts;
    await change(server.databaseFile, `UPDATE zones SET epoch = epoch + 1 WHERE id = '${victim.zone}'`);
    await until(async () => (await metric('commits_refused_total')) === 1);
    await victim.heard();

    expect((await actorOf(victim.zone)).restarts).to.equal(restartsBefore + 1);
    for (const witness of others) expect((await actorOf(witness.zone)).restarts).to.equal(0);
    await allUnharmed();
  });

  it('a client that does not read is closed with 1013, and neither its zone nor another one waits for it', async () => {
    const [neighbour = expect.fail('nobody there')] = witnesses;
    const slow = await PlayerSocket.join(server.socketUrl, (await register(server.url, 'slow')).token);
    slow.send({ type: 'subscribe', zone_id: neighbour.zone });
    await slow.next('subscribed');
    neighbour.order('swell', { bytes: BALLAST_BYTES });
    slow.socket.pause();
    await until(async () => (await metric('connections_slow_total')) === 1, SLOW_LIMIT_MS);
    neighbour.order('swell', { bytes: 0 });
    slow.socket.resume();

    expect((await slow.closed).code).to.equal(1013);
    expect(await metric('snapshots_skipped_total')).to.be.above(100);
    await allUnharmed();
  });

  it('a store that refuses the world’s epoch ends the process with 75: what anybody was shown is there at the next start', async () => {
    for (const witness of witnesses) witness.say();
    const shown = witnesses.map(({ last }) => last.count);
    await change(server.databaseFile, 'UPDATE world SET epoch = epoch + 1');
    const { status, stderr } = await server.ended;
    await server.start();
    for (const witness of witnesses) await witness.resume(server.socketUrl);

    expect(status).to.equal(75);
    expect(stderr).to.match(/gridstead: another server has taken over the database\n$/);
    for (const [index, { last }] of witnesses.entries()) expect(last.count).to.be.above(shown[index] ?? 0);
    for (const witness of witnesses) witness.expectUnbroken();
  });

  async function allUnharmed(): Promise<void> {
    await Promise.all(witnesses.map((witness) => witness.heard()));
    for (const witness of witnesses) {
      // A zone that was restored is sent no ticks meanwhile.
      const { timings, restarts } = await actorOf(witness.zone);
      witness.expectUnharmed({ missed: Number(timings.missed_ticks) + 20 * restarts });
    }
    expect((await call(server.url, 'GET', '/healthz')).status).to.equal(200);
  }

  async function zone(name: string): Promise<string> {
    const { body } = await call(server.url, 'POST', '/api/zones', { ...operator, body: { name, width: 4, height: 4 } });
    return body.id;
  }

  const actorOf = async (id: string) => (await call(server.url, 'GET', `/api/debug/zones/${id}/state`, operator)).body.actor;
  const loop = async () => (await call(server.url, 'GET', '/status')).body.tick_loop;

  async function serverTimeMs(): Promise<number> {
    const [{ socket } = expect.fail('nobody there')] = witnesses;
    socket.send({ type: 'ping' });
    return Date.parse((await socket.next('pong')).server_time);
  }

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    return Number(new RegExp(`^gridstead_${name} (\\S+)$`, 'm').exec(text)?.[1]);
  }
});

/** As somebody else who writes to the same file. */
async function change(file: string, sql: string): Promise<void> {
  const database = new sqlite3.Database(file);
  database.configure('busyTimeout', 2_000);
  await new Promise<void>((resolve, reject) => database.exec(sql, (error) => (error ? reject(error) : resolve())));
  await new Promise<void>((resolve) => database.close(() => resolve()));
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

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
