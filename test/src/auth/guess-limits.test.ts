import { expect } from 'chai';
import { AddressLimit, FailureLimit, guessOf } from '../../../src/auth/guess-limits.js';
import { RecordingTelemetry } from '../../support/recording-telemetry.js';

describe('limits on guessing', () => {
  const realNow = Date.now;
  // The library reads the time itself.
  const turnTo = (ms: number): void => {
    Date.now = () => ms;
  };

  beforeEach(() => turnTo(1_000_000));
  afterEach(() => {
    Date.now = realNow;
  });

  it('refuse an address its surplus calls, say for how long, and count them', async () => {
    const telemetry = new RecordingTelemetry();
    const limit = new AddressLimit(2, telemetry);
    await limit.consume('192.0.2.7');
    turnTo(1_020_000);
    await limit.consume('::ffff:192.0.2.7');

    expect(await limit.consume('192.0.2.7')).to.deep.equal({ allowed: false, retryAfterS: 40 });
    expect(await limit.consume('192.0.2.8')).to.deep.equal({ allowed: true });
    expect(telemetry.counts.get('auth_rate_limited_total')).to.equal(1);
  });

  it('let an address in again a minute after its first call', async () => {
    const limit = new AddressLimit(1, new RecordingTelemetry());
    await limit.consume('192.0.2.7');

    turnTo(1_059_999);
    expect((await limit.consume('192.0.2.7')).allowed).to.equal(false);
    turnTo(1_060_000);
    expect((await limit.consume('192.0.2.7')).allowed).to.equal(true);
  });

  it('are off at 0', async () => {
    const limit = new AddressLimit(0, new RecordingTelemetry());

    for (let call = 0; call < 1_000; call += 1) expect((await limit.consume('192.0.2.7')).allowed).to.equal(true);
  });

  it('count failures for one name from one address, for a minute', async () => {
    const limit = new FailureLimit(2);
    const guess = guessOf('ann', '192.0.2.7');
    await limit.failed(guess);
    expect(await limit.check(guess)).to.deep.equal({ allowed: true });
    await limit.failed(guess);

    expect(await limit.check(guess)).to.deep.equal({ allowed: false, retryAfterS: 60 });
    expect(await limit.check(guessOf('bob', '192.0.2.7'))).to.deep.equal({ allowed: true });
    expect(await limit.check(guessOf('ann', '192.0.2.8'))).to.deep.equal({ allowed: true });
    turnTo(1_060_000);
    expect(await limit.check(guess)).to.deep.equal({ allowed: true });
  });
});
