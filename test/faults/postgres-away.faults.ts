/**
 * A Postgres that cannot be reached, or only slowly (FAULTS 25, 27), under a server whose every zone is a witness. The line
 * between the two fails, not the database: that looks the same from the server, and the database can be looked at meanwhile.
 * What a crash of the database itself does is in `postgres.faults.ts`.
 */
import { expect } from 'chai';
import { BadLine } from '../support/bad-line.js';
import { flowGame } from '../support/built.js';
import { type Account, call, type JoinedSocket, PlayerSocket, register } from '../support/player.js';
import { createTestDatabase, POSTGRES_SKIPPED, POSTGRES_URL, type TestDatabase } from '../support/postgres.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';
import { enterWitnesses, type Witness } from './witness.js';

const INTERVAL_MS = 20;
/** The longest pause of the server's own between two tries is 2 s. */
const REFUSED_FOR_MS = 3_000;
/** More than the 15 s for which a statement is waited for, and more than the 1,000 ticks for which numbers are reserved at most. */
const SILENT_FOR_MS = 22_000;
/** What is under way on a dead connection is given up after 15 s, and tried again within 2. */
const BACK_WITHIN_MS = 25_000;
/** Each way: so every statement takes two seconds. */
const SLOW_MS = 1_000;
const SLOW_FOR_MS = 8_000;
/** The default of `MAX_INTENTS_PER_TICK`. */
const INTENTS_PER_PLAYER = 32;

if (POSTGRES_URL) withPostgres(POSTGRES_URL);
else it(POSTGRES_SKIPPED);

