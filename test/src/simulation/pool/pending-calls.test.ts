/** Calls that wait for their answers. */
import { expect } from 'chai';
import { PendingCalls } from '../../../../src/simulation/pool/pending-calls.js';

describe('pending calls', () => {
  it('are taken once each, by their numbers, in any order', () => {
    const calls = new PendingCalls<string>();
    const [a, b, c] = ['a', 'b', 'c'].map((call) => calls.add(call));

    expect([b, a, b, c].map((number) => calls.take(number ?? -1))).to.deep.equal(['b', 'a', undefined, 'c']);
    expect(calls.size).to.equal(0);
    expect(calls.take(99)).to.equal(undefined);
  });

  it('use numbers again, so that there are never more than were pending at once', () => {
    const calls = new PendingCalls<number>();

    const numbers = Array.from({ length: 100 }, (_, call) => {
      const number = calls.add(call);
      expect(calls.take(number)).to.equal(call);
      return number;
    });

    expect(new Set(numbers).size).to.equal(1);
  });

  it('are taken all together when nobody will answer', () => {
    const calls = new PendingCalls<string>();
    const [first] = ['a', 'b', 'c'].map((call) => calls.add(call));
    calls.take(first ?? -1);

    expect(calls.takeAll()).to.deep.equal(['b', 'c']);
    expect(calls.size).to.equal(0);
    expect(calls.takeAll()).to.deep.equal([]);
  });
});
