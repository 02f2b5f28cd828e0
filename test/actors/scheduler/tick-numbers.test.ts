import { expect } from 'chai';
import { TICK_BLOCK, TickNumbers } from '../../../actors/scheduler/tick-numbers.js';

class Reservations {
  readonly firstTick = 5_001;
  readonly asked: number[] = [];
  down = false;

  async reserveTicks(upTo: number): Promise<void> {
    if (this.down) throw new Error('away');
    this.asked.push(upTo);
  }
}

async function started() {
  const store = new Reservations();
  const errors: unknown[] = [];
  const numbers = new TickNumbers(store, (error) => errors.push(error));
  await numbers.start();
  return { store, numbers, errors };
}

describe('tick numbers', () => {
  it('begin above everything that was ever reserved, and rise by one', async () => {
    const { numbers } = await started();

    expect([numbers.take(), numbers.take(), numbers.next]).to.deep.equal([5_001, 5_002, 5_003]);
  });

  it('are reserved again when half of a block is used', async () => {
    const { store, numbers } = await started();
    for (let i = 0; i <= TICK_BLOCK / 2; i += 1) numbers.take();
    expect(store.asked).to.have.length(1);

    numbers.take();

    expect(store.asked).to.have.length(2);
  });

  it('end at the durable block while the store is away, and go on when it is back', async () => {
    const { store, numbers, errors } = await started();
    store.down = true;
    for (let i = 0; i < TICK_BLOCK; i += 1) {
      numbers.take();
      await Promise.resolve();
    }

    expect(numbers.take()).to.equal(null);
    await new Promise(setImmediate);
    expect(errors).not.to.deep.equal([]);

    store.down = false;
    numbers.take();
    await new Promise(setImmediate);
    expect(numbers.take()).to.equal(5_001 + TICK_BLOCK);
  });
});
