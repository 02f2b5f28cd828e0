/** From where somebody wants to go to what is sent. */
import { expect } from 'chai';
import type { Deed } from '../../../web/play/deeds.js';
import type { Scene } from '../../../web/play/scene.js';
import { Steering } from '../../../web/play/steering.js';

const EAST = { x: 1, y: 0 };
const NOWHERE = { x: 0, y: 0 };

function at(ground: Scene['ground'], x: number, y: number): Scene {
  const self = { id: 'a', kind: 'walker', name: 'ann', x, y, width: 1, height: 1, quantity: null };
  return { ground, space: 'z', self, things: [self], sight: null, size: null, soil: '', said: [] };
}

function steering(): { steering: Steering; sent: Deed['data'][] } {
  const sent: Deed['data'][] = [];
  return { steering: new Steering(({ data }) => sent.push(data)), sent };
}

const step = (dx: number, dy: number) => ({ type: 'move', dx, dy });
const input = (x: number, z: number) => ({ type: 'input', intent: { x, z } });

describe('steering on cells', () => {
  it('takes a step at once, and another after each state, as long as a direction is held', () => {
    const { steering: wheel, sent } = steering();
    wheel.see(at('steps', 0, 0), 0);

    wheel.hold(EAST, 1);
    wheel.hold({ x: 0, y: 1 }, 2);
    wheel.see(at('steps', 1, 0), 1000);
    wheel.hold(NOWHERE, 1001);
    wheel.see(at('steps', 1, 1), 2000);

    expect(sent).to.deep.equal([step(1, 0), step(0, 1)]);
  });

  it('goes to a place, aslant where that is nearer, and stops there', () => {
    const { steering: wheel, sent } = steering();
    wheel.see(at('steps', 0.5, 0.5), 0);

    wheel.goTo({ x: 2.6, y: 1.4 }, 1);
    wheel.see(at('steps', 1.5, 1.5), 2);
    wheel.see(at('steps', 2.5, 1.5), 3);

    expect(sent).to.deep.equal([step(1, 1), step(1, 0)]);
    expect(wheel.goal).to.equal(null);
  });

  it('gives up a place that it does not come nearer to', () => {
    const { steering: wheel, sent } = steering();
    wheel.see(at('steps', 0, 0), 0);

    wheel.goTo({ x: 9, y: 0 }, 1);
    for (let tick = 0; tick < 20; tick++) wheel.see(at('steps', 0, 0), tick);

    expect(wheel.goal).to.equal(null);
    expect(sent.length).to.be.lessThan(8);
  });
});

describe('steering on a plane', () => {
  it('says where it heads when that changes, and when it stops', () => {
    const { steering: wheel, sent } = steering();
    wheel.see(at('plane', 0, 0), 0);

    wheel.hold(EAST, 1);
    wheel.see(at('plane', 0.3, 0), 50);
    wheel.hold(NOWHERE, 51);
    wheel.see(at('plane', 0.4, 0), 100);

    expect(sent).to.deep.equal([input(1, 0), input(0, 0)]);
  });

  it('tells of a direction that turns all the time only so often, and of the last one', () => {
    const { steering: wheel, sent } = steering();
    wheel.see(at('plane', 0, 0), 0);

    for (let ms = 0; ms < 200; ms += 10) wheel.hold({ x: Math.cos(ms / 50), y: Math.sin(ms / 50) }, ms);
    wheel.see(at('plane', 0, 0), 300);

    expect(sent.length).to.be.within(3, 5);
    expect(sent.at(-1)).to.deep.equal(input(-0.79, -0.61));
  });

  it('says again after an interruption what is held, and not where it was going', () => {
    const { steering: wheel, sent } = steering();
    wheel.see(at('plane', 0, 0), 0);
    wheel.goTo({ x: 0, y: 50 }, 1);

    wheel.interrupt();
    wheel.hold(EAST, 2);
    wheel.see(at('plane', 0, 0), 3);

    expect(sent).to.deep.equal([input(0, 1), input(1, 0)]);
  });
});
