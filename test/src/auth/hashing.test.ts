import { expect } from 'chai';
import { BcryptHasher, costOf, hashOfNobody } from '../../../src/auth/hashing.js';

describe('hashing', () => {
  const open: BcryptHasher[] = [];
  const start = (maxWaiting?: number): BcryptHasher => {
    const hasher = new BcryptHasher(maxWaiting);
    open.push(hasher);
    return hasher;
  };

  afterEach(async () => {
    for (const hasher of open.splice(0)) await hasher.close();
  });

  it('makes hashes of the cost asked for, which match their own password only', async () => {
    const hasher = start();

    const hash = (await hasher.hash('pässwörd 😀', 4)) ?? '';

    expect(costOf(hash)).to.equal(4);
    expect(await hasher.matches('pässwörd 😀', hash)).to.equal(true);
    expect(await hasher.matches('pässwörd 😁', hash)).to.equal(false);
  });

  it('leaves the main thread free meanwhile', async () => {
    const hasher = start();
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
    const hasher = start(2);

    const answers = await Promise.all(Array.from({ length: 5 }, () => hasher.hash('password', 4)));

    expect(answers.filter((answer) => answer === null).length).to.be.within(1, 3);
    expect(answers[0]).to.be.a('string');
  });

  it('answers null for what waits at the end, and for what comes later', async () => {
    const hasher = start();
    const waiting = Promise.all([hasher.hash('password', 10), hasher.hash('password', 10)]);

    await hasher.close();

    expect(await waiting).to.deep.equal([null, null]);
    expect(await hasher.matches('password', hashOfNobody(4))).to.equal(null);
  });

  it('throws for a hash that is none: the row is broken, not the password', async () => {
    const error = await start()
      .matches('password', 'x'.repeat(60))
      .catch((thrown: unknown) => thrown);

    expect(error).to.be.instanceOf(Error);
  });

  it('has a hash of nobody at each cost', async () => {
    const hasher = start();

    expect([4, 10, 15].map((cost) => costOf(hashOfNobody(cost)))).to.deep.equal([4, 10, 15]);
    expect(hashOfNobody(4)).to.have.lengthOf(60);
    expect(await hasher.matches('', hashOfNobody(4))).to.equal(false);
  });
});
