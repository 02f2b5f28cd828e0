/**
 * Part A: what can go wrong in the process, injected into a real server with two worker threads; and what the zones that have
 * nothing to do with it see of it: nothing. Those on the thread that had to be ended are restored within a second.
 * `npm run faults` runs this; it takes a minute of its own. Kills, signals, clocks and refused starts are in `test/flows`.
 */
import { spawn } from 'node:child_process';
import { expect } from 'chai';
import { Chance } from '../flows/chaos/chance.js';
import { BankRun } from '../flows/chaos/run.js';
import { BUILT, flowGame } from '../support/built.js';
import { type Account, call, type JoinedSocket, register } from '../support/player.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';
import { Caller, Witness } from './witness.js';

const INTERVAL_MS = 50;
const BUDGET_MS = 400;
/** A second, and what it takes to notice. On an idle machine they are back after a fifth of that second. */
const RESTORED_WITHIN_MS = BUDGET_MS + BUDGET_MS / 4 + 1_000;
/** Where the machine itself is slow, or the threads have more than they can do, nothing is promised to be quick. */
const MOVED_WITHIN_MS = 2 * RESTORED_WITHIN_MS;
const WITNESSES = 4;

describe('a fault in the process', function () {
  this.timeout(30_000);
  let server: TestServer;
  let operator: Account;
  let witnesses: Witness[];
  let caller: Caller;
  let made = 0;

  before(async () => {
    server = await TestServer.start({
      env: {
        ...{ GAME: flowGame('clockwork.ts'), TICK_INTERVAL_MS: String(INTERVAL_MS), ZONE_TICK_BUDGET_MS: String(BUDGET_MS) },
        ...{ ZONE_WORKERS: '2', ZONE_WORKER_HEAP_MB: '64', ZONE_GRACE_MS: '100', LOG_LEVEL: 'info' },
        NODE_OPTIONS: `--import=${BUILT}/test/support/faulty-parts.mjs`,
      },
    });
    operator = await register(server.url, 'operator');
    witnesses = [];
    for (let i = 0; i < WITNESSES; i++) witnesses.push(await witness());
  });
  after(() => server?.dispose());

  beforeEach(() => {
    for (const witness of witnesses) witness.forget();
    caller = new Caller(server.url);
  });
  afterEach(() => caller.expectAnswered(3_000));

  it('A1: one throw is its intent’s: the zone goes on from its last commit, and nobody else notices', async () => {
    const victim = await culprit();
    const before = await restarts();

    victim.order('throw');
    const lost = await victim.socket.next('error');
    await victim.heard();

    expect(lost).to.include({ code: 'intent_dropped', reason: 'poison', seq: 1 });
    expect(await poisonOf(victim.zone)).to.match(/as it was told/);
    await othersUnharmed(before);
  });

  it('A2: a throw at every tick ends in quarantine: its player is told, and can go elsewhere', async () => {
    const victim = await culprit();
    const before = await restarts();

    victim.order('break');
    await victim.socket.next('error', ({ code }) => code === 'zone_unavailable');
    victim.socket.send({ type: 'subscribe', zone_id: await zone() });
    await victim.socket.next('subscribed');

    expect((await actorOf(victim.zone)).state).to.equal('quarantined');
    expect(await metric('zone_quarantines_total')).to.be.above(0);
    await othersUnharmed(before);
  });

  it('A3, A4: a throw in the actor itself restarts that zone, which then ticks once a period and no more', async () => {
    const victim = await culprit('cursed');
    const before = await restarts();

    server.poke('SIGUSR2');
    await until(async () => (await actorOf(victim.zone)).restarts === 1);
    await victim.heard();
    const from = await metric('ticks_total');
    await sleep(20 * INTERVAL_MS);

    expect((await metric('ticks_total')) - from).to.be.at.most(22);
    expect((await actorOf(victim.zone)).last_error.message).to.match(/an action of the actor threw/);
    victim.expectUnharmed({ missed: 5 });
    await othersUnharmed(before);
  });

  it('A5: promises that are rejected late are their zone’s, by name; they end nothing, and not even it notices', async () => {
    const victim = await culprit();
    const before = await restarts();

    for (let i = 0; i < 3; i++) victim.order('stray');
    await until(async () => (await actorOf(victim.zone)).strays.count === 3);
    await victim.heard();

    const { strays, restarts: ofVictim, timings } = await actorOf(victim.zone);
    expect(strays.last.message).to.match(/a promise that was rejected late/);
    expect(await metric('game_strays_total')).to.equal(3);
    expect(
      server.output.stderr.match(new RegExp(`"zone":"${victim.zone}".*a promise that was rejected late`, 'g')),
    ).to.have.length(1);
    expect(ofVictim).to.equal(0);
    victim.expectUnharmed({ missed: timings.missed_ticks });
    await othersUnharmed(before);
  });

  it('A6: a tick that answers with a promise is malformed, and waits for nobody', async () => {
    const victim = await culprit();
    const before = await restarts();

    victim.order('promise');

    expect(await victim.socket.next('error')).to.include({ code: 'intent_dropped', reason: 'poison' });
    await othersUnharmed(before);
  });

  it('A7: a slow tick is late for itself: the ticks that it misses are counted, and no other zone misses one', async () => {
    const victim = await culprit();
    const before = await restarts();

    const status = async () => (await call(server.url, 'GET', '/status')).body.tick_loop.costs_ms;
    victim.order('dawdle', { ms: BUDGET_MS * 0.6 });
    // The status has a mean, which is soon as small as before: so it is looked at all along.
    await Promise.all([until(async () => (await status()).rules > 1), victim.socket.next('tick', ({ ack }) => ack === 1)]);

    const { timings } = await actorOf(victim.zone);
    expect(timings.missed_ticks).to.be.at.least(2);
    const { body } = await call(server.url, 'GET', '/api/debug/actors', operator);
    expect(body.slowest_zones[0].zone_id).to.equal(victim.zone);
    await othersUnharmed(before, 'neighbours wait');
  });

  for (const [what, order] of [
    ['A7: an endless loop', 'hang'],
    ['A8: a heap that is eaten up', 'eat'],
    ['A8: memory beside the heap that is eaten up', 'buffers'],
  ] as const) {
    it(`${what} costs its own zone: neighbours are restored within a second and lose nothing, other threads miss no tick`, async () => {
      const victim = await culprit();
      const neighbors = await surround(victim);
      const before = await restarts();

      victim.order(order);
      for (let i = 0; i < 20; i++) {
        for (const witness of witnesses) witness.say();
        await sleep(INTERVAL_MS);
      }
      const lost = await victim.socket.next('error');
      await victim.heard();

      expect(lost).to.include({ code: 'intent_dropped', seq: 1 });
      expect(server.output.stderr).to.match(new RegExp(`"zone":"${victim.zone}".*a worker was ended`));
      const restarted = await othersUnharmed(before, 'neighbours are restored');
      expect(restarted, 'those on the thread that was ended').to.have.members(neighbors);
    });
  }

  it('A15: a machine that is busy elsewhere makes ticks late, and loses none unseen', async () => {
    const spinners = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['-e', 'setTimeout(() => process.exit(), 3000); for (;;);']),
    );
    try {
      const [before, fromMs] = [(await call(server.url, 'GET', '/status')).body.tick_loop, performance.now()];
      await sleep(3_000);
      const [after, toMs] = [(await call(server.url, 'GET', '/status')).body.tick_loop, performance.now()];

      const periods = after.tick_number - before.tick_number + after.skipped_ticks - before.skipped_ticks;
      expect(periods).to.be.closeTo((toMs - fromMs) / INTERVAL_MS, 4);
    } finally {
      for (const spinner of spinners) spinner.kill('SIGKILL');
    }
    for (const witness of witnesses) await witness.heard();
    await othersUnharmed(await restarts(), 'the machine is slow');
  });

  it('overload: zones move from a thread that has too much to one that has less, and lose nothing', async () => {
    const busy = [await culprit(), await culprit(), await culprit(), await culprit()];
    const before = await restarts();
    const toil = setInterval(() => {
      for (const victim of busy) victim.socket.send({ type: 'intent', data: { type: 'dawdle', ms: 20 } });
    }, INTERVAL_MS);
    try {
      await until(() => /zones move to another worker/.test(server.output.stderr), 15_000);
    } finally {
      clearInterval(toil);
    }
    for (const witness of [...witnesses, ...busy]) await witness.heard();

    await othersUnharmed(before, 'the machine is slow');
  });

  // ─── what the others saw ───

  /** Of all witnesses; answers those whose zones were restarted. */
  async function othersUnharmed(
    before: readonly number[],
    how: 'unnoticed' | 'neighbours wait' | 'neighbours are restored' | 'the machine is slow' = 'unnoticed',
  ): Promise<Witness[]> {
    await Promise.all(witnesses.map((witness) => witness.heard()));
    const after = await restarts();
    const withinMs = how === 'neighbours are restored' ? RESTORED_WITHIN_MS : MOVED_WITHIN_MS;
    const restarted: Witness[] = [];
    for (const [index, witness] of witnesses.entries()) {
      const missed = Number((await actorOf(witness.zone)).timings.missed_ticks);
      const wasRestarted = after[index] !== before[index];
      if (wasRestarted) restarted.push(witness);
      if (how === 'unnoticed' || how === 'neighbours wait') expect(wasRestarted, 'a restart of another zone').to.equal(false);
      if (wasRestarted) expect(witness.longestSilenceMs).to.be.below(withinMs);
      // A zone that is restored is sent no ticks meanwhile, and counts none; the numbers show how long that was.
      const away = wasRestarted ? withinMs / INTERVAL_MS : 0;
      witness.expectUnharmed({ missed: missed + away });
    }
    return restarted;
  }

  const restarts = () => Promise.all(witnesses.map(async (witness) => Number((await actorOf(witness.zone)).restarts)));

  // ─── the world ───

  /** A player in a zone of its own, who sees what happens to it. */
  async function witness(): Promise<Witness> {
    return Witness.enter(server.socketUrl, await register(server.url, `witness-${++made}`), await zone());
  }

  /**
   * Answers the witnesses on the victim's thread: some, but not all. Zones go where there is least to do, which may be one and
   * the same thread for a while, as long as a slow one stands on the other: then more witnesses come.
   */
  async function surround(victim: Witness): Promise<Witness[]> {
    const threadOf = async ({ zone }: Witness) => (await actorOf(zone)).thread;
    for (let i = 0; i < 20; i++) {
      const [shared, ...threads] = await Promise.all([victim, ...witnesses].map(threadOf));
      const neighbors = witnesses.filter((_, index) => threads[index] === shared);
      if (neighbors.length > 0 && neighbors.length < witnesses.length) return neighbors;
      witnesses.push(await witness());
    }
    throw new Error('all witnesses are on one side');
  }

  /** A player in a zone of its own, in which something is about to go wrong. */
  async function culprit(name?: string): Promise<Witness & { readonly socket: JoinedSocket }> {
    const account = await register(server.url, `culprit-${++made}`);
    return Witness.enter(server.socketUrl, account, await zone(name));
  }

  async function zone(name = `zone-${++made}`): Promise<string> {
    const { body } = await call(server.url, 'POST', '/api/zones', { ...operator, body: { name, width: 4, height: 4 } });
    return body.id;
  }

  const actorOf = async (id: string) =>
    (await call(server.url, 'GET', `/api/debug/zones/${id}/state`, operator)).body.actor ?? { restarts: -1, timings: {} };
  const poisonOf = async (id: string) => (await actorOf(id)).poison[0]?.error;

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    return Number(new RegExp(`^gridstead_${name} (\\S+)$`, 'm').exec(text)?.[1]);
  }
});

describe('A10: SIGTERM while entities cross borders', function () {
  this.timeout(60_000);

  it('ends with status 0 each time, and takes nothing back, loses nothing and doubles nothing', async () => {
    const env = { GAME: flowGame('bank.ts'), TICK_INTERVAL_MS: '20', ZONE_GRACE_MS: '50', LOG_LEVEL: 'silent' };
    const server = await TestServer.start({ env });
    const chance = new Chance(7);
    const run = new BankRun(server, chance);
    try {
      await run.begin();
      for (let round = 0; round < 4; round++) {
        await run.traffic(chance.between(300, 900));
        const { status } = await server.signal('SIGTERM');
        expect(status).to.equal(0);
        await server.start();
        run.quiet();
        await run.inspect();
      }
      await run.settle();
      await run.inspect();

      expect(run.faults()).to.deep.equal([]);
      expect(run.unbooked()).to.deep.equal([]);
    } finally {
      run.stop();
      await server.dispose();
    }
  });
});

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
