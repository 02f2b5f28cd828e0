/**
 * What an operating system can do to a running server: another program holds the database, the disk fills up, the
 * process stands still, the wall clock jumps, another server takes the world over, the file is taken away. One server
 * goes through all of it; a player is there all along, and after each fault finds everything as it was.
 */
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { DiskTrace } from '../../support/disk-trace.js';
import { emptyLog, holdWriteLock } from '../../support/foreign-lock.js';
import { type Account, call, register } from '../../support/player.js';
import { TestServer } from '../../support/server.js';
import { skip } from '../../support/skip.js';
import { SmallDisk } from '../../support/small-disk.js';
import { until } from '../../support/until.js';
import { BANK, BankPlayer } from './bank-player.js';

const JUMPING_CLOCK = pathToFileURL(join(import.meta.dirname, '../../support/jumping-clock.mjs')).href;
const INTERVAL_MS = 50;
const DAY_MS = 86_400_000;

describe('a running server', function () {
  this.timeout(15_000);
  const disk = new SmallDisk();
  const file = join(disk.folder, 'world.db');
  let server: TestServer;
  let account: Account;
  let anna: BankPlayer;
  let lastSeq = 0;

  before(async () => {
    const env = {
      GAME: BANK,
      TICK_INTERVAL_MS: String(INTERVAL_MS),
      DATABASE_URL: `sqlite:${file}`,
      NODE_OPTIONS: `--import=${JUMPING_CLOCK}`,
      LOG_LEVEL: 'silent',
    };
    server = await TestServer.start({ env });
    account = await register(server.url, 'anna');
    anna = await BankPlayer.join(server.socketUrl, account);
  });

  after(async () => {
    await server.dispose();
    disk.remove();
  });

  it('whose database another program has locked stalls, says so, answers, and goes on where it was', async () => {
    const unlock = await holdWriteLock(file);
    const [first, second] = [await ask(), await ask()];

    await until(async () => (await health()).status === 503);
    const third = await ask();
    const answers = await Promise.all(
      ['/api/auth/me', '/api/zones', '/status'].map((path) => call(server.url, 'GET', path, account)),
    );
    expect((await health()).body).to.deep.include({ status: 'unavailable', down: ['store'] });
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
    expect(
      [first, second, third].some((op) => anna.hasSeen(op)),
      'nothing is shown that is not committed',
    ).to.equal(false);

    await unlock();
    await expectBooked();
    expect((await health()).status).to.equal(200);
  });

  it('whose disk is full stalls, shows nothing that is not saved, and goes on when there is room again', async function () {
    if (!disk.isSmall) skip(this, 'a small disk takes Linux, and the right to mount one');
    // A log that was folded has room of its own, and a write could go into that.
    await emptyLog(file);
    disk.fill();
    const op = await ask();
    await until(async () => (await health()).status === 503);
    expect((await health()).body.down).to.deep.equal(['store']);
    expect(anna.hasSeen(op)).to.equal(false);

    disk.free();
    await expectBooked();
    expect((await health()).status).to.equal(200);
  });

  it('that stood still skips the ticks it missed, counts them, and does not catch up in a storm', async () => {
    const skippedBefore = (await status()).skipped_ticks;
    server.poke('SIGSTOP');
    const ticksBefore = anna.wire.all('tick').length;
    await sleep(1_000);
    server.poke('SIGCONT');
    const continuedMs = performance.now();
    await anna.wire.next('tick', () => anna.wire.all('tick').length > ticksBefore);
    await sleep(4 * INTERVAL_MS);

    const caughtUp = anna.wire.all('tick').length - ticksBefore;
    const dueMs = performance.now() - continuedMs;
    expect(caughtUp, 'ticks in the first moments').to.be.within(1, dueMs / INTERVAL_MS + 4);
    expect((await status()).skipped_ticks - skippedBefore).to.be.at.least(12);
    await expectBooked(await ask());
  });

  it('ticks on steadily while the wall clock jumps by a day, forward and back', async () => {
    for (const aheadMs of [DAY_MS, 0]) {
      const { skipped_ticks: skipped } = await status();
      const from = anna.wire.all('tick').length;
      const startedMs = performance.now();
      server.poke('SIGUSR2');
      await until(() => anna.wire.all('tick').length >= from + 6);
      const tookMs = performance.now() - startedMs;
      anna.wire.send({ type: 'ping' });
      const { server_time: time } = await anna.wire.next('pong');

      expect(Date.parse(time) - Date.now(), 'the clock has jumped').to.be.closeTo(aheadMs, DAY_MS / 2);
      // A day would be more than a million ticks; a busy machine may make a few late.
      expect(tookMs).to.be.at.least(4 * INTERVAL_MS);
      expect((await status()).skipped_ticks - skipped).to.be.at.most(200);
      await expectBooked(await ask());
    }
  });

  it('syncs the journal to disk before it tells anybody', async function () {
    const trace = await DiskTrace.attach(server.pid, join(disk.folder, 'trace'));
    if (!trace) skip(this, 'strace is not installed, or may not trace');
    const seq = await ask();
    const events = await trace.logUntil(`"ack":${seq}`);
    await trace.detach();

    expect(events).to.include('write');
    expect(events.at(-1)).to.equal('sync');
    await expectBooked(seq);
  });

  it('that another server has replaced while it stood still is fenced at its first write, and ends with status 75', async () => {
    server.poke('SIGSTOP');
    rmSync(`${file}.lock`);
    const successor = await TestServer.start({ env: { GAME: BANK, DATABASE_URL: `sqlite:${file}`, LOG_LEVEL: 'silent' } });
    try {
      const booked = anna.lastView.book;
      anna.wire.send({ type: 'intent', data: { type: 'book', op: lastSeq + 1 }, seq: lastSeq + 1 });
      server.poke('SIGCONT');
      const { status, stderr } = await server.ended;

      expect([status, anna.hasSeen(lastSeq + 1)]).to.deep.equal([75, false]);
      expect(stderr).to.match(/^gridstead: another server has taken over the database\n$/);

      anna = await BankPlayer.join(successor.socketUrl, account, anna.joinAck.resume_token);
      expect([anna.joinAck.last_seq, anna.lastView.book]).to.deep.equal([lastSeq, booked]);
      await expectBooked(await ask());

      renameSync(file, `${file}.away`);
      const end = await successor.ended;
      expect(end.status).to.equal(75);
      expect(end.stderr).to.match(/^gridstead: the database file \S+ was deleted or replaced while it was in use\n$/);
    } finally {
      await successor.dispose();
    }
  });

  /** Asks for one more operation; answers its number, which is its `seq` too. */
  async function ask(): Promise<number> {
    lastSeq += 1;
    await anna.ask(lastSeq, { type: 'book', op: lastSeq });
    return lastSeq;
  }

  /** All that was asked for, up to this one, is applied once. */
  async function expectBooked(op = lastSeq): Promise<void> {
    const { state } = await anna.consumed(op);
    expect([state.book.ops, state.book.twice]).to.deep.equal([[[1, op]], []]);
  }

  const health = () => call(server.url, 'GET', '/healthz');
  const status = async () => (await call(server.url, 'GET', '/status')).body.tick_loop;
});

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
