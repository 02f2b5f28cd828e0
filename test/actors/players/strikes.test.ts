import { expect } from 'chai';
import { newUuid, type PlayerId } from '../../../actors/ids.js';
import { FREE_STRIKES, Strikes } from '../../../actors/players/strikes.js';

describe('strikes against a player', () => {
  const player = newUuid<PlayerId>();

  it('cost nothing at first, then twice as long a wait each time, up to a minute', () => {
    const strikes = new Strikes();
    const waits: number[] = [];
    for (let free = 1; free < FREE_STRIKES; free += 1) strikes.strike(player, 0);
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
    for (let count = 0; count <= FREE_STRIKES; count += 1) strikes.strike(player, 1);
    strikes.strike(newUuid(), 600_002);
    strikes.strike(player, 600_003);

    expect(strikes.waits(player, 600_004)).to.equal(false);
    expect(strikes.waits(newUuid(), 2)).to.equal(false);
  });
});
