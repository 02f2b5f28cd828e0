import { expect } from 'chai';
import { readOptions, UsageError } from '../src/options.js';

describe('options', () => {
  it('measure everything by default', () => {
    const options = readOptions([]);

    expect(options).to.include({ players: 1000, pairs: 3, windowMs: 8000, hold: false, write: false });
    expect(options?.contestants.map(({ id }) => id)).to.deep.equal([
      'limit',
      'gridstead',
      'gridstead-bin',
      'colyseus',
      'socket.io',
    ]);
    expect(options?.forms).to.deep.equal(['plain', 'fog']);
  });

  it('make a quick run small, and let it be made different', () => {
    expect(readOptions(['--quick'])).to.include({ players: 200, pairs: 1, windowMs: 3000 });
    expect(readOptions(['--quick', '--players', '100'])).to.include({ players: 100, pairs: 1 });
  });

  it('choose servers, forms and settings', () => {
    const options = readOptions(['--only', 'gridstead,limit', '--form', 'fog', '--set', 'ZONE_WORKERS=0', '--set', 'A=b=c']);

    expect(options?.contestants.map(({ id }) => id)).to.deep.equal(['limit', 'gridstead']);
    expect(options?.forms).to.deep.equal(['fog']);
    expect(options?.settings).to.deep.equal({ ZONE_WORKERS: '0', A: 'b=c' });
  });

  it('answer null when help is asked for', () => {
    expect(readOptions(['--help'])).to.equal(null);
  });

  const wrong = {
    'a number of players that leaves a zone half full': ['--players', '120'],
    'no pairs': ['--pairs', '0'],
    'a window without end': ['--window', '3600'],
    'a server that is not known': ['--only', 'limit,quake'],
    'a form that is not known': ['--form', 'rain'],
    'a setting without a value': ['--set', 'ZONE_WORKERS'],
    'figures of a quick run in the documentation': ['--quick', '--write'],
  };
  for (const [what, args] of Object.entries(wrong)) {
    it(`refuse ${what}`, () => {
      expect(() => readOptions(args)).to.throw(UsageError);
    });
  }
});
