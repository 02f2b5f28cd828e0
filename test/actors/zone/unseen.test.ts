import { expect } from 'chai';
import { Unseen } from '../../../actors/zone/unseen.js';

describe('events that not everybody has been shown', () => {
  it('are kept until everybody has', () => {
    const unseen = new Unseen();
    unseen.note(1, '["a"]');
    unseen.note(2, '');
    unseen.note(3, '["b"]');

    expect(unseen.ticks).to.deep.equal([
      { tick: 1, events: '["a"]' },
      { tick: 3, events: '["b"]' },
    ]);
    unseen.note(4, null);
    expect(unseen.ticks).to.deep.equal([]);
  });

  it('are those of the newest 64 ticks that had any', () => {
    const unseen = new Unseen();
    for (let tick = 1; tick <= 70; tick += 1) unseen.note(tick, '["a"]');

    expect(unseen.ticks.map(({ tick }) => tick)).to.deep.equal(Array.from({ length: 64 }, (_, index) => index + 7));
  });
});
