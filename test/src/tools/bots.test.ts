/** Many players at once, against a server that answers. */
import { createServer } from 'node:net';
import { expect } from 'chai';
import { Bot, seededRandom } from '../../../src/tools/bot.js';
import { readBotsOptions, runBots } from '../../../src/tools/bots.js';
import { RandomWalk } from '../../../src/tools/minds/random-walk.js';
import { Tally } from '../../../src/tools/tally.js';
import { FakeServer, MEADOW, send, until } from '../../support/fake-server.js';

describe('bots', () => {
  let server: FakeServer;
  beforeEach(async () => {
    server = await FakeServer.start();
  });
  afterEach(() => server.stop());

  it('register, walk about, and sum up what they saw', async () => {
    server.busy = 3;
    const stop = server.ticking(20);
    const lines: string[] = [];

    const status = await runBots(options(`--url=${server.url}`, '--players=12', '--seconds=1'), (line) => lines.push(line));
    stop();

    expect(status, lines.join('\n')).to.equal(0);
    expect(server.passwords.size).to.equal(12);
    expect(server.logouts).to.equal(12);
    expect([...server.players.values()].every(({ applied }) => applied.length > 10)).to.equal(true);
    expect(lines.join('\n'))
      .to.match(/joins +12\n/)
      .and.match(/ticks missed +0\n/)
      .and.match(/errors +none/);
  });

  it('fail when ticks are missing', async () => {
    const stop = server.ticking(20);
    const skip = setTimeout(() => server.tick(5), 500);
    const lines: string[] = [];

    const status = await runBots(options(`--url=${server.url}`, '--players=2', '--seconds=1'), (line) => lines.push(line));
    stop();
    clearTimeout(skip);

    expect(status).to.equal(1);
    expect(lines.join('\n')).to.match(/ticks missed +8\n/);
  });

  it('say so when every intent is refused, and with which error', async () => {
    server.refuses = 'data.type is no intent';
    const stop = server.ticking(20);

    const { status, lines } = await run(`--url=${server.url}`, '--players=2', '--seconds=1');
    stop();

    expect(status).to.equal(1);
    expect(lines.at(-1)).to.equal(
      'every intent was refused (the first one: bad_request, "data.type is no intent"): does the server run another game than movement? (--game)',
    );
  });

  it('say so when what they see is not of their game, and they try nothing', async () => {
    const stop = server.ticking(20);

    const { status, lines } = await run(`--url=${server.url}`, '--players=2', '--seconds=1', '--game=frontier');
    stop();

    expect(status).to.equal(1);
    expect(lines.at(-1)).to.equal('no tick showed a bot where it is: does the server run another game than frontier? (--game)');
  });

  it('say so when no server is there', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await until(() => free.listening);
    const { port } = free.address() as { port: number };
    await new Promise((resolve) => free.close(resolve));

    const failure = await runBots(options(`--url=http://127.0.0.1:${port}`), () => {}).catch((error) => error);

    expect(failure.message).to.equal(`no server answers at http://127.0.0.1:${port}/`);
  });

  it('play on this machine only, unless told otherwise', () => {
    for (const url of ['http://10.0.0.1:8000', 'http://example.org', 'http://127.0.0.1.example.org']) {
      expect(() => options(`--url=${url}`), url).to.throw('is not this machine');
    }
    for (const url of ['http://localhost:1', 'http://127.8.8.8', 'http://[::1]:8000']) options(`--url=${url}`);
    expect(options('--url=http://example.org', '--allow-remote').url.host).to.equal('example.org');
  });

  it('refuse options that make no sense, and explain theirs', () => {
    for (const wrong of [
      '--players=0',
      '--players=x',
      '--seconds=1e3',
      '--moves-per-tick=-1',
      '--url=ftp://localhost',
      '--speed=9',
      '--game=chess',
    ]) {
      expect(() => options(wrong), wrong).to.throw();
    }
    expect(readBotsOptions(['--help'])).to.equal(null);
  });
});

describe('a bot', () => {
  let server: FakeServer;
  let tally: Tally;
  let bot: Bot;
  beforeEach(async () => {
    server = await FakeServer.start();
    tally = new Tally();
    bot = new Bot({
      url: server.url,
      token: 'token-bot',
      home: async () => MEADOW.id,
      tally,
      mind: new RandomWalk(2, seededRandom(1)),
    });
    bot.start();
    await until(() => tally.joins === 1);
  });
  afterEach(async () => {
    await bot.stop();
    await server.stop();
  });

  it('tries its steps once a tick', async () => {
    server.tick();
    await until(() => server.player('bot').queue.length === 2);
    server.tick();
    await until(() => server.player('bot').queue.length === 2);

    expect(tally.intents).to.equal(4);
    expect(tally.latencies.count).to.equal(2);
  });

  it('does not take a handover for a gap', async () => {
    server.tick();
    server.handover('bot');
    server.tick(10);
    server.tick();
    await until(() => tally.ticks === 3);

    expect(tally.missed).to.equal(0);
  });

  it('counts errors, lost connections and tick numbers that go back', async () => {
    send(server.player('bot'), { type: 'error', code: 'rate_limited', message: 'x' });
    server.tick();
    server.tick(-3);
    await until(() => tally.ticks === 2);
    server.crash();
    await until(() => tally.joins === 2);

    expect(tally.errors).to.equal(3);
    expect(tally.summary(1, 1)).to.include('rate_limited 1, tick_went_back 1, closed_1006 1');
  });
});

describe('seeded random', () => {
  it('gives the same even numbers for the same seed', () => {
    const numbers = Array.from({ length: 1000 }, seededRandom(7));

    expect(Array.from({ length: 1000 }, seededRandom(7))).to.deep.equal(numbers);
    expect(numbers.every((number) => number >= 0 && number < 1)).to.equal(true);
    expect(numbers.reduce((sum, number) => sum + number) / 1000).to.be.closeTo(0.5, 0.05);
    expect(Array.from({ length: 3 }, seededRandom(8))).to.not.deep.equal(numbers.slice(0, 3));
  });
});

async function run(...args: string[]): Promise<{ status: number; lines: string[] }> {
  const lines: string[] = [];
  return { status: await runBots(options(...args), (line) => lines.push(line)), lines };
}

function options(...args: string[]) {
  const read = readBotsOptions(args);
  if (!read) throw new Error('help was asked for');
  return read;
}
