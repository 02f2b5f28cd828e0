/** Scripts of moves. */
import { expect } from 'chai';
import { parseScript } from '../../../../src/tools/play/script.js';

describe('script', () => {
  it('is words parted by spaces, text with spaces in quotes', () => {
    expect(parseScript(' right up  wait:3 say:hi say:"good morning" drop:apple pick_up wait quit')).to.deep.equal([
      { type: 'intent', word: 'right', data: { type: 'move', dx: 1, dy: 0 } },
      { type: 'intent', word: 'up', data: { type: 'move', dx: 0, dy: -1 } },
      { type: 'wait', ticks: 3 },
      { type: 'intent', word: 'say:hi', data: { type: 'say', text: 'hi' } },
      { type: 'intent', word: 'say:good morning', data: { type: 'say', text: 'good morning' } },
      { type: 'intent', word: 'drop:apple', data: { type: 'drop', item: 'apple' } },
      { type: 'intent', word: 'pick_up', data: { type: 'pick_up' } },
      { type: 'wait', ticks: 1 },
      { type: 'quit' },
    ]);
  });

  it('names the word that it does not know', () => {
    for (const word of ['jump', 'right:2', 'say', 'say:', 'drop', 'wait:0', 'wait:x', 'quit:1', 'Right']) {
      expect(() => parseScript(`up ${word}`), word).to.throw(`"${word}" is none of`);
    }
  });
});
