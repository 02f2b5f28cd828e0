/** `npm run play`, from its command line to the server and back. */
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import type { TerminalStreams } from '../../../src/tools/play/terminal.js';
import { play, readPlayOptions } from '../../../src/tools/play.js';
import { FakeServer, send, until } from '../../support/fake-server.js';

describe('play', () => {
  let server: FakeServer;
  let stopTicking: () => void;
  beforeEach(async () => {
    server = await FakeServer.start();
    stopTicking = server.ticking(5);
  });
  afterEach(async () => {
    stopTicking();
    await server.stop();
  });

  describe('a script', () => {
    it('registers, plays step by step, and tells what happened', async () => {
      const lines = await playScript('right right down say:hi wait quit');

      expect(lines.map((line) => line.replace(/\d+$/, 'N'))).to.deep.equal([
        'connecting',
        'connected',
        'here: at (10, 10) in meadow, tick N',
        'right: at (11, 10) in meadow, tick N',
        'right: at (12, 10) in meadow, tick N',
        'down: at (12, 11) in meadow, tick N',
        'ann: hi',
        'say:hi: at (12, 11) in meadow, tick N',
        'wait: at (12, 11) in meadow, tick N',
      ]);
      expect(server.logouts).to.equal(1);
    });

    it('goes on after the server was killed', async () => {
      const killed = until(() => server.players.has('ann') && server.player('ann').x === 12).then(() => server.crash());

      const lines = await playScript('right right wait:60 right');
      await killed;

      expect(lines.join('\n'))
        .to.include('connection lost')
        .and.match(/right: at \(13, 10\)/);
      expect(server.hellos[1]?.resume).to.equal('resume-1');
    });

    it('learns the name of a zone that it was handed over to', async () => {
      const gone = until(() => server.players.has('ann') && server.player('ann').x === 11).then(() => server.handover('ann'));

      const lines = await playScript('right wait:40 right');
      await gone;

      expect(lines.at(-1)).to.match(/^right: at \(2, 1\) in orchard/);
      expect(lines).to.include('you went through a gate');
    });

    it('fails with a reason when the connection is taken over', async () => {
      void until(() => server.players.has('ann')).then(() => server.player('ann').ws?.close(4409, 'taken over'));

      const failure = await playScript('wait:1000').catch((error) => error);

      expect(failure.message).to.equal('connection ended: taken over');
    });

    it('tells of a step that was dropped', async () => {
      stopTicking();
      const result = playScript('right');
      await until(() => server.players.has('ann'));
      server.tick();
      await until(() => server.player('ann').queue.length === 1);
      server.player('ann').queue = [];
      send(server.player('ann'), { type: 'error', code: 'intent_dropped', message: 'x', seq: 1 });

      expect((await result).at(-1)).to.match(/^right \(dropped\): at \(10, 10\)/);
    });
  });

  describe('a keyboard', () => {
    it('walks and quits', async () => {
      const { streams, type } = keyboard();
      const playing = play(options(server, '--no-colour'), streams, () => {});

      await until(() => server.players.has('ann') && server.player('ann').ws !== null);
      await until(() => {
        type('d');
        return server.player('ann').x > 10;
      });
      type('q');

      expect(await playing).to.equal(0);
    });

    it('is asked for name and password', async () => {
      const { streams, type, shown } = keyboard();
      const asked = readPlayOptions([`--url=${server.url}`]);
      const playing = asked && play(asked, streams, () => {});

      await until(() => shown().includes('name: '));
      type('bea\r');
      await until(() => shown().includes('password: '));
      type('secret word\r');
      await until(() => server.players.has('bea'));
      await until(() => shown().includes('meadow'));
      type('q');

      expect(await playing).to.equal(0);
      expect(server.passwords.get('bea')).to.equal('secret word');
      expect(shown()).to.not.include('secret word');
    });

    it('that is none is told what to do instead', async () => {
      const { streams } = keyboard(false);

      const failure = await play(options(server), streams, () => {}).catch((error) => error);

      expect(failure.message).to.include('--script');
      expect(server.players.size).to.equal(0);
    });
  });

  it('says when the name is somebody else’s', async () => {
    server.passwords.set('ann', 'hers');

    const failure = await playScript('quit').catch((error) => error);

    expect(failure.message).to.equal('the name ann is taken, and that is not its password');
  });

  it('refuses options that it does not know, and explains its own', () => {
    for (const wrong of ['--speed=9', '--url=nowhere', '--script=jump']) expect(() => readPlayOptions([wrong]), wrong).to.throw();
    expect(readPlayOptions(['--help'])).to.equal(null);
  });

  async function playScript(script: string): Promise<string[]> {
    const lines: string[] = [];
    await play(options(server, `--script=${script}`), keyboard(false).streams, (line) => lines.push(line));
    return lines;
  }
});

function options(server: FakeServer, ...args: string[]) {
  const read = readPlayOptions([`--url=${server.url}`, '--name=ann', '--password=long enough', ...args]);
  if (!read) throw new Error('help was asked for');
  return read;
}

function keyboard(isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => {} });
  const output = new PassThrough({ encoding: 'utf8' });
  let text = '';
  output.on('data', (chunk) => {
    text += chunk;
  });
  // Streams with as much of a terminal as is used here.
  const streams = { input, output } as unknown as TerminalStreams;
  return { streams, type: (keys: string) => input.write(keys), shown: () => text };
}
