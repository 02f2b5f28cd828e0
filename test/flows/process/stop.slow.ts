/**
 * Stops of the real process: what clients are told, what is saved, and that signals repeated or sent early change nothing.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { holdWriteLock } from '../../support/foreign-lock.js';
import { call, register } from '../../support/player.js';
import { TestServer } from '../../support/server.js';
import { until } from '../../support/until.js';
import { BANK, BankPlayer } from './bank-player.js';

describe('a stop', function () {
  this.timeout(20_000);

  it('lets a running tick finish, reports what waits, closes with 1001, saves everything, and heeds one signal only', async () => {
    const server = await TestServer.start({ env: { GAME: BANK, TICK_INTERVAL_MS: '20', DEBUG_USER: '', LOG_LEVEL: 'silent' } });
    try {
      const account = await register(server.url, 'anna');
      const anna = await BankPlayer.join(server.socketUrl, account);
      const unlock = await holdWriteLock(server.databaseFile);
      await anna.ask(1, { type: 'book', op: 1 });
      await until(async () => (await call(server.url, 'GET', '/healthz')).status === 503);
      await anna.ask(2, { type: 'book', op: 2 });

      for (const signal of ['SIGTERM', 'SIGTERM', 'SIGINT'] as const) server.poke(signal);
      await until(() => refused(server.url));
      await unlock();
      const consumed = await anna.consumed(1);
      const lost = await anna.wire.next('error');
      const [{ code }, { status, stderr }] = await Promise.all([anna.wire.closed, server.ended]);

      expect(consumed.state.book.ops).to.deep.equal([[1, 1]]);
      expect([lost.code, lost.seq]).to.deep.equal(['intent_dropped', 2]);
      expect([code, status, stderr]).to.deep.equal([1001, 0, '']);

      await server.start();
      const again = await BankPlayer.join(server.socketUrl, account, anna.joinAck.resume_token);
      expect([again.joinAck.last_seq, again.joinAck.dropped]).to.deep.equal([1, []]);
      // The chain grows with each tick that has something to do: with that which she left by and that which she came back by,
      // where they were two, and where they have come already.
      const { chain: before, ...known } = anna.lastView ?? expect.fail('she saw nothing');
      expect(again.lastView).to.deep.include(known);
      expect(again.lastView?.chain.height).to.be.within(before.height, before.height + 2);
    } finally {
      await server.dispose();
    }
  });

  it('during the start ends it as soon as it can, with status 0 and without a word', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gridstead-stop-'));
    const game = join(folder, 'late.mjs');
    writeFileSync(game, LATE_GAME);
    const server = TestServer.launch({ env: { GAME: game, DEBUG_USER: '' } });
    try {
      await server.says(/making the world/);

      const { status, stdout } = await server.signal('SIGINT');

      expect([status, stdout]).to.deep.equal([0, '']);
    } finally {
      await server.dispose();
      rmSync(folder, { recursive: true });
    }
  });
});

const LATE_GAME = `export default {
  name: 'late',
  onTick: () => ({}),
  async init() {
    process.stderr.write('making the world\\n');
    await new Promise((resolve) => setTimeout(resolve, 200));
  },
};`;

/** Does nobody listen there any more? */
function refused(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => resolve(false));
    socket.on('error', () => resolve(true)).on('connect', () => socket.destroy());
  });
}
