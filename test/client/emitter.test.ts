/** Who listens to what. */
import { expect } from 'chai';
import { Emitter } from '../../client/emitter.js';

interface Events {
  step: number;
  end: null;
}

describe('emitter', () => {
  it('tells those who listen, of what they listen to, until they do not', () => {
    const emitter = new Emitter<Events>();
    const heard: number[] = [];
    const off = emitter.on('step', (n) => heard.push(n));

    emitter.emit('step', 1);
    emitter.emit('end', null);
    off();
    emitter.emit('step', 2);

    expect(heard).to.deep.equal([1]);
  });

  it('waits for the first that passes the test', async () => {
    const emitter = new Emitter<Events>();
    const even = emitter.once('step', (n) => n % 2 === 0);

    for (const n of [1, 2, 4]) emitter.emit('step', n);

    expect(await even).to.equal(2);
  });

  it('lets one that throws take nothing from the others, and hides no error', () => {
    const emitter = new Emitter<Events>();
    const heard: number[] = [];
    const later: (() => void)[] = [];
    const { queueMicrotask } = globalThis;
    globalThis.queueMicrotask = (task) => later.push(task);
    emitter.on('step', () => {
      throw new Error('mine');
    });
    emitter.on('step', (n) => heard.push(n));

    try {
      emitter.emit('step', 1);
    } finally {
      globalThis.queueMicrotask = queueMicrotask;
    }

    expect(heard).to.deep.equal([1]);
    expect(later[0]).to.throw('mine');
  });
});
