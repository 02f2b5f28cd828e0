import { expect } from 'chai';
import { readReplayOptions, report } from '../../../src/tools/replay.js';

describe('the replay tool', () => {
  it('reads which ticks of which zone, and what to do with them', () => {
    expect(readReplayOptions(['--zone', 'fen', '--from', '3', '--to', '9'])).to.deep.equal({
      ...{ zone: 'fen', from: 3, to: 9, all: false, exportTo: null },
    });
    expect(readReplayOptions(['--zone', 'fen', '--from', '3', '--to', '3', '--all', '--export', 'test'])).to.deep.equal({
      ...{ zone: 'fen', from: 3, to: 3, all: true, exportTo: 'test' },
    });
    expect(readReplayOptions(['--help'])).to.equal(null);
  });

  it('refuses a command line that says too little, or nothing that can be', () => {
    for (const [args, message] of [
      [['--zone', 'fen', '--from', '3'], 'all needed'],
      [['--zone', 'fen', '--from', '9', '--to', '3'], '--to is 3, before --from 9'],
      [['--zone', 'fen', '--from', 'x', '--to', '3'], '--from takes a whole number'],
      [['--zone', 'fen', '--ticks', '3'], "Unknown option '--ticks'"],
    ] as const) {
      expect(() => readReplayOptions(args), args.join(' ')).to.throw(message);
    }
  });

  it('names the first tick and field that differ, or all of them', () => {
    const ticks = [
      { tick: 4, difference: null },
      { tick: 5, difference: { field: 'entities.e.x', committed: 1, replayed: 2 } },
      { tick: 6, difference: { field: 'wake', committed: undefined, replayed: { at: 9 } } },
    ];
    const lines: string[] = [];

    const counts = [false, true].map((all) => report(ticks, all, (line) => lines.push(line)));

    expect(counts).to.deep.equal([1, 2]);
    expect(lines).to.deep.equal([
      'tick 5 differs at entities.e.x: it was 1, and is 2 now',
      '2 ticks played again, 1 differs',
      'tick 5 differs at entities.e.x: it was 1, and is 2 now',
      'tick 6 differs at wake: it was not there, and is {"at":9} now',
      '3 ticks played again, 2 differ',
    ]);
    expect(report(ticks.slice(0, 1), false, (line) => lines.push(line))).to.equal(0);
    expect(lines.at(-1)).to.equal('1 ticks played again: all as they were');
  });
});
