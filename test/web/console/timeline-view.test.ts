/** Which ticks the timeline shows: 800 pixels of room, and a hundred ticks so far. */
import { expect } from 'chai';
import { TimelineView } from '../../../web/console/timeline-view.js';

function view(): TimelineView {
  const made = new TimelineView();
  made.fit(800, 100);
  return made;
}

describe('the timeline of a console', () => {
  it('has the newest tick at the right edge, and goes on with time', () => {
    const timeline = view();
    expect([timeline.xOf(100), timeline.tickAt(799), timeline.tickAt(791)]).to.deep.equal([792, 100, 99]);

    timeline.fit(800, 101);

    expect(timeline.xOf(101)).to.equal(792);
  });

  it('holds still around a tick that was chosen, until it is let go', () => {
    const timeline = view();
    timeline.step(-1);
    timeline.fit(800, 150);

    expect([timeline.tick, timeline.xOf(100)]).to.deep.equal([100, 792]);
    timeline.release();
    expect([timeline.tick, timeline.xOf(150)]).to.deep.equal([null, 792]);
  });

  it('zooms down to one tick and back, with the chosen one in sight all the way', () => {
    const timeline = view();
    timeline.choose(40);

    for (let times = 0; times < 40; times++) {
      timeline.zoom(1.25);
      expect(timeline.xOf(40)).to.be.within(-1, 800 - Math.min(timeline.columnPx, 800) + 1);
    }
    expect([timeline.isAlone, timeline.xOf(40)]).to.deep.equal([true, 0]);

    for (let times = 0; times < 40; times++) timeline.zoom(0.8);
    expect(timeline.columnPx).to.equal(3);
    expect(timeline.xOf(40)).to.be.within(0, 797);
  });

  it('shows one tick alone at once, leafs through them, and goes back', () => {
    const timeline = view();
    timeline.choose(40);
    timeline.alone();
    expect([timeline.isAlone, timeline.tickAt(400)]).to.deep.equal([true, 40]);

    timeline.step(-1);
    expect([timeline.isAlone, timeline.tickAt(400)]).to.deep.equal([true, 39]);

    timeline.alone();
    expect(timeline.columnPx).to.equal(8);
  });

  it('stays alone when the window is another', () => {
    const timeline = view();
    timeline.alone();
    timeline.fit(1_200, 110);

    expect([timeline.isAlone, timeline.xOf(100)]).to.deep.equal([true, 0]);
  });
});
