/** What of the world is on the screen, and what is said there. */
import { expect } from 'chai';
import { Bubbles } from '../../../web/play/bubbles.js';
import { Camera } from '../../../web/play/camera.js';

describe('the camera', () => {
  it('shows all that one sees, with oneself in the middle, and finds places under the pointer', () => {
    const camera = new Camera();
    camera.resize(900, 600);
    camera.lookAt({ x: 10, y: 20 }, 8);

    const { left, right, top, bottom } = camera.view;

    expect(bottom - top).to.be.greaterThan(17);
    expect([(left + right) / 2, (top + bottom) / 2]).to.deep.equal([10, 20]);
    expect(camera.toScreen({ x: 10, y: 20 })).to.deep.equal({ x: 450, y: 300 });
    expect(camera.toWorld(450 + camera.scale, 300)).to.deep.equal({ x: 11, y: 20 });
  });

  it('zooms within bounds, around the middle', () => {
    const camera = new Camera();
    camera.resize(900, 600);
    camera.lookAt({ x: 10, y: 20 }, 8);

    for (let n = 0; n < 50; n++) camera.zoom(2);
    const near = camera.scale;
    for (let n = 0; n < 50; n++) camera.zoom(0.5);

    expect([near, camera.scale]).to.deep.equal([96, 4]);
    expect(camera.toScreen({ x: 10, y: 20 })).to.deep.equal({ x: 450, y: 300 });
  });
});

describe('bubbles', () => {
  it('show each one’s newest words, longer ones longer', () => {
    const bubbles = new Bubbles();
    bubbles.hear([{ by: 'a', name: 'ann', text: 'hi' }], 0);
    bubbles.hear([{ by: 'a', name: 'ann', text: 'a longer sentence' }], 10);

    expect(bubbles.of('a', 3500)).to.equal('a longer sentence');
    expect(bubbles.of('b', 3500)).to.equal(null);
    expect(bubbles.of('a', 9000)).to.equal(null);
  });
});
