/** Smooth motion between ticks. */
import { expect } from 'chai';
import { Motion } from '../../client/motion.js';

const at = (x: number, y = 0) => ({ zone: 'z', state: { entities: [{ id: 'a', x, y }] } });

describe('motion', () => {
  it('shows a thing where it is when it comes, and moves it on from there', () => {
    const motion = new Motion();
    motion.take(at(3), 0);
    const first = motion.at('a', 0);
    motion.take(at(4, 2), 250);

    expect(first).to.deep.equal({ x: 3, y: 0 });
    expect([375, 9999].map((nowMs) => motion.isMoving(nowMs))).to.deep.equal([true, false]);
    expect(motion.at('a', 250)).to.deep.equal({ x: 3, y: 0 });
    expect(motion.at('a', 375)).to.deep.equal({ x: 3.5, y: 1 });
    expect(motion.at('a', 9999)).to.deep.equal({ x: 4, y: 2 });
  });

  it('learns how long states take to come', () => {
    const motion = new Motion();
    for (let n = 0; n < 60; n++) motion.take(at(n), n * 1000);

    expect(motion.intervalMs).to.be.closeTo(1000, 1);
  });

  it('goes on without a jump from wherever it is shown when a state comes early', () => {
    const motion = new Motion();
    motion.take(at(0), 0);
    motion.take(at(1), 250);
    motion.take(at(2), 350);

    expect(motion.at('a', 350)?.x).to.be.closeTo(0.4, 1e-9);
  });

  it('does not walk what is far away, what is new, or what is in another zone', () => {
    const motion = new Motion({ jumpCells: 2 });
    motion.take(at(0), 0);
    motion.take(at(3), 250);
    const far = motion.at('a', 250);
    motion.take({ ...at(4), zone: 'y' }, 500);

    expect(far).to.deep.equal({ x: 3, y: 0 });
    expect(motion.at('a', 500)).to.deep.equal({ x: 4, y: 0 });
  });

  it('shows nothing of what is gone, or is nowhere', () => {
    const motion = new Motion({ positionOf: ({ hidden, x }) => (hidden ? null : { x: Number(x), y: 0 }) });
    motion.take(
      {
        zone: 'z',
        state: {
          entities: [
            { id: 'a', x: 1 },
            { id: 'b', x: 1, hidden: true },
          ],
        },
      },
      0,
    );
    const shown = [motion.at('a', 0), motion.at('b', 0)];
    motion.take({ zone: 'z', state: {} }, 250);

    expect(shown).to.deep.equal([{ x: 1, y: 0 }, null]);
    expect(motion.at('a', 250)).to.equal(null);
  });
});
