/** How much a socket may do per second. */
import { expect } from 'chai';
import { TokenBucket } from '../../../src/ws/token-bucket.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('token bucket', () => {
  it("holds one second's worth, and refills evenly", () => {
    const clock = new FakeClock();
    const bucket = new TokenBucket(10, clock);

    const atOnce = taken(bucket, 20);
    clock.advance(300);
    const afterAWhile = taken(bucket, 20);
    clock.advance(60_000);
    const afterAMinute = taken(bucket, 20);

    expect([atOnce, afterAWhile, afterAMinute]).to.deep.equal([10, 3, 10]);
  });

  it('loses no part of a millisecond, however often it is asked', () => {
    const clock = new FakeClock();
    const bucket = new TokenBucket(10, clock);
    taken(bucket, 10);

    let given = 0;
    for (let n = 0; n < 1_000; n++) {
      clock.advance(0.5);
      if (bucket.take()) given += 1;
    }

    expect(given).to.equal(5);
  });

  it('gives many at once or none', () => {
    const bucket = new TokenBucket(10, new FakeClock());

    expect([bucket.take(7), bucket.take(4), bucket.take(3), bucket.take()]).to.deep.equal([true, false, true, false]);
  });
});

function taken(bucket: TokenBucket, tries: number): number {
  return Array.from({ length: tries }, () => bucket.take()).filter(Boolean).length;
}
