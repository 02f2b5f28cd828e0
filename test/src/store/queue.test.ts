/** The queue in front of the database: ordered, bounded, and empty when it is closed. */
import { expect } from 'chai';
import { StoreUnavailableError } from '../../../actors/errors.js';
import { WriteQueue } from '../../../src/store/queue.js';

describe('write queue', () => {
  it('runs one job after the other, in the order of the calls', async () => {
    const queue = new WriteQueue({ width: 1, bound: 10 });
    const log: string[] = [];
    const job = (name: string) => async () => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
    };

    await Promise.all([queue.run(job('a')), queue.run(job('b')), queue.run(job('c'))]);

    expect(log).to.deep.equal(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('runs as many at once as it is wide', async () => {
    const queue = new WriteQueue({ width: 2, bound: 10 });
    const gates = [gate(), gate(), gate()];
    let running = 0;
    const jobs = gates.map((one) =>
      queue.run(async () => {
        running++;
        await one.opened;
        running--;
      }),
    );

    expect([running, queue.waiting()]).to.deep.equal([2, 1]);
    for (const one of gates) one.open();
    await Promise.all(jobs);

    expect(queue.waiting()).to.equal(0);
  });

  it('lets no newcomer in beside the one whose turn has come', async () => {
    const queue = new WriteQueue({ width: 1, bound: 10 });
    const gates = [gate(), gate(), gate()];
    const begun: number[] = [];
    const run = (index: number) =>
      queue.run(async () => {
        begun.push(index);
        await gates[index]?.opened;
      });
    const [first, second] = [run(0), run(1)];
    gates[0]?.open();
    await first;
    const third = run(2);

    expect([begun, queue.waiting()]).to.deep.equal([[0, 1], 1]);
    for (const one of gates) one.open();
    await Promise.all([second, third]);
  });

  it('refuses the one that is too many, and works on', async () => {
    const queue = new WriteQueue({ width: 1, bound: 1 });
    const first = gate();
    const jobs = [queue.run(() => first.opened), queue.run(async () => 'second')];

    const refused = await queue.run(async () => 'third').catch((error: unknown) => error);
    first.open();

    expect(refused).to.be.instanceOf(StoreUnavailableError);
    expect((await Promise.all(jobs))[1]).to.equal('second');
  });

  it('goes on after a job that failed', async () => {
    const queue = new WriteQueue({ width: 1, bound: 1 });
    const failed = queue.run(() => Promise.reject(new Error('no')));
    const next = queue.run(async () => 'yes');

    expect(await failed.catch((error: Error) => error.message)).to.equal('no');
    expect(await next).to.equal('yes');
  });

  it('ends what it has when it is closed, and takes nothing new', async () => {
    const queue = new WriteQueue({ width: 1, bound: 10 });
    const ended: string[] = [];
    const jobs = ['a', 'b'].map((name) => queue.run(async () => ended.push(name)));

    await queue.close();
    const late = await queue.run(async () => 'late').catch((error: unknown) => error);

    expect(ended).to.deep.equal(['a', 'b']);
    expect(late).to.be.instanceOf(StoreUnavailableError);
    await Promise.all(jobs);
  });
});

function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
