import { expect } from 'chai';
import { newUuid, type ZoneId } from '../../../actors/ids.js';
import { LiveGame } from '../../../src/reload/live-game.js';
import { FakeClock } from '../../support/fake-clock.js';
import { RecordingLog } from '../../support/recording-log.js';

const ZONE = newUuid<ZoneId>();
const TRIAL_MS = 1_000;

/** Games are named by their source; `broken` cannot be imported, `stubborn` cannot start. */
function started({ before = (_game: string): unknown => null, after = (_game: string): unknown => null } = {}) {
  const clock = new FakeClock();
  const ran: string[] = [];
  const live = new LiveGame('first', {
    load: async (source) => {
      if (source.startsWith('broken')) throw new Error(`${source} is no game`);
      return source;
    },
    run: async (game, runs) => {
      if (game === 'stubborn') throw new Error('it does not start');
      before(game);
      ran.push(game);
      runs();
      // Its zones are restored at once, and the threads of the one before take a while to end.
      after(game);
      await settled();
    },
    trialMs: TRIAL_MS,
    clock,
    log: new RecordingLog(),
  });
  return { live, clock, ran };
}

describe('a game that is being worked on', () => {
  it('runs each new version, which is a good one when it has run for a while', async () => {
    const { live, clock, ran } = started();

    await live.offer('second');
    const trial = live.view();
    clock.advance(TRIAL_MS);
    const after = live.view();

    expect(ran).to.deep.equal(['second']);
    expect(trial).to.deep.equal({ version: 2, state: 'trial', refused: null });
    expect(after).to.deep.equal({ version: 2, state: 'good', refused: null });
  });

  it('goes back to the last good version when one fails while it is on trial, once', async () => {
    const { live, clock, ran } = started();
    await live.offer('second');
    clock.advance(TRIAL_MS);
    await live.offer('third');

    for (let i = 0; i < 3; i += 1) live.failed(ZONE, new Error('third is wrong'));
    await settled();
    clock.advance(TRIAL_MS);

    expect(ran).to.deep.equal(['second', 'third', 'second']);
    expect(live.view()).to.deep.equal({ version: 2, state: 'good', refused: { version: 3, error: 'third is wrong' } });
  });

  it('goes back when one fails as soon as it runs, before all of the version before has ended', async () => {
    const { live, clock, ran } = started({
      after: (game) => game === 'second' && live.failed(ZONE, new Error('second is wrong')),
    });

    await live.offer('second');
    await settled();
    clock.advance(TRIAL_MS);

    expect(ran).to.deep.equal(['second', 'first']);
    expect(live.view()).to.deep.equal({ version: 1, state: 'good', refused: { version: 2, error: 'second is wrong' } });
  });

  it('blames no version for what fails before it runs', async () => {
    const { live, ran } = started({ before: () => live.failed(ZONE, new Error('the first one is wrong')) });

    await live.offer('second');
    await settled();

    expect(ran).to.deep.equal(['second']);
    expect(live.view()).to.deep.include({ version: 2, state: 'trial' });
  });

  it('stays with a good version that fails later: that is the zones’ affair', async () => {
    const { live, clock, ran } = started();
    await live.offer('second');
    clock.advance(TRIAL_MS);

    live.failed(ZONE, new Error('too late'));
    await settled();

    expect(ran).to.deep.equal(['second']);
    expect(live.view()).to.deep.equal({ version: 2, state: 'good', refused: null });
  });

  it('leaves the running version alone when another cannot be compiled, imported or started', async () => {
    const { live, ran } = started();

    live.refuse(new Error('a bracket is missing'));
    const uncompiled = live.view();
    await live.offer('broken');
    const unimported = live.view();
    await live.offer('stubborn');

    expect(ran).to.deep.equal([]);
    expect(uncompiled).to.deep.equal({ version: 1, state: 'good', refused: { version: 2, error: 'a bracket is missing' } });
    expect(unimported.refused).to.deep.equal({ version: 3, error: 'broken is no game' });
    expect(live.view()).to.deep.equal({ version: 1, state: 'good', refused: { version: 4, error: 'it does not start' } });
  });

  it('tries only the newest of those that come in while one is tried, and forgets a refusal with the next good one', async () => {
    const { live, clock, ran } = started();
    live.refuse(new Error('a bracket is missing'));

    await Promise.all(['third', 'fourth', 'fifth'].map((source) => live.offer(source)));
    clock.advance(TRIAL_MS);

    expect(ran).to.deep.equal(['fifth']);
    expect(live.view()).to.deep.equal({ version: 5, state: 'good', refused: null });
  });
});

/** Until what was begun has ended: it waits for nothing that takes time. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
