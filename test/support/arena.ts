/**
 * The real server with a quiet zone and somebody in it who plays by the rules: the place for attacks. After
 * each of them, `stillPlays` says whether that player, or its zone, has noticed.
 */
import { expect } from 'chai';
import { type Account, call, type JoinedSocket, PlayerSocket, register } from './player.js';
import { type ServerOptions, TestServer } from './server.js';

/**
 * What a zone may miss of its ticks in a row, and the whole loop of its periods, during one attack (the second and one for
 * each so many ticks). None would be right on a machine of one's own; where other tests run, a tick is late now and then. What an
 * attack breaks lasts longer, or is a restart.
 */
const LATE_TICKS = 10;
const LATE_PERIODS = 20;
const TICKS_PER_LATE_PERIOD = 4;

export class Arena {
  readonly #attackers: PlayerSocket[] = [];
  #names = 0;
  #checkedUpTo = 0;
  #skippedBefore = 0;

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
  async attacker(): Promise<JoinedSocket> {
    const player = await enter(this.server, await this.newcomer(), this.zone);
    this.#attackers.push(player);
    return player;
  }

  /** The bystander gets more ticks, in order and without a gap; its zone has not failed, the loop has not stood still. */
  async stillPlays(): Promise<void> {
    const { url, bystander } = this;
    const seen = bystander.all('tick').at(-1)?.tick_number ?? 0;
    await bystander.next('tick', ({ tick_number }) => tick_number > seen + 1);
    const here = bystander.all('tick').filter(({ zone_id }) => zone_id === this.zone);
    const fresh = here.map(({ tick_number }) => Number(tick_number)).filter((tick) => tick >= this.#checkedUpTo);
    this.#checkedUpTo = fresh.at(-1) ?? 0;
    const { token } = this.operator;
    const { actor } = (await call(url, 'GET', `/api/debug/zones/${this.zone}/state`, { token })).body;
    const { skipped_ticks } = (await call(url, 'GET', '/status')).body.tick_loop;
    const skipped = skipped_ticks - this.#skippedBefore;
    this.#skippedBefore = skipped_ticks;

    expect(gapsOf(fresh), 'ticks between which the bystander missed some').to.deep.equal([]);
    expect(bystander.all('error')).to.deep.equal([]);
    expect(actor).to.include({ restarts: 0, last_error: null });
    expect(skipped, `skipped beside ${fresh.length} ticks`).to.be.at.most(LATE_PERIODS + fresh.length / TICKS_PER_LATE_PERIOD);
    expect((await call(url, 'GET', '/healthz')).status).to.equal(200);
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

/** A test that attacks: what it expects comes true, and the bystander has not noticed. */
export function attack(name: string, arena: () => Arena, run: () => Promise<void>, limitMs = 10_000): void {
  it(name, async () => {
    try {
      await run();
    } finally {
      arena().clear();
    }
    await arena().stillPlays();
  }).timeout(limitMs);
}

/** Joins and goes to the zone, away from wherever the game would have put it. */
async function enter(server: TestServer, account: Account, zone: string): Promise<JoinedSocket> {
  const player = await PlayerSocket.join(server.socketUrl, account.token);
  await player.next('subscribed');
  player.send({ type: 'subscribe', zone_id: zone });
  await player.next('subscribed', ({ zone_id }) => zone_id === zone);
  await player.next('tick');
  return player;
}

/** Pairs of tick numbers that do not follow one another, or too late. */
function gapsOf(ticks: readonly number[]): [number, number][] {
  const pairs = ticks.slice(1).map((tick, at): [number, number] => [ticks[at] ?? 0, tick]);
  return pairs.filter(([before, tick]) => tick <= before || tick > before + 1 + LATE_TICKS);
}
