import { expect } from 'chai';
import { BcryptHasher, costOf, hashOfNobody } from '../../../src/auth/hashing.js';

describe('hashing', () => {
  const open: BcryptHasher[] = [];
  const start = (maxWaiting?: number): BcryptHasher => {
    const hasher = new BcryptHasher(maxWaiting);
    open.push(hasher);
    return hasher;
  };
  // A thread of its own only for those that fill it or end it.
  let hasher: BcryptHasher;

  before(() => {
    hasher = start();
  });
  after(async () => {
    for (const opened of open) await opened.close();
  });

  it('makes hashes of the cost asked for, which match their own password only', async () => {
    const hash = (await hasher.hash('pässwörd 😀', 4)) ?? '';

    expect(costOf(hash)).to.equal(4);
    expect(await hasher.matches('pässwörd 😀', hash)).to.equal(true);
    expect(await hasher.matches('pässwörd 😁', hash)).to.equal(false);
  });

  it('leaves the main thread free meanwhile', async () => {
    await hasher.hash('started', 4);
    let turns = 0;

    let done = false;
    const hashing = hasher.hash('password', 9).finally(() => {
      done = true;
    });
    for (; !done; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    await hashing;

    // On this thread, bcryptjs would give way once in a hundred milliseconds, if at all.
    expect(turns).to.be.above(50);
  });

  it('answers null when the queue is full, and goes on with what is in it', async () => {
    const own = start(2);

    const answers = await Promise.all(Array.from({ length: 5 }, () => own.hash('password', 4)));

    expect(answers.filter((answer) => answer === null).length).to.be.within(1, 3);
    expect(answers[0]).to.be.a('string');
  });

  it('answers null for what waits at the end, and for what comes later', async () => {
    const own = start();
    const waiting = Promise.all([own.hash('password', 10), own.hash('password', 10)]);

    await own.close();

    expect(await waiting).to.deep.equal([null, null]);
    expect(await own.matches('password', hashOfNobody(4))).to.equal(null);
  });

  it('throws for a hash that is none: the row is broken, not the password', async () => {
    const error = await hasher.matches('password', 'x'.repeat(60)).catch((thrown: unknown) => thrown);

    expect(error).to.be.instanceOf(Error);
  });

  it('has a hash of nobody at each cost', async () => {
    expect([4, 10, 15].map((cost) => costOf(hashOfNobody(cost)))).to.deep.equal([4, 10, 15]);
    expect(hashOfNobody(4)).to.have.lengthOf(60);
    expect(await hasher.matches('', hashOfNobody(4))).to.equal(false);
  });
});
