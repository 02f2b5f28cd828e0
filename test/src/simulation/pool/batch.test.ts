import { expect } from 'chai';
import { newUuid, type ZoneId } from '../../../../actors/ids.js';
import { Batch } from '../../../../src/simulation/pool/batch.js';
import type { ToWorker } from '../../../../src/simulation/pool/protocol.js';

const zone = newUuid<ZoneId>();
const adopt: ToWorker = { type: 'adopt', zone, tick: 1 };
const border: ToWorker = { type: 'border', zone, text: '' };
const drop: ToWorker = { type: 'drop', zone };

function step(call: number, expectedMs: number): ToWorker {
  return { type: 'step', call, mark: 1, expectedMs, step: { zone, request: '', intents: '' } };
}

function batchOf(...messages: readonly ToWorker[]): Batch {
  const batch = new Batch();
  for (const message of messages) batch.add(message);
  return batch;
}

describe('what is said to a worker in one turn', () => {
  it('is in the order in which it was said, and is said once', () => {
    const said = [adopt, step(1, 0.2), drop, step(2, 0.1)];
    const batch = batchOf(...said);

    expect(batch.take()).to.deep.equal(said);
    expect([batch.length, batch.take()]).to.deep.equal([0, []]);
  });

  it('has steps that are known to be slow behind all others, the slowest last', () => {
    const batch = batchOf(step(1, 30), adopt, step(2, 5), step(3, 0.1), drop);

    expect(batch.take()).to.deep.equal([adopt, step(3, 0.1), drop, step(2, 5), step(1, 30)]);
  });

  it('has nothing published in it behind a step that was asked for before', () => {
    const [before, after] = [batchOf(adopt), batchOf(adopt, step(1, 0))];

    expect([adopt, border, drop].map((message) => before.mayHold(message))).to.deep.equal([true, true, true]);
    expect([adopt, border, drop, step(2, 0)].map((message) => after.mayHold(message))).to.deep.equal([false, false, true, true]);
    after.take();
    expect(after.mayHold(border)).to.equal(true);
  });
});
