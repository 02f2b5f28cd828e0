import { expect } from 'chai';
import { isLoopback } from '../../../src/http/caller.js';

describe('a loopback address', () => {
  it('is 127.0.0.0/8 or ::1, also as IPv4 written in IPv6', () => {
    for (const address of ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1']) {
      expect(isLoopback(address), address).to.equal(true);
    }
  });

  it('is nothing that only begins or ends like one', () => {
    for (const address of [
      undefined,
      '',
      '10.0.0.1',
      '127.0.0.1.evil',
      '1127.0.0.1',
      '::ffff:10.0.0.1',
      'localhost',
      '::2',
      'x127.0.0.1',
    ]) {
      expect(isLoopback(address), String(address)).to.equal(false);
    }
  });
});
