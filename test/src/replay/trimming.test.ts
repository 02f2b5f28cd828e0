import { expect } from 'chai';
import { newUuid, type ZoneId } from '../../../actors/ids.js';
import type { ZoneHistory } from '../../../actors/ports.js';
import { pastOf } from '../../../src/replay/past.js';
import { NoHistoryError, readStretch } from '../../../src/replay/stretch.js';
import { encodeCheckpoint } from '../../../src/simulation/zone-codec.js';
import { ZoneState } from '../../../src/simulation/zone-state.js';
import { openMemoryStore } from '../../../src/store/memory/open.js';
import { FakeClock } from '../../support/fake-clock.js';
import { overlaid } from '../../support/ports.js';
import { checkpoint, emptyCommit, journalRow } from '../store/harness.js';

const ALL = Number.MAX_SAFE_INTEGER;

/** One zone with checkpoints at 10 and 20, a tick behind each, and a server that trims the first while it is read. */
async function trimmedMeanwhile() {
  const store = await openMemoryStore({ clock: new FakeClock() });
  const times = { createdAtMs: 0, updatedAtMs: 0 };
  const info = { id: newUuid<ZoneId>(), name: 'old', width: 9, height: 9, metadata: {}, ...times };
  await store.catalog.create(info);
  const zone = { id: info.id, epoch: (await store.zones.claim(info.id))?.epoch ?? 0 };
  const state = new ZoneState(info);
  for (const tick of [10, 20, 30]) {
    state.putFacts({ tick });
    await store.zones.checkpoint([checkpoint(zone, tick, { body: encodeCheckpoint(state) })]);
    const nowMs = 100 * tick;
    await store.zones.commit([{ ...emptyCommit(zone, nowMs), rows: [journalRow(tick + 5, '{"v":1}')] }]);
  }
  let isTrimmed = false;
  const history: ZoneHistory = overlaid(store.history, {
    async rows(...asked) {
      if (!isTrimmed) await store.world.trimJournal(2_000, 500, ALL);
      isTrimmed = true;
      return store.history.rows(...asked);
    },
  });
  return { info, history };
}

describe('history that is trimmed while it is read', () => {
  it('is not there, and is not read with ticks missing', async () => {
    const { info, history } = await trimmedMeanwhile();

    const stretch = await readStretch(history, info, { from: 12, to: 25, besides: false }).catch((error: unknown) => error);

    expect(stretch).to.be.instanceOf(NoHistoryError);
  });

  it('shows no time as it never was', async () => {
    const { info, history } = await trimmedMeanwhile();

    expect(await pastOf(history, info, 19)).to.equal(null);
  });
});
