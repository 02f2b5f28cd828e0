import { expect } from 'chai';
import { Turns } from '../../../src/auth/turns.js';

describe('turns', () => {
  it('does the jobs of one key one after the other, and those of others meanwhile', async () => {
    const turns = new Turns(10);
    const log: string[] = [];
    const gates = { a1: gate(), a2: gate(), b1: gate() };
    const job = (key: string, name: keyof typeof gates) =>
      turns.take(key, async () => {
        log.push(`${name} begins`);
        await gates[name].opened;
        log.push(`${name} ends`);
      });

    const all = [job('a', 'a1'), job('a', 'a2'), job('b', 'b1')];
    gates.a2.open();
    gates.b1.open();
    await all[2];
    gates.a1.open();
    await Promise.all(all);

    expect(log).to.deep.equal(['a1 begins', 'b1 begins', 'b1 ends', 'a1 ends', 'a2 begins', 'a2 ends']);
  });

  it('goes on after a job that throws, and tells only the one who asked for it', async () => {
    const turns = new Turns(10);

    const [broken, next] = await Promise.allSettled([
      turns.take('a', () => Promise.reject(new Error('broken'))),
      turns.take('a', async () => 'done'),
    ]);

    expect(broken?.status).to.equal('rejected');
    expect(next).to.deep.equal({ status: 'fulfilled', value: 'done' });
    expect(turns.size).to.equal(0);
  });

  it('answers null, without doing the job, when too many are under way', async () => {
    const turns = new Turns(2);
    const { opened, open } = gate();
    const under = [turns.take('a', () => opened), turns.take('b', () => opened)];

    expect(await turns.take('c', async () => 'done')).to.equal(null);
    open();
    await Promise.all(under);
    expect(await turns.take('c', async () => 'done')).to.equal('done');
  });
});

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
