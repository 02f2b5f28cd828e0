/** When a zone's state is written, and what a write that was refused leaves to the next. */
import { expect } from 'chai';
import { type EntityId, newUuid, type ZoneId } from '../../../actors/ids.js';
import type { StoredEntity, ZoneCheckpoint } from '../../../actors/records.js';
import { Checkpoints } from '../../../actors/zone/checkpoints.js';
import { ZoneSlot } from '../../../actors/zone/slot.js';
import { FakeClock } from '../../support/fake-clock.js';
import { RecordingTelemetry } from '../../support/recording-telemetry.js';

describe('the checkpoints of a zone', () => {
  it('have again what a refused one was to bring, and not what was written', async () => {
    const { checkpoints, changed, written, store } = bench();
    changed.push(entity(1));
    store.refuses = true;
    expect(await checkpoints.write(false)).to.equal(false);
    store.refuses = false;
    changed.push(entity(2));
    await checkpoints.write(true);
    await checkpoints.write(true);

    expect(written.map((one) => one.changed.map(({ x }) => x))).to.deep.equal([[1], [1, 2], []]);
  });

  it('say when the zone wants to be woken where it goes to sleep with one', async () => {
    const { checkpoints, slot, written } = bench();
    slot.wakeAtMs = 7_000;
    await checkpoints.write(true);
    await checkpoints.write(false);

    expect(written.map(({ wakeAtMs }) => wakeAtMs)).to.deep.equal([undefined, 7_000]);
  });

  it('are none in the background of a zone that has not changed, or has shown what is not written yet', async () => {
    const { checkpoints, slot, clock, written } = bench();
    const considered = async () => {
      clock.advance(60_000);
      checkpoints.consider(() => {});
      await checkpoints.settled();
      return written.length;
    };

    expect(await considered(), 'unchanged').to.equal(0);
    checkpoints.wroteRows(1);
    slot.owed.add({ rows: [{ tick: 1, inputs: '', body: Buffer.of() }] });
    expect(await considered(), 'ahead of the journal').to.equal(0);
    slot.owed.take();
    expect(await considered(), 'as the journal').to.equal(1);
    expect(await considered(), 'unchanged again').to.equal(1);
  });
});

function bench() {
  const times = { createdAtMs: 0, updatedAtMs: 0 };
  const slot = new ZoneSlot({ id: newUuid<ZoneId>(), name: 'meadow', width: 9, height: 9, metadata: {}, ...times }, 1);
  const clock = new FakeClock();
  const changed: StoredEntity[] = [];
  const written: ZoneCheckpoint[] = [];
  const store = {
    refuses: false,
    async checkpoint(batch: readonly ZoneCheckpoint[]) {
      written.push(...batch);
      return batch.map(() => !store.refuses);
    },
  };
  const simulation = { checkpoint: async () => ({ tick: 1, body: Buffer.of(), changed: changed.splice(0), gone: [] }) };
  const checkpoints = new Checkpoints(slot, { simulation, store, clock, telemetry: new RecordingTelemetry() });
  return { checkpoints, slot, clock, changed, written, store };
}

function entity(x: number): StoredEntity {
  return { id: newUuid<EntityId>(), x, y: 0, width: 1, height: 1, metadata: {}, createdAtMs: 0, updatedAtMs: 0 };
}
