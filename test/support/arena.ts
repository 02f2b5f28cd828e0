/**
 * The real server with a quiet zone and somebody in it who plays by the rules: the place for attacks. After
 * each of them, `stillPlays` says whether that player noticed.
 * Quiet, and kept in memory: so a tick that is missed was not missed because the disk was busy with something else.
 */
import { expect } from 'chai';
import { type Account, call, type Message, PlayerSocket, register } from './player.js';
import { type ServerOptions, TestServer } from './server.js';

export class Arena {
  readonly #attackers: PlayerSocket[] = [];
  #names = 0;
  #checkedUpTo = 0;

  private constructor(
    readonly server: TestServer,
    readonly operator: Account,
    readonly zone: string,
    readonly bystander: PlayerSocket,
  ) {}

  static async open(options: ServerOptions = {}): Promise<Arena> {
    const server = await TestServer.start({ ...options, env: { DATABASE_URL: 'sqlite::memory:', ...options.env } });
    try {
      const operator = await register(server.url, 'operator');
      const body = { name: 'quiet', width: 64, height: 64 };
      const { id } = (await call(server.url, 'POST', '/api/zones', { token: operator.token, body })).body;
      const bystander = await enter(server, await register(server.url, 'bystander'), id);
      return new Arena(server, operator, id, bystander);
    } catch (error) {
      await server.dispose();
      throw error;
    }
  }

  get url(): string {
    return this.server.url;
  }

  /** Somebody new, with an account. */
  newcomer(): Promise<Account> {
    this.#names += 1;
    return register(this.url, `player-${this.#names}`);
  }

  /** Somebody new, subscribed to the bystander's zone. */
  async attacker(account?: Account): Promise<PlayerSocket> {
    const player = await enter(this.server, account ?? (await this.newcomer()), this.zone);
    this.#attackers.push(player);
    return player;
  }

  /** The bystander gets more ticks, each number since the last check exactly once, and the server is well. */
  async stillPlays(): Promise<void> {
    const seen = this.bystander.all('tick').at(-1)?.tick_number ?? 0;
    await this.bystander.next('tick', ({ tick_number }) => tick_number > seen + 1);
    const ticks = this.bystander
      .all('tick')
      .filter(({ zone_id, tick_number }) => zone_id === this.zone && tick_number >= this.#checkedUpTo);
    this.#checkedUpTo = ticks.at(-1)?.tick_number ?? 0;
    expect(gaps(ticks), 'ticks that the bystander missed').to.deep.equal([]);
    expect(this.bystander.all('error')).to.deep.equal([]);
    expect((await call(this.url, 'GET', '/healthz')).status).to.equal(200);
  }

  /** Closes all sockets of attackers, so that the next attack is on its own. */
  clear(): void {
    for (const attacker of this.#attackers.splice(0)) attacker.terminate();
  }

  async close(): Promise<void> {
    this.clear();
    this.bystander.terminate();
    await this.server.dispose();
  }
}

/**
 * A test that attacks: what it expects comes true, and the bystander has not noticed. Tried once more when it fails, for
 * machines so busy with other things that a tick is late by itself.
 */
export function attack(name: string, arena: () => Arena, run: () => Promise<void>): void {
  it(name, async function () {
    this.retries(1);
    try {
      await run();
    } finally {
      arena().clear();
    }
    await arena().stillPlays();
  });
}

/** Joins and goes to the zone, away from wherever the game would have put it. */
async function enter(server: TestServer, account: Account, zone: string): Promise<PlayerSocket> {
  const player = await PlayerSocket.join(server.socketUrl, account.token);
  await player.next('subscribed');
  player.send({ type: 'subscribe', zone_id: zone });
  await player.next('subscribed', ({ zone_id }) => zone_id === zone);
  await player.next('tick');
  return player;
}

/** Pairs of tick numbers that should have followed one another and do not. */
function gaps(ticks: readonly Message[]): [number, number][] {
  const numbers = ticks.map(({ tick_number }) => Number(tick_number));
  const pairs = numbers.slice(1).map((number, at): [number, number] => [numbers[at] ?? 0, number]);
  return pairs.filter(([before, number]) => number !== before + 1);
}
