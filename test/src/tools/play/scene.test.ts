/** What the player knows. */
import { expect } from 'chai';
import { Scene } from '../../../../src/tools/play/scene.js';

const MEADOW = { id: 'm', name: 'meadow', width: 10, height: 6, metadata: {}, created_at: '', updated_at: '' };
const ORCHARD = { id: 'o', name: 'orchard', width: 10, height: 6, metadata: {}, created_at: '', updated_at: '' };

describe('scene', () => {
  it('forgets the old zone at a handover, and learns the new one when it is told', () => {
    const scene = new Scene('ann');
    scene.apply({ type: 'subscribed', zone_id: 'm', zone: MEADOW });
    scene.see(tick('m', []));

    scene.apply({ type: 'handover', from: { zone_id: 'm' }, to: { zone_id: 'o', x: 1, y: 1 } });
    const onTheWay = [scene.zone, scene.you];
    scene.describe(MEADOW);
    scene.describe(ORCHARD);

    expect(onTheWay).to.deep.equal([null, null]);
    expect(scene.zone).to.equal(ORCHARD);
  });

  it('lets nobody’s words command the terminal', () => {
    const scene = new Scene('ann');

    scene.see(tick('m', [{ type: 'said', name: 'e\u0000ve', text: '\u001b[2Jboo\u202e\u0007\r\n' }]));

    expect(scene.lines).to.deep.equal(['eve: [2Jboo']);
  });

  it('keeps the newest lines only', () => {
    const scene = new Scene('ann');

    for (let line = 0; line < 1000; line++) scene.note(`${line}`);

    expect(scene.lines).to.have.length(50);
    expect(scene.lines.at(-1)).to.equal('999');
  });

  it('tells of errors, closed gates and, once in a row, of what is refused, and makes do with states that lack everything', () => {
    const scene = new Scene('ann');

    scene.apply({ type: 'error', code: 'zone_unavailable', message: 'later' });
    scene.apply({ type: 'gate_closed' });
    for (let step = 0; step < 3; step++) scene.apply({ type: 'refused', intent: 'move', message: 'something is in the way' });
    scene.see({ zone: 'm', tick: 1, state: {} });

    expect(scene.lines).to.deep.equal([
      'zone_unavailable: later',
      'the gate does not let you through now',
      'something is in the way',
    ]);
    expect([scene.you, scene.things]).to.deep.equal([null, []]);
  });

  it('finds oneself, and what is around, in the states of games that say less of both', () => {
    const scene = new Scene('ann');
    const entities = [
      { id: 'p', x: 3, y: 4, width: 0, height: 0, metadata: { kind: 'picker', player: 'ann' } },
      { id: 'far', z: 9 },
    ];
    const seen = [{ you: 'p' }, { you: { id: 'p' } }, { you: { id: 'p', x: 3, y: 4, items: [] } }].map((state) => {
      scene.see({ zone: 'm', tick: 1, state: { ...state, entities } });
      return scene.you;
    });

    for (const you of seen) expect(you).to.deep.equal({ id: 'p', x: 3, y: 4, items: [] });
    expect(scene.things).to.deep.equal(entities.slice(0, 1));
  });

  it('has a notice until the next step, not only until the state that came along with it', () => {
    const scene = new Scene('ann');
    const notices: (string | undefined)[] = [];
    const look = (x: number) => {
      scene.see(tick('m', [], x));
      notices.push(scene.notice?.text);
    };
    look(2);
    scene.apply({ type: 'refused', intent: 'pick_up', message: 'there is nothing here' });

    look(3);
    look(3);
    look(4);

    expect(notices).to.deep.equal([undefined, 'there is nothing here', 'there is nothing here', undefined]);
  });

  it('has the same notice again when the same thing happens again', () => {
    const scene = new Scene('ann');
    const lean = () => scene.apply({ type: 'refused', intent: 'move', message: 'something is in the way' });
    lean();
    const first = scene.notice;
    if (first) scene.forget(first);
    const between = scene.notice;

    lean();

    expect([first?.text, between, scene.notice]).to.deep.equal([
      'something is in the way',
      null,
      { text: 'something is in the way' },
    ]);
    expect(scene.lines).to.have.length(1);
  });
});

function tick(zone: string, events: object[], x = 2) {
  const you = { id: 'me', x, y: 2, items: [] };
  return { zone, tick: 1, state: { you, entities: [], events } };
}
