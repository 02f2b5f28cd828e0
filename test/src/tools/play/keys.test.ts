/** From key presses to wishes. */
import { expect } from 'chai';
import { Keyboard } from '../../../../src/tools/play/keys.js';

describe('keyboard', () => {
  it('walks by arrows of both kinds and by wasd', () => {
    const up = { type: 'move', dx: 0, dy: -1 };
    const right = { type: 'move', dx: 1, dy: 0 };

    expect(new Keyboard().press('\u001b[A\u001bOCwD')).to.deep.equal([up, right, up, right]);
  });

  it('knows its other keys, and ignores the rest', () => {
    const wishes = new Keyboard().press('g\u001b[5~\u001bxzf1q\u0003');

    expect(wishes.map(({ type }) => type)).to.deep.equal(['pick_up', 'put_down', 'quit', 'quit']);
  });

  it('takes what is typed after t as text, until Enter', () => {
    const keyboard = new Keyboard();

    const typing = keyboard.press('tquick wasx');
    const draft = keyboard.draft;
    const sent = keyboard.press('\u007f\r');

    expect(typing).to.deep.equal([]);
    expect(draft).to.equal('quick wasx');
    expect(sent).to.deep.equal([{ type: 'say', text: 'quick was' }]);
    expect(keyboard.draft).to.equal(null);
  });

  it('says nothing after Escape or without text, and can be left while typing', () => {
    const keyboard = new Keyboard();

    expect(keyboard.press('thello\u001b')).to.deep.equal([]);
    expect(keyboard.draft).to.equal(null);
    expect(keyboard.press('t  \r')).to.deep.equal([]);
    expect(keyboard.press('tab\u0003')).to.deep.equal([{ type: 'quit' }]);
  });

  it('types no control characters and no more than the game takes', () => {
    const keyboard = new Keyboard();

    keyboard.press(`t\u001b[A\t${'é'.repeat(200)}`);

    expect(keyboard.draft).to.equal('é'.repeat(120));
  });
});
