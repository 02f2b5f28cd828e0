import { expect } from 'chai';
import { hashToken, isTokenShaped, newToken } from '../../../src/auth/tokens.js';

describe('tokens', () => {
  it('are 256 bits, and different each time', () => {
    const tokens = Array.from({ length: 100 }, newToken);

    expect(new Set(tokens).size).to.equal(100);
    for (const token of tokens) {
      expect(Buffer.from(token, 'base64url')).to.have.lengthOf(32);
      expect(isTokenShaped(token)).to.equal(true);
    }
  });

  it('are known to the store by their SHA-256', () => {
    expect(hashToken('abc')).to.equal('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('have one shape, and nothing else is looked up', () => {
    const token = newToken();

    for (const other of ['', token.slice(1), `${token}A`, `${token}\n`, `${token.slice(0, 42)}'`, undefined, null, 7, [token]]) {
      expect(isTokenShaped(other)).to.equal(false);
    }
  });
});
