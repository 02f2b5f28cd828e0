import { expect } from 'chai';
import fc from 'fast-check';
import { isLocalhostOrigin, originAllowed } from '../../../src/http/origins.js';

describe('the origin decision', () => {
  it('lets requests without an Origin pass, with a list or without', () => {
    expect(originAllowed(undefined, 'game.example', null)).to.equal(true);
    expect(originAllowed(undefined, 'game.example', ['https://a.example'])).to.equal(true);
    expect(originAllowed(undefined, undefined, [])).to.equal(true);
  });

  it('never takes the opaque origin null', () => {
    expect(originAllowed('null', 'localhost:8000', null)).to.equal(false);
    expect(originAllowed('null', 'localhost:8000', ['null', 'https://a.example'])).to.equal(false);
  });

  it('takes the server’s own origin, whatever scheme a proxy in front speaks', () => {
    for (const [origin, host] of [
      ['https://game.example', 'game.example'],
      ['https://game.example', 'game.example:443'],
      ['http://game.example:8000', 'Game.Example:8000'],
      ['http://192.168.1.5:8000', '192.168.1.5:8000'],
    ] as const) {
      expect(originAllowed(origin, host, null), `${origin} at ${host}`).to.equal(true);
    }
  });

  it('takes pages of this machine on any port', () => {
    for (const origin of [
      'http://localhost:3000',
      'https://localhost',
      'http://127.0.0.1:5173',
      'http://127.8.9.10',
      'http://[::1]:99',
      'http://app.localhost',
    ]) {
      expect(originAllowed(origin, 'game.example', null), origin).to.equal(true);
    }
  });

  it('refuses others, and those that only look like this machine', () => {
    for (const origin of [
      'https://evil.example',
      'http://game.example:8001',
      'http://localhost.evil.example',
      'http://127.0.0.1.evil.example',
      'http://evil.example#localhost',
      'http://localhost@evil.example',
      'http://localhost/page',
      'http://localhost, http://evil.example',
      'file://localhost',
      'ftp://localhost',
      '',
      '%',
    ]) {
      expect(originAllowed(origin, 'game.example:8000', null), origin).to.equal(false);
    }
  });

  it('takes exactly the list where there is one, not itself and not localhost', () => {
    const allowed = ['https://Play.example/', 'https://b.example:444', 'capacitor://localhost'];

    expect(originAllowed('https://play.example', 'x', allowed)).to.equal(true);
    expect(originAllowed('https://b.example:444', 'x', allowed)).to.equal(true);
    expect(originAllowed('capacitor://localhost', 'x', allowed)).to.equal(true);
    expect(originAllowed('https://b.example', 'x', allowed)).to.equal(false);
    expect(originAllowed('http://localhost:3000', 'x', allowed)).to.equal(false);
    expect(originAllowed('https://own.example', 'own.example', allowed)).to.equal(false);
  });

  it('answers, and never throws, for any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (origin, host) => {
        expect(originAllowed(origin, host, null)).to.be.a('boolean');
        expect(isLocalhostOrigin(origin)).to.be.a('boolean');
      }),
    );
  });
});
