import { expect } from 'chai';
import { Copies } from '../../../../src/simulation/pool/copies.js';
import { zoneId } from '../support.js';

const [A, B] = [zoneId(1), zoneId(2)];

/** Two workers that remember what they were told; strips are answered when the test says so. */
class Workers {
  readonly told: string[] = [];
  readonly #asked: { resolve(text: string | null): void; reject(error: Error): void }[] = [];
  readonly copies = new Copies({
    workers: 2,
    showWhole: (worker, _, whole) => void this.told.push(`${worker} whole ${whole}`),
    showChange: (worker, _, change) => void this.told.push(`${worker} ${change}`),
    strip: () => new Promise((resolve, reject) => this.#asked.push({ resolve, reject })),
  });

  /** `which`: of the questions that have no answer yet, the oldest first. */
  async answer(text: string | null, which = 0): Promise<void> {
    this.#asked.splice(which, 1)[0]?.resolve(text);
    await new Promise(setImmediate);
  }

  async lose(): Promise<void> {
    this.#asked.shift()?.reject(new Error('the worker is gone'));
    await new Promise(setImmediate);
  }
}

describe('copies of strips in worker threads', () => {
  it('get each change once, where somebody can see it, and not where it was made', () => {
    const { copies, told } = new Workers();
    copies.host(0, A, [B]);
    copies.host(1, B, [A]);
    copies.stored(1, A);

    copies.change(0, A, 'a step');
    copies.leave(1, B);
    copies.change(0, A, 'another');

    expect(told).to.deep.equal(['1 a step']);
  });

  it('are whole first, and then have what changed while they were asked for', async () => {
    const workers = new Workers();
    const { copies, told } = workers;
    copies.host(0, A, [B]);
    copies.host(1, B, [A]);

    const fetched = copies.fetch(1, A);
    copies.change(0, A, 'a step');
    expect(told).to.deep.equal([]);
    await workers.answer('strip');
    copies.change(0, A, 'another');

    expect(await fetched).to.equal(true);
    expect(told).to.deep.equal(['1 whole strip', '1 a step', '1 another']);
  });

  it('are not made of what is stored where there is a better source', () => {
    const { copies } = new Workers();
    copies.host(1, B, [A]);

    expect([copies.stored(1, A), copies.stored(1, A)]).to.deep.equal([true, false]);
  });

  it('are not overwritten by an older answer when the zone has shown itself anew meanwhile', async () => {
    const workers = new Workers();
    const { copies, told } = workers;
    copies.host(0, A, [B]);
    copies.host(1, B, [A]);

    const fetched = copies.fetch(1, A);
    const shown = copies.showAnew(0, A);
    await workers.answer('new', 1);
    await shown;
    copies.change(0, A, 'a step');
    await workers.answer('old');

    expect(await fetched).to.equal(true);
    expect(told).to.deep.equal(['1 whole new', '1 a step']);
  });

  it('are found to be nowhere when the worker that has them is lost', async () => {
    const workers = new Workers();
    const { copies } = workers;
    copies.host(0, A, [B]);
    copies.host(1, B, [A]);

    const fetched = copies.fetch(1, A);
    copies.lost(0);
    await workers.lose();

    expect(await fetched).to.equal(false);
    expect(await copies.fetch(1, A), 'nobody else has it').to.equal(false);
    expect(copies.stored(1, A), 'then it is read from what is stored').to.equal(true);
  });
});
