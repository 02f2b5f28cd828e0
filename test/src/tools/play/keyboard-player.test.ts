/** A person at the keyboard. */
import { expect } from 'chai';
import { KeyboardPlayer } from '../../../../src/tools/play/keyboard-player.js';
import { Scene } from '../../../../src/tools/play/scene.js';
import { FakeClock } from '../../../support/fake-clock.js';

const LEFT_STEP = { type: 'move', dx: -1, dy: 0 };
const RIGHT_STEP = { type: 'move', dx: 1, dy: 0 };
const UP_STEP = { type: 'move', dx: 0, dy: -1 };

describe('keyboard player', () => {
  it('sends a step at once, and of those pressed until the next tick only the newest', () => {
    const { player, sent } = playing();

    player.press('a');
    player.press('w');
    player.press('d');
    player.state(tick());
    player.state(tick());
    player.press('w');

    expect(sent).to.deep.equal([LEFT_STEP, RIGHT_STEP, UP_STEP]);
  });

  it('picks up, puts down what was picked up last, and talks', () => {
    const { player, sent } = playing();
    player.state(tick());

    player.press('gfthello\r');

    expect(sent).to.deep.equal([{ type: 'pick_up' }, { type: 'drop', item: 'reed' }, { type: 'say', text: 'hello' }]);
  });

  it('does nothing without a connection but show that it is gone, and quit', () => {
    const { player, sent, screen, ends } = playing();

    player.link({ type: 'lost', code: 1006, retryInMs: 500 });
    player.press('dg');
    player.press('q');

    expect(sent).to.deep.equal([]);
    expect(screen.at(-1)?.[0]).to.include('connection lost');
    expect(ends()).to.equal(1);
  });

  it('takes no step after a reconnect that was pressed before', () => {
    const { player, sent } = playing();
    player.press('aw');

    player.link({ type: 'lost', code: 1006, retryInMs: 500 });
    player.link({ type: 'joined' });
    player.state(tick());

    expect(sent).to.deep.equal([LEFT_STEP]);
  });

  it('takes a notice off the screen after five seconds, and a new one has its own five', () => {
    const { player, screen, clock } = playing();
    const shows = (text: string) => screen.at(-1)?.includes(text);
    const lean = () => player.message({ type: 'refused', intent: 'move', message: 'something is in the way' });
    lean();
    clock.advance(4000);
    lean();

    clock.advance(4000);
    const whileItLasts = shows('something is in the way');
    clock.advance(1000);

    expect([whileItLasts, shows('something is in the way')]).to.deep.equal([true, false]);
    expect(clock.pendingTimers).to.equal(0);
  });

  it('leaves no timer behind when it is closed', () => {
    const { player, clock } = playing();
    player.message({ type: 'gate_closed' });

    player.close();

    expect(clock.pendingTimers).to.equal(0);
  });

  it('ends when the connection does for good, and tells of what was lost', () => {
    const { player, screen, ends } = playing();

    player.settled({ seq: 1, data: {}, form: 'intent', fate: 'dropped' });
    player.link({ type: 'ended', code: 4409, reason: 'taken over' });

    expect(ends()).to.equal(1);
    expect(screen.at(-1)?.join()).to.include('connection ended: taken over').and.include('lost on the way');
  });

  it('says why something was refused, and does not call it lost', () => {
    const { player, screen } = playing();

    player.message({ type: 'error', code: 'bad_request', message: 'no such thing here', seq: 1 });
    player.settled({ seq: 1, data: {}, form: 'intent', fate: 'dropped' });

    expect(screen.at(-1)?.join()).to.include('bad_request: no such thing here').and.not.include('lost on the way');
  });
});

function playing() {
  const sent: object[] = [];
  const screen: (readonly string[])[] = [];
  const clock = new FakeClock();
  let ended = 0;
  const player = new KeyboardPlayer(
    new Scene('ann'),
    { columns: 100, rows: 24, hasColours: false, draw: (lines) => screen.push(lines) },
    clock,
    () => ended++,
  );
  player.use({ rttMs: 3, intent: (data) => sent.push(data) });
  player.link({ type: 'joined' });
  return { player, sent, screen, clock, ends: () => ended };
}

function tick() {
  const you = { id: 'me', x: 2, y: 2, items: ['apple', 'reed'] };
  return { zone: 'z', tick: 1, state: { you, entities: [], events: [] } };
}
