/**
 * PERSIST_EVERY_TICKS above 1, over the real process: what is shown at once, what a kill may take back, and what it may not.
 */
import { expect } from 'chai';
import { BANK, BankPlayer } from '../flows/process/bank-player.js';
import { type Account, call, type Message, register } from '../support/player.js';
import { TestServer } from '../support/server.js';

const EVERY = 5;

describe('with PERSIST_EVERY_TICKS=5', function () {
  this.timeout(20_000);
  let server: TestServer;
  let account: Account;
  let anna: BankPlayer;

  before(async () => {
    server = await TestServer.start({ env: { GAME: BANK, TICK_INTERVAL_MS: '40', PERSIST_EVERY_TICKS: String(EVERY) } });
    account = await register(server.url, 'anna');
    anna = await BankPlayer.join(server.socketUrl, account);
  });

  after(() => server.dispose());

  it('a kill takes back five ticks at most, and nothing from before a player was saved or walked', async () => {
    const [from, to] = [anna.lastView.zone_id, await otherZone()];
    await stir(3);
    const left = stirsOf(anna.wire.all('tick').at(-1));
    await anna.ask(1, { type: 'walk', op: 1, to });
    await anna.wire.next('handover');
    await anna.wire.next('tick');
    await stir(2);
    await anna.ask(2, { type: 'book', op: 2 });
    const saved = stirsOf(await anna.consumed(2));
    await stir(7);
    const shown = anna.wire.all('tick').slice(-EVERY - 1);
    const [last, safe] = [stirsOf(shown.at(-1)), Math.max(saved, stirsOf(shown[0]))];

    await server.signal('SIGKILL');
    const stirs = await comeBack();

    expect(anna.lastView.zone_id).to.equal(to);
    expect(stirs).to.be.within(safe, last);
    await anna.ask(3, { type: 'walk', op: 3, to: from });
    const back = await anna.wire.next('tick', ({ zone_id }) => zone_id === from);
    expect(stirsOf(back)).to.equal(left);
    expect(anna.lastView.book.ops).to.deep.equal([[1, 3]]);
  });

  it('a clean stop takes back nothing', async () => {
    await stir(6);
    const stopped = server.signal('SIGTERM');
    await anna.wire.closed;
    const { stirs } = anna.lastView.chain;
    expect((await stopped).status).to.equal(0);

    expect(await comeBack()).to.equal(stirs);
  });

  /** Changes the zone and nobody's document in so many ticks, one after the other; each is shown by the next tick. */
  async function stir(ticks: number): Promise<void> {
    for (let i = 0; i < ticks; i++) {
      const { stirs } = anna.lastView.chain;
      anna.wire.send({ type: 'intent', data: { type: 'stir' } });
      await anna.wire.next('tick', (tick) => stirsOf(tick) > stirs);
    }
  }

  async function comeBack(): Promise<number> {
    await server.start();
    anna = await BankPlayer.join(server.socketUrl, account, anna.joinAck.resume_token);
    return anna.lastView.chain.stirs;
  }

  async function otherZone(): Promise<string> {
    const { body } = await call(server.url, 'GET', '/api/zones', account);
    return body.zones.find(({ id }: { id: string }) => id !== anna.lastView.zone_id).id;
  }
});

function stirsOf(tick: Message | undefined): number {
  return tick?.state.chain.stirs;
}
