import type { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import {
  GameStepError,
  HostLostError,
  IntentRefusedError,
  StoreUnavailableError,
  UnknownZoneError,
} from '../../../../actors/errors.js';
import { newUuid, type PlayerId, type ZoneId } from '../../../../actors/ids.js';
import type { StoredZone } from '../../../../actors/records.js';
import type { StepRequest } from '../../../../actors/steps.js';
import { SystemClock } from '../../../../src/observe/clock.js';
import { PooledSimulation } from '../../../../src/simulation/pool/pool.js';
import { BUILT_WORKER, poolGame } from '../../../support/built.js';
import rogue from '../../../support/pool-games/rogue.js';
import { RecordingLog } from '../../../support/recording-log.js';

const GAME = poolGame('rogue.ts');
const BUDGET_MS = 300;

interface Lost {
  readonly zone: ZoneId;
  readonly error: Error;
}

function emptyZone(): StoredZone {
  const info = { id: newUuid<ZoneId>(), name: 'z', width: 8, height: 8, metadata: {}, createdAtMs: 0, updatedAtMs: 0 };
  const nothing = { checkpoint: null, journal: [], inbox: [], held: [], neighbors: [], departed: [] };
  return { info, epoch: 1, ...nothing, wakeAtMs: null, tickedUntilMs: null };
}

function stepOf(zone: ZoneId, tick: number, type?: string): StepRequest {
  const intent = { player: newUuid<PlayerId>(), number: null, run: 1, seq: 1, data: { type: type ?? 'count' }, receivedAtMs: 0 };
  return { zone, tick, nowMs: tick * 100, intents: type ? [intent] : [], joins: [], leaves: [], inbox: [], viewers: [] };
}

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => null,
    (error: unknown) => error,
  );

