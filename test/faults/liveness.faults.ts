/**
 * When faults stop, everybody is back (FAULTS I12): zones that fail, hang and are read again, lines that are cut, a database that
 * is locked and a server that is killed, all within a second or two. Then nobody does anything more about it, neither an operator
 * nor a player: the server and the client library find together by themselves.
 */
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { connect, type WorldClient } from '../../client/index.js';
import { BadLine } from '../support/bad-line.js';
import { flowGame } from '../support/built.js';
import { AT_FIRST, type Clock } from '../support/flow-games/clockwork.js';
import { holdWriteLock } from '../support/foreign-lock.js';
import { type Account, call, register } from '../support/player.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';
import { withoutFault } from './witness.js';

const PLAYERS = 10;
const ROUNDS = 3;
const INTERVAL_MS = 50;
/**
 * What may follow one upon the other: a tick that hangs for its budget, a zone's growing pauses before its restarts, a client's before
 * it connects again, a zone that is read. A zone that failed five times in a minute would rest for half of one: each fails less often.
 */
const BACK_WITHIN_MS = 15_000;

describe('after the faults', function () {
  this.timeout(ROUNDS * (BACK_WITHIN_MS + 10_000));
  let server: TestServer;
  let line: BadLine;
  let operator: Account;
  let clients: readonly WorldClient[];
  let zones: readonly string[];

  before(async () => {
    const env = {
      ...{ GAME: flowGame('clockwork.ts'), TICK_INTERVAL_MS: String(INTERVAL_MS), ZONE_TICK_BUDGET_MS: '400', ZONE_WORKERS: '2' },
      ...{ DEBUG_FAULTS: '1', LOG_LEVEL: 'silent' },
    };
    server = await TestServer.start({ env });
    line = await BadLine.to(server.url);
    operator = await register(server.url, 'operator');
    zones = await Promise.all(Array.from({ length: PLAYERS }, (_, at) => zone(`zone-${at}`)));
    clients = await Promise.all(zones.map((id, at) => player(`player-${at}`, id)));
    await until(() => clients.every(({ snapshot }) => snapshot?.state.clock != null));
  });
  after(async () => {
    await Promise.all((clients ?? []).map((client) => client.close()));
    await server?.dispose();
    await line?.close();
  });

  for (let round = 1; round <= ROUNDS; round++) {
    it(`every zone ticks and every player is back within ${BACK_WITHIN_MS / 1000} s, and none is behind what it saw (round ${round})`, async () => {
      const before = clients.map((client) => clockOf(client).count);
      await trouble(round);
      const words = clients.map((_, at) => `round ${round}, player ${at}`);
      for (const [at, client] of clients.entries()) client.intent({ type: 'say', word: words[at] ?? '' });

      const isBack = (client: WorldClient, at: number) => clockOf(client).words.some(([, word]) => word === words[at]);
      await until(() => clients.every(isBack), BACK_WITHIN_MS).catch(() => {});
      const ticking = await ticksOf(zones);
      await until(async () => (await ticksOf(zones)).every((tick, at) => tick > (ticking[at] ?? 0)), BACK_WITHIN_MS);

      expect(
        clients.flatMap((client, at) => (isBack(client, at) ? [] : [at])),
        'players who are not back',
      ).to.deep.equal([]);
      expect((await call(server.url, 'GET', '/healthz')).status).to.equal(200);
      for (const [at, client] of clients.entries()) {
        const clock = clockOf(client);
        expect(clock.count).to.be.above(before[at] ?? 0);
        expect(clock.digest, 'the state, by its digest').to.equal(withoutFault(clock).digest);
      }
    });
  }

  /** All at once, each for somebody else in each round; and in the second one, on top of it, the whole process. */
  async function trouble(round: number): Promise<void> {
    const chosen = (at: number) => zones[(3 * round + at) % zones.length] ?? '';
    const unlock = await holdWriteLock(server.databaseFile);
    await Promise.all([
      order(`zones/${chosen(0)}/spoil`, { how: 'throw' }),
      order(`zones/${chosen(1)}/spoil`, { how: 'hang' }),
      order(`zones/${chosen(2)}/restart`),
      clients[(3 * round + 3) % clients.length]?.intent({ type: 'throw' }),
    ]);
    line.cut();
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (round === 2) {
      await order('server/kill');
      await server.ended;
      await unlock();
      await server.start();
      line.leadTo(server.url);
    } else await unlock();
    line.cut();
  }

  async function order(path: string, body?: object): Promise<void> {
    const { status } = await call(server.url, 'POST', `/api/debug/${path}`, { ...operator, ...(body && { body }) });
    expect(status, path).to.equal(204);
  }

  /** The last committed tick of each zone. */
  const ticksOf = (ids: readonly string[]) =>
    Promise.all(
      ids.map(async (id) => {
        const { body } = await call(server.url, 'GET', `/api/debug/zones/${id}/state`, operator);
        return Number(body.actor?.timings.last_tick ?? 0);
      }),
    );

  async function zone(name: string): Promise<string> {
    const { body } = await call(server.url, 'POST', '/api/zones', { ...operator, body: { name, width: 4, height: 4 } });
    return body.id;
  }

  async function player(name: string, home: string): Promise<WorldClient> {
    const { token } = await register(server.url, name);
    return connect({ url: line.url, token, home: async () => home, WebSocket, acks: 'tick' });
  }
});

function clockOf(client: WorldClient): Clock {
  // A cast, because to the client library a state is any JSON; the clockwork shows a Clock or nothing.
  return (client.snapshot?.state.clock ?? AT_FIRST) as unknown as Clock;
}
