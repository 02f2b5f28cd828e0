import { expect } from 'chai';
import { addressGroup } from '../../../src/auth/addresses.js';

describe('address group', () => {
  const groups: Record<string, string> = {
    '192.0.2.7': '192.0.2.7',
    '::ffff:192.0.2.7': '192.0.2.7',
    '::FFFF:192.0.2.7': '192.0.2.7',
    '2001:db8:1:2:3:4:5:6': '2001:db8:1:2',
    '2001:DB8:1:2::6': '2001:db8:1:2',
    '2001:0db8:0001:0002:ffff::': '2001:db8:1:2',
    '2001:db8::1': '2001:db8:0:0',
    '::1': '0:0:0:0',
    'fe80::1:2:3:4%eth0': 'fe80:0:0:0',
    '64:ff9b::192.0.2.7': '64:ff9b:0:0',
    unknown: 'unknown',
    '': '',
  };
  for (const [address, group] of Object.entries(groups)) {
    it(`of ${address || 'nothing'} is ${group || 'nothing'}`, () => {
      expect(addressGroup(address)).to.equal(group);
    });
  }
});
