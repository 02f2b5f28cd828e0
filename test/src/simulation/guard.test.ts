import { expect } from 'chai';
import { Guard } from '../../../src/simulation/guard.js';

describe('the guard', () => {
  const guard = new Guard();

  it('answers what the call answers', () => {
    expect(guard.run(1_000, () => ({ n: 1 }))).to.deep.equal({ type: 'answered', answer: { n: 1 } });
  });

  it('throws what the call throws, even what looks like its own time-out', () => {
    const error = Object.assign(new Error('mine'), { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' });

    expect(() =>
      guard.run(1_000, () => {
        throw error;
      }),
    ).to.throw(error);
    expect(() =>
      guard.run(1_000, () => {
        throw undefined;
      }),
    ).to.throw();
  });

  it('ends a call that never does, and works again afterwards', () => {
    const hung = guard.run(5, () => {
      for (;;);
    });

    expect(hung).to.deep.equal({ type: 'timed_out' });
    expect(guard.run(1_000, () => 2)).to.deep.equal({ type: 'answered', answer: 2 });
  });

  it('ends a call that catches everything', () => {
    const hung = guard.run(5, () => {
      for (;;) {
        try {
          for (;;);
        } catch {
          // A hostile game goes on whatever happens.
        }
      }
    });

    expect(hung.type).to.equal('timed_out');
  });

  it('leaves nothing behind in the global object', () => {
    guard.run(1_000, () => 1);

    expect(Object.getOwnPropertySymbols(globalThis)).not.to.include(Symbol.for('gridstead.guarded-call'));
  });
});