describe('a simulation in worker threads', function () {
  this.timeout(20_000);
  const lost: Lost[] = [];
  const log = new RecordingLog();
  let pool: PooledSimulation;
  /** What the world says to a route that asks for something. */
  let toldOf: () => Promise<unknown> = async () => ({ seen: true });

  const made = (source: string) =>
    new PooledSimulation({
      game: rogue,
      start: {
        entry: BUILT_WORKER,
        game: source,
        cwd: process.cwd(),
        gamesDir: '',
        secret: 's',
        maxZoneBytes: 1e6,
        tickBudgetMs: BUDGET_MS,
        spoilable: false,
      },
      workers: 1,
      heapMb: 64,
      tickIntervalMs: 100,
      clock: new SystemClock(),
      log,
      onHostLost: (zone, error) => lost.push({ zone, error }),
      onStray() {},
      ask: () => toldOf(),
    });

  const threads: Worker[] = [];
  const noteThread = (thread: Worker) => void threads.push(thread);

  before(async () => {
    process.on('worker', noteThread);
    pool = made(GAME);
    await pool.ready();
  });
  after(() => {
    process.off('worker', noteThread);
    return pool.stop();
  });
  beforeEach(() => lost.splice(0));

  async function loaded(): Promise<ZoneId> {
    const stored = emptyZone();
    await pool.load(stored);
    return stored.info.id;
  }

  it('steps zones, and adopts and takes back as it is told', async () => {
    const zone = await loaded();

    const first = await pool.step(stepOf(zone, 5, 'count'));
    pool.abandon(zone, 5);
    const again = await pool.step(stepOf(zone, 5, 'count'));
    pool.adopt(zone, 5);

    expect([first.row?.tick, again.row?.tick]).to.deep.equal([5, 5]);
    expect((await pool.checkpoint(zone)).tick).to.equal(5);
  });

  it('names the zone of a game that throws, with what it said, and where in its code that was', async () => {
    const zone = await loaded();

    const failure = await failureOf(pool.step(stepOf(zone, 1, 'throw')));

    expect(failure).to.be.instanceOf(GameStepError).with.property('message').that.includes('as it was told');
    expect(failure)
      .to.have.nested.property('cause.stack')
      .that.matches(/as it was told\n.*pool-games\/rogue/);
    expect(lost).to.deep.equal([]);
  });

  it('ends a worker that hangs, fails the zone that did it, and gives the others back', async () => {
    const [culprit, neighbour, idle] = [await loaded(), await loaded(), await loaded()];

    expect(pool.threadOf(idle)).to.equal(0);
    const hang = failureOf(pool.step(stepOf(culprit, 1, 'hang')));
    const held = failureOf(pool.step(stepOf(neighbour, 1, 'count')));

    expect(await hang).to.be.instanceOf(GameStepError);
    expect((await held) === null || (await held) instanceof HostLostError).to.equal(true);
    expect(lost.find(({ zone }) => zone === culprit)?.error).to.be.instanceOf(GameStepError);
    for (const zone of [neighbour, idle]) {
      expect(lost.find((one) => one.zone === zone)?.error).to.be.instanceOf(HostLostError);
      expect(pool.threadOf(zone)).to.equal(null);
    }
  });

  for (const left of ['promise', 'promises', 'timer']) {
    it(`ends a worker that hangs in what a zone has left behind, and fails that zone: a ${left}`, async () => {
      const [neighbour, culprit] = [await loaded(), await loaded()];

      await failureOf(pool.step(stepOf(culprit, 1, left)));
      for (let tick = 1; lost.length < 2; tick += 1) await failureOf(pool.step(stepOf(neighbour, tick, 'count')));

      expect(lost.find(({ zone }) => zone === culprit)?.error).to.be.instanceOf(GameStepError);
      expect(lost.find(({ zone }) => zone === neighbour)?.error).to.be.instanceOf(HostLostError);
      expect((await pool.step(stepOf(await loaded(), 1, 'count'))).row).not.to.equal(null);
    });
  }

  it('hosts zones again after that', async () => {
    await failureOf(pool.step(stepOf(await loaded(), 1, 'hang')));
    const zone = await loaded();

    expect((await pool.step(stepOf(zone, 1, 'count'))).row).not.to.equal(null);
  });

  it('leaves nobody waiting for a thread that was still starting when another version of the game took over', async () => {
    const pool = made(poolGame('late.ts'));
    await pool.ready();
    const hang = async () => {
      const stored = emptyZone();
      await pool.load(stored);
      await failureOf(pool.step(stepOf(stored.info.id, 1, 'hang')));
    };
    try {
      process.env.GRIDSTEAD_TEST_LATE_MS = '60000';
      await hang();
      const friend = { id: newUuid<PlayerId>(), username: 'friend', document: null };
      const [first, admitted] = [hang(), pool.admit(emptyZone().info, friend, 0)];
      await first;
      const loading = failureOf(pool.load(emptyZone()));
      await pool.switchGame(rogue, GAME);

      expect(await loading).to.be.instanceOf(HostLostError);
      expect(await admitted).to.equal(true);
    } finally {
      delete process.env.GRIDSTEAD_TEST_LATE_MS;
      await pool.stop();
    }
  });

  it('survives a zone that eats all the memory a worker may have', async () => {
    const zone = await loaded();

    expect(await failureOf(pool.step(stepOf(zone, 1, 'eat')))).to.be.instanceOf(GameStepError);
    expect((await pool.step(stepOf(await loaded(), 1, 'count'))).row).not.to.equal(null);
  });

  it('survives a zone that eats memory outside the heap, and ends it long before its budget has let it eat everything', async () => {
    const zone = await loaded();

    expect(await failureOf(pool.step(stepOf(zone, 1, 'buffers'))))
      .to.be.instanceOf(GameStepError)
      .with.property('message')
      .that.matches(/grew by more than 64 MB|did not come back/);
    expect((await pool.step(stepOf(await loaded(), 1, 'count'))).row).not.to.equal(null);
  });

  it('rejects calls for a zone that is resident nowhere', async () => {
    expect(await failureOf(pool.entities(newUuid(), null))).to.be.instanceOf(HostLostError);
  });

  it('asks the game whom it admits, and takes a hang for no, while zones go on', async () => {
    const { info } = emptyZone();
    const player = (username: string) => ({ id: newUuid<PlayerId>(), username, document: null });
    const zone = await loaded();

    const answers = Promise.all(['friend', 'stranger', 'endless'].map((name) => pool.admit(info, player(name), 0)));
    const step = await pool.step(stepOf(zone, 1, 'count'));

    expect(step.row).not.to.equal(null);
    expect(await answers).to.deep.equal([true, false, false]);
    expect(lost).to.deep.equal([]);
  });

  it('asks the game where to put a player, among all zones that there are, the second time too', async () => {
    const zones = [emptyZone().info, emptyZone().info];
    const player = { id: newUuid<PlayerId>(), username: 'friend', document: null };

    const answers = [await pool.place(player, zones), await pool.place(player, zones)];

    expect(answers).to.deep.equal([zones[1]?.id, zones[1]?.id]);
  });

  it('runs another version of the game in threads of its own, and ends those it had', async () => {
    const zone = await loaded();
    const running = () => threads.filter(({ threadId }) => threadId > 0);
    const before = running();

    await pool.switchGame(rogue, GAME);

    expect(lost.map((one) => one.zone)).to.include(zone);
    expect(before.filter((thread) => running().includes(thread))).to.deep.equal([]);
    expect((await pool.step(stepOf(await loaded(), 1, 'count'))).row).not.to.equal(null);
  });

  it('ends the threads of a version that is stopped before it could run', async () => {
    const others = new Set(threads);
    const stopped = made(GAME);
    await stopped.ready();

    await Promise.all([stopped.switchGame(rogue, GAME), stopped.stop()]);

    const left = threads.filter((thread) => !others.has(thread) && thread.threadId > 0);
    expect(left).to.deep.equal([]);
  });

  it('logs what the game throws when it is asked, for its author has nothing else to go by', async () => {
    const { info } = emptyZone();

    const answer = await pool.admit(info, { id: newUuid<PlayerId>(), username: 'thrower', document: null }, 0);

    expect(answer).to.equal(false);
    const said = log.lines.find(({ message }) => message === 'admit of the game threw');
    expect(said?.level).to.equal('warn');
    expect(said?.fields).to.include({ error: 'nobody is let in' });
    expect(said?.fields)
      .to.have.property('stack')
      .that.matches(/pool-games\/rogue/);
  });

  it('runs route handlers beside the zones, and ends one that never comes back', async () => {
    const request = { player: null, params: { zone: 'z' }, query: {}, body: undefined };

    expect(await failureOf(pool.callRoute(0, request))).to.be.instanceOf(Error);
    expect(await pool.callRoute(1, request)).to.deep.equal({ seen: true });
  });

  it('ends a route handler, too, that has waited for something and never comes back after that: players can be let in again', async () => {
    const request = { player: null, params: {}, query: {}, body: undefined };
    const friend = { id: newUuid<PlayerId>(), username: 'friend', document: null };

    expect(await failureOf(pool.callRoute(2, request)))
      .to.be.instanceOf(Error)
      .with.property('message')
      .that.includes('did not come back');
    expect(await pool.admit(emptyZone().info, friend, 0)).to.equal(true);
    expect(lost).to.deep.equal([]);
  });

  it('says why the world refused what a route asked for, as on the main thread', async () => {
    const request = { player: null, params: { zone: 'z' }, query: {}, body: undefined };
    const refused = new IntentRefusedError('"dx" must be a number');
    for (const error of [new StoreUnavailableError('SQLITE_BUSY'), new UnknownZoneError('there is no zone z'), refused]) {
      toldOf = () => Promise.reject(error);

      const failure = await failureOf(pool.callRoute(1, request));

      expect(failure).to.be.instanceOf(error.constructor).and.have.property('message', error.message);
    }
  });
});
