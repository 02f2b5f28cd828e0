import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { Inbound } from '../../../actors/connection/inbound.js';

/** Handles texts: those that begin with "slow" take until they are let go. */
function started() {
  const handled: string[] = [];
  const failures: unknown[] = [];
  const waiting: (() => void)[] = [];
  let emptied = 0;
  const inbound = new Inbound<string>({
    handle(item) {
      handled.push(item);
      if (item === 'throws') throw new Error(item);
      if (item === 'rejects') return Promise.reject(new Error(item));
      return item.startsWith('slow') ? new Promise((resolve) => waiting.push(resolve)) : undefined;
    },
    failed: (error) => failures.push(error),
    emptied: () => {
      emptied += 1;
    },
  });
  const letGo = async () => {
    waiting.shift()?.();
    await turn();
  };
  return { inbound, handled, failures, letGo, emptied: () => emptied };
}

describe('what a client has sent', () => {
  it('is handled at once while nothing is under way', () => {
    const { inbound, handled, emptied } = started();

    inbound.push('a');
    inbound.push('b');

    expect(handled).to.deep.equal(['a', 'b']);
    expect(emptied()).to.equal(0);
  });

  it('stands in line behind what waits, although nothing is under way in that moment', async () => {
    const handled: string[] = [];
    let letGo = () => {};
    const inbound: Inbound<string> = new Inbound<string>({
      handle(item) {
        handled.push(item);
        if (item === 'asks on') inbound.push('last');
        return item === 'slow' ? new Promise((resolve) => (letGo = resolve)) : undefined;
      },
      failed: () => {},
      emptied: () => {},
    });
    for (const item of ['slow', 'asks on', 'waits']) inbound.push(item);

    letGo();
    await turn();

    expect(handled).to.deep.equal(['slow', 'asks on', 'waits', 'last']);
  });

  it('waits for what is under way, in order', async () => {
    const { inbound, handled, letGo, emptied } = started();

    for (const item of ['slow 1', 'a', 'slow 2', 'b']) inbound.push(item);
    const steps = [[...handled]];
    await letGo();
    steps.push([...handled]);
    await letGo();

    expect(steps).to.deep.equal([['slow 1'], ['slow 1', 'a', 'slow 2']]);
    expect(handled).to.deep.equal(['slow 1', 'a', 'slow 2', 'b']);
    expect(inbound.length).to.equal(0);
    expect(emptied()).to.equal(1);
  });

  it('waits for work that was begun elsewhere, too', async () => {
    const { inbound, handled } = started();

    inbound.waitFor(turn().then(() => {}));
    inbound.push('a');
    const early = [...handled];
    await turn();
    await turn();

    expect([early, handled]).to.deep.equal([[], ['a']]);
  });

  it('is handled although something before it failed', async () => {
    const { inbound, handled, failures } = started();

    for (const item of ['throws', 'rejects', 'a']) inbound.push(item);
    await turn();

    expect(handled).to.deep.equal(['throws', 'rejects', 'a']);
    expect(failures.map(String)).to.deep.equal(['Error: throws', 'Error: rejects']);
  });

  it('is refused beyond a bound, and forgotten when nobody needs it any more', async () => {
    const { inbound, handled, letGo } = started();
    inbound.push('slow');

    const answers = Array.from({ length: 257 }, (_, index) => inbound.push(String(index)));
    inbound.clear();
    await letGo();

    expect(answers.slice(-2)).to.deep.equal(['taken', 'full']);
    expect(handled).to.deep.equal(['slow']);
  });
});
