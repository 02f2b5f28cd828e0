import { expect } from 'chai';
import { isHashable, passwordComplaint } from '../../../src/auth/passwords.js';

describe('a new password', () => {
  it('may be 72 bytes and not one more', () => {
    for (const password of ['x'.repeat(72), 'é'.repeat(36), '😀'.repeat(18)])
      expect(passwordComplaint(password, 8)).to.equal(null);
    for (const password of ['x'.repeat(73), `${'é'.repeat(36)}x`, '😀'.repeat(19), 'x'.repeat(1_000_000)]) {
      expect(passwordComplaint(password, 8)).to.include('72 bytes');
    }
  });

  it('needs the least number of characters, an emoji being one', () => {
    expect(passwordComplaint('😀'.repeat(8), 8)).to.equal(null);
    expect(passwordComplaint('😀'.repeat(7), 8)).to.equal('must have at least 8 characters');
    expect(passwordComplaint('', 1)).to.equal('must have at least 1 characters');
  });

  it('may have spaces and anything else that can be typed', () => {
    expect(passwordComplaint(' correct horse\tbattery ', 8)).to.equal(null);
  });

  it('may have neither NUL nor half a character', () => {
    for (const password of ['secret\0word', 'secret\uD800word', '\uDC00secretword']) {
      expect(passwordComplaint(password, 8)).to.include('well-formed');
      expect(isHashable(password)).to.equal(false);
    }
  });

  it('is a text', () => {
    for (const password of [undefined, null, 12345678, ['longenough'], { $gt: '' }]) {
      expect(passwordComplaint(password, 8)).to.equal('must be a text');
    }
  });
});
