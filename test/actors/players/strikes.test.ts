import { expect } from 'chai';
import { newUuid, type PlayerId } from '../../../actors/ids.js';
import { Strikes } from '../../../actors/players/strikes.js';

describe('strikes against a player', () => {
  const player = newUuid<PlayerId>();

  it('cost nothing the first time, then twice as long a wait each time, up to a minute', () => {
    const strikes = new Strikes();
    const waits: number[] = [];
    for (let count = 1, nowMs = 0; count <= 10; count += 1, nowMs += 61_000) {
      strikes.strike(player, nowMs);
      let waitMs = 0;
      while (strikes.waits(player, nowMs + waitMs)) waitMs += 1_000;
      waits.push(waitMs / 1_000);
    }

    expect(waits).to.deep.equal([0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('are forgotten after ten minutes without one, and are nobody else’s', () => {
    const strikes = new Strikes();
    for (const nowMs of [0, 1]) strikes.strike(player, nowMs);
    strikes.strike(newUuid(), 600_002);
    strikes.strike(player, 600_003);

    expect(strikes.waits(player, 600_004)).to.equal(false);
    expect(strikes.waits(newUuid(), 2)).to.equal(false);
  });
});
