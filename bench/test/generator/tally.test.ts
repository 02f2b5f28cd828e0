import { expect } from 'chai';
import { Tally } from '../../src/generator/tally.js';

const PERIOD_MS = 100;

describe('tally', () => {
  it('counts everything as delivered that came at the right pace, wherever the window begins', () => {
    const tally = new Tally(2, PERIOD_MS, 0);

    for (let tick = 0; tick < 10; tick++) {
      tally.state(0, 500, 1 + tick * PERIOD_MS);
      tally.state(1, 500, 99 + tick * PERIOD_MS);
    }
    const { share, states, stateBytes, intervalP50Ms, intervalP99Ms } = tally.close(1000);

    expect({ share, states, stateBytes }).to.deep.equal({ share: 1, states: 20, stateBytes: 10_000 });
    expect([intervalP50Ms, intervalP99Ms]).to.deep.equal([100, 100]);
  });

  it('sees a skipped tick as missing, and as an interval of two periods', () => {
    const tally = new Tally(1, PERIOD_MS, 0);

    for (const tick of [0, 1, 2, 4, 5]) tally.state(0, 1, tick * PERIOD_MS);
    const { share, intervalP99Ms } = tally.close(550);

    expect(share).to.be.closeTo(4 / 5, 1e-9);
    expect(intervalP99Ms).to.equal(200);
  });

  it('sees a server that ticks too slowly', () => {
    const tally = new Tally(1, PERIOD_MS, 0);

    for (let tick = 0; tick < 9; tick++) tally.state(0, 1, tick * 125);
    const { share } = tally.close(1050);

    expect(share).to.be.closeTo(0.8, 1e-9);
  });

  it('holds silence at the end against the server', () => {
    const tally = new Tally(1, PERIOD_MS, 0);

    for (let tick = 0; tick <= 5; tick++) tally.state(0, 1, tick * PERIOD_MS);
    const { share, intervalP99Ms } = tally.close(1000);

    expect(share).to.be.closeTo(0.5, 1e-9);
    expect(intervalP99Ms).to.equal(500);
  });

  it('counts a player who got nothing as one who missed everything', () => {
    const tally = new Tally(2, PERIOD_MS, 0);

    for (let tick = 0; tick <= 10; tick++) tally.state(0, 1, tick * PERIOD_MS);
    const { share } = tally.close(1000);

    expect(share).to.be.closeTo(0.5, 1e-9);
  });

  it('has no intervals where nothing came', () => {
    const { share, states } = new Tally(3, PERIOD_MS, 0).close(1000);

    expect({ share, states }).to.deep.equal({ share: 0, states: 0 });
  });
});
