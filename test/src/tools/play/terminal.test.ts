/** The terminal, as it is left behind. */
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { ask, Terminal, type TerminalStreams } from '../../../../src/tools/play/terminal.js';

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';

describe('terminal', () => {
  it('is as it was after the game', () => {
    const { streams, shown, rawModes } = fakeTerminal();
    const exitListeners = process.listenerCount('exit');
    const terminal = new Terminal(streams, true);

    terminal.open(
      () => {},
      () => {},
    );
    terminal.draw(['one', 'two']);
    terminal.close();
    terminal.close();
    terminal.draw(['late']);

    expect(rawModes).to.deep.equal([true, false]);
    expect(shown().startsWith(ENTER)).to.equal(true);
    expect(shown().endsWith(LEAVE)).to.equal(true);
    expect(shown()).to.include('one\u001b[K\r\ntwo').and.not.include('late');
    expect(process.listenerCount('exit')).to.equal(exitListeners);
  });

  it('hands on keys, and has a size where the system does not say', async () => {
    const { streams } = fakeTerminal();
    const terminal = new Terminal(streams, true);
    const keys = new Promise<string>((resolve) => terminal.open(resolve, () => {}));

    streams.input.emit('data', 'w');

    expect(await keys).to.equal('w');
    expect([terminal.columns, terminal.rows, terminal.hasColours]).to.deep.equal([80, 24, false]);
    terminal.close();
  });

  it('asks, and shows no passwords', async () => {
    const { streams, shown, type } = fakeTerminal();

    const name = ask(streams, 'name: ');
    type('ann\r');
    await name;
    const password = ask(streams, 'password: ', { hidden: true });
    type('secret\r');

    expect([await name, await password]).to.deep.equal(['ann', 'secret']);
    expect(shown()).to.include('name: ').and.include('password: ').and.not.include('secret');
  });
});

function fakeTerminal() {
  const rawModes: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean) => {
      rawModes.push(raw);
    },
  });
  const output = new PassThrough({ encoding: 'utf8' });
  let text = '';
  output.on('data', (chunk) => {
    text += chunk;
  });
  // Streams with as much of a terminal as is used here.
  const streams = { input, output } as unknown as TerminalStreams;
  const shown = () => text + (output.read() ?? '');
  return { streams, rawModes, shown, type: (keys: string) => input.write(keys) };
}