function withPostgres(postgres: string): void {
  describe('a Postgres out of reach', function () {
    this.timeout(90_000);
    let database: TestDatabase;
    let line: BadLine;
    let env: Readonly<Record<string, string>>;
    let server: TestServer;
    let operator: Account;
    let witnesses: readonly Witness[];
    let flooder: JoinedSocket;
    let flooded = 0;

    before(async () => {
      database = await createTestDatabase(postgres);
      const address = new URL(await database.schema());
      line = await BadLine.to(address.href);
      address.host = new URL(line.url).host;
      env = {
        ...{ GAME: flowGame('clockwork.ts'), TICK_INTERVAL_MS: String(INTERVAL_MS), LOG_LEVEL: 'silent', ZONE_WORKERS: '1' },
        // The least there is: one connection for the world, one for accounts, one for the lock.
        ...{ DATABASE_URL: address.href, DATABASE_POOL_MAX: '1' },
      };
      server = await TestServer.start({ env });
      operator = await register(server.url, 'operator');
      witnesses = await enterWitnesses(server, zone);
      flooder = await PlayerSocket.join(server.socketUrl, (await register(server.url, 'flooder')).token);
      flooder.send({ type: 'subscribe', zone_id: await zone('flooded'), acks: 'tick' });
      await flooder.next('tick');
    });
    after(async () => {
      await server?.dispose();
      await line?.close();
      await database?.drop();
    });
    afterEach(() => {
      line.delayMs = 0;
      line.mend();
    });

    it('B25: that refuses holds every zone, each writer is told to come back, and all goes on by itself', async () => {
      line.break('ends');
      await held();
      const refused = await Promise.all([
        call(server.url, 'POST', '/api/auth/login', { body: { username: 'anna', password: 'correct horse battery' } }),
        call(server.url, 'POST', '/api/auth/register', { body: { username: 'newcomer', password: 'correct horse battery' } }),
      ]);
      await sleep(REFUSED_FOR_MS);
      await boundedAndAlive();
      line.mend();

      expect(refused.map(({ status, body }) => [status, body.error.code])).to.deep.equal(Array(2).fill([503, 'unavailable']));
      await allUnharmed();
    });

    it('B25: that falls silent for longer than a statement is waited for does no more: no number of a tick is used that is not reserved', async () => {
      line.break('is silent');
      await held();
      await sleep(SILENT_FOR_MS);
      await boundedAndAlive();
      const { body } = await call(server.url, 'GET', '/healthz');
      line.mend();

      expect(body.down).to.deep.equal(['store', 'tick_loop']);
      await allUnharmed();
    });

    it('B27: that takes two seconds for each statement makes zones miss ticks, which they count, and nobody else wait', async () => {
      const missedBefore = await metric('zone_ticks_missed_total');
      line.delayMs = SLOW_MS;
      for (const witness of witnesses) witness.say();
      flood();
      const slowUntilMs = performance.now() + SLOW_FOR_MS;
      while (performance.now() < slowUntilMs) {
        await boundedAndAlive();
        await sleep(5 * INTERVAL_MS);
      }
      const ticks = await metric('zone_ticks_missed_total');
      line.delayMs = 0;

      expect(ticks - missedBefore).to.be.above((witnesses.length * SLOW_FOR_MS) / INTERVAL_MS / 2);
      await allUnharmed();
    });

    it('B25: that never comes back lets the server end by force, and what it acknowledged is there at the next start', async () => {
      for (const witness of witnesses) witness.say();
      const shown = witnesses.map(({ last }) => last.count);
      line.break('is silent');
      await held();
      const { status } = await server.signal('SIGTERM');
      // Now the database notices that the one with the lock is gone, as it would without a line between them.
      line.cut();
      line.mend();
      await server.start();
      for (const witness of witnesses) await witness.resume(server.socketUrl);

      expect(status).to.equal(1);
      for (const [index, { last }] of witnesses.entries()) expect(last.count).to.be.above(shown[index] ?? 0);
      for (const witness of witnesses) witness.expectUnbroken();
    });

    it('B25: is one line and status 75 at a start, for whoever starts it again later', async () => {
      await server.signal('SIGTERM');
      for (const how of ['ends', 'is silent'] as const) {
        line.break(how);
        const { status, stderr } = await TestServer.run({ env });
        line.mend();

        expect(status, stderr).to.equal(75);
        expect(stderr).to.match(/^gridstead: the database [^\n]+ cannot be used: [^\n]+\n$/);
      }
      await server.start();
    });

    // ─── while it is away ───

    /** Everybody asks for something, the server says what is down, and nobody is shown anything that is not saved. */
    async function held(): Promise<void> {
      for (const witness of witnesses) witness.say();
      flood();
      await until(async () => (await call(server.url, 'GET', '/healthz')).body.down?.includes('store'));
      const shown = witnesses.map(({ last }) => last.count);
      await sleep(5 * INTERVAL_MS);
      expect(
        witnesses.map(({ last }) => last.count),
        'shown while nothing can be saved',
      ).to.deep.equal(shown);
    }

    /** More than anybody may have waiting. */
    function flood(): void {
      for (let i = 0; i < 3 * INTENTS_PER_PLAYER; i++) flooder.send({ type: 'intent', data: { type: 'say', word: 'x' } });
      flooded += 3 * INTENTS_PER_PLAYER;
    }

    /** Nothing grows without end, and sockets and HTTP are answered at once. */
    async function boundedAndAlive(): Promise<void> {
      const startedMs = performance.now();
      const pongs = Promise.all(
        witnesses.map(({ socket }) => {
          socket.send({ type: 'ping', t: startedMs });
          return socket.next('pong', ({ t }) => t === startedMs);
        }),
      );
      const { queues } = (await call(server.url, 'GET', '/status')).body;
      await pongs;

      expect(performance.now() - startedMs, 'the slowest of all').to.be.below(1_000);
      expect(queues.commits).to.be.at.most(witnesses.length + 1);
      expect(queues.intents).to.be.at.most(witnesses.length + 2 * INTENTS_PER_PLAYER);
      expect(await metric('commits_waiting')).to.be.at.most(100);
    }

    /** Back by itself: no zone lost anything, and of the flood what was not refused is there. */
    async function allUnharmed(): Promise<void> {
      await until(async () => (await call(server.url, 'GET', '/healthz')).status === 200, BACK_WITHIN_MS);
      await Promise.all(witnesses.map((witness) => witness.heard()));
      const missed = await Promise.all(witnesses.map(async ({ zone }) => Number((await actorOf(zone)).timings.missed_ticks)));
      for (const [index, witness] of witnesses.entries()) witness.expectUnharmed({ missed: missed[index] ?? 0 });
      const refused = flooder.all('error');
      expect(new Set(refused.map(({ code }) => code))).to.deep.equal(new Set(['rate_limited']));
      await until(() => heardByAll(flooder) + refused.length === flooded);
    }

    const actorOf = async (id: string) => (await call(server.url, 'GET', `/api/debug/zones/${id}/state`, operator)).body.actor;

    async function zone(name: string): Promise<string> {
      const { body } = await call(server.url, 'POST', '/api/zones', { ...operator, body: { name, width: 4, height: 4 } });
      return body.id;
    }

    async function metric(name: string): Promise<number> {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      return Number(new RegExp(`^gridstead_${name} (\\S+)$`, 'm').exec(text)?.[1]);
    }
  });
}

/** How many words the zone of this player has heard, as it was last shown. */
function heardByAll(player: PlayerSocket): number {
  return player.all('tick').at(-1)?.state.clock?.words.length;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
