import { expect } from 'chai';
import { Committer } from '../../actors/committer.js';
import { CostMeter } from '../../actors/costs.js';
import { OwnershipLostError, StoreUnavailableError } from '../../actors/errors.js';
import { newUuid, type ZoneId } from '../../actors/ids.js';
import type { CommitOutcome, ZoneCommit } from '../../actors/records.js';
import { FakeClock } from '../support/fake-clock.js';
import { RecordingLog } from '../support/recording-log.js';
import { RecordingTelemetry } from '../support/recording-telemetry.js';

const commitOf = (zone: ZoneId): ZoneCommit => ({ zone, epoch: 1, rows: [], takes: [], sends: [], places: [], nowMs: 0 });
const COMMITTED: CommitOutcome = { type: 'committed', sent: [] };

/** Answers batches as the test says, and remembers them. */
class ScriptedStore {
  readonly batches: (readonly ZoneCommit[])[] = [];
  answer: (batch: readonly ZoneCommit[]) => Promise<readonly CommitOutcome[]> = async (batch) => batch.map(() => COMMITTED);

  commit(batch: readonly ZoneCommit[]): Promise<readonly CommitOutcome[]> {
    this.batches.push(batch);
    return this.answer(batch);
  }
}

function started() {
  const store = new ScriptedStore();
  const clock = new FakeClock();
  const telemetry = new RecordingTelemetry();
  const committer = new Committer({ store, clock, telemetry, costs: new CostMeter(), log: new RecordingLog() });
  return { store, clock, telemetry, committer };
}

const turn = () => new Promise(setImmediate);

describe('the committer', () => {
  it('writes the commits of one moment as one batch', async () => {
    const { store, committer } = started();
    const zones = [newUuid<ZoneId>(), newUuid<ZoneId>()];

    await Promise.all(zones.map((zone) => committer.commit(commitOf(zone))));

    expect(store.batches.map((batch) => batch.map(({ zone }) => zone))).to.deep.equal([zones]);
  });

  it('collects what comes while a batch is being written', async () => {
    const { store, committer } = started();
    let release = () => {};
    store.answer = (batch) =>
      new Promise((resolve) => {
        release = () => resolve(batch.map(() => COMMITTED));
      });
    const first = committer.commit(commitOf(newUuid()));
    await turn();
    const later = [committer.commit(commitOf(newUuid())), committer.commit(commitOf(newUuid()))];
    release();
    await first;
    await turn();
    release();
    await Promise.all(later);

    expect(store.batches.map((batch) => batch.length)).to.deep.equal([1, 2]);
  });

  it('gives each zone its own outcome, and counts the refused ones', async () => {
    const { store, telemetry, committer } = started();
    store.answer = async () => [COMMITTED, { type: 'refused', reason: 'epoch' }];

    const outcomes = await Promise.all([committer.commit(commitOf(newUuid())), committer.commit(commitOf(newUuid()))]);

    expect(outcomes.map(({ type }) => type)).to.deep.equal(['committed', 'refused']);
    expect(telemetry.counts.get('commits_refused_total')).to.equal(1);
  });

  it('asks a store that is away again with the same batch, and says once that it is stalled', async () => {
    const { store, clock, committer } = started();
    let stalls = 0;
    store.answer = async () => {
      throw new StoreUnavailableError('away');
    };
    const outcome = committer.commit(commitOf(newUuid()), () => {
      stalls += 1;
    });
    await turn();
    await clock.advanceAsync(100);
    expect(committer.stalled).to.equal(true);
    store.answer = async (batch) => batch.map(() => COMMITTED);
    await clock.advanceAsync(2_000);

    expect((await outcome).type).to.equal('committed');
    expect({ stalls, stalled: committer.stalled }).to.deep.equal({ stalls: 1, stalled: false });
    expect(new Set(store.batches).size).to.equal(store.batches.length);
    expect(store.batches.every((batch) => batch[0] === store.batches[0]?.[0])).to.equal(true);
  });

  it('takes a store that does not answer for away, until it does', async () => {
    const { store, clock, committer } = started();
    let stalls = 0;
    let answer = () => {};
    store.answer = (batch) =>
      new Promise((resolve) => {
        answer = () => resolve(batch.map(() => COMMITTED));
      });
    const first = committer.commit(commitOf(newUuid()), () => {
      stalls += 1;
    });
    await turn();
    await clock.advanceAsync(2_999);
    const before = committer.stalled;
    await clock.advanceAsync(1);
    const after = committer.stalled;
    const second = committer.commit(commitOf(newUuid()), () => {
      stalls += 1;
    });
    answer();
    await first;
    await turn();
    answer();
    await second;

    expect({ before, after, stalls, now: committer.stalled }).to.deep.equal({
      before: false,
      after: true,
      stalls: 2,
      now: false,
    });
    expect(store.batches).to.have.length(2);
  });

  it('gives up at once when the world is not ours any more', async () => {
    const { store, clock, committer } = started();
    store.answer = async () => {
      throw new OwnershipLostError('another server');
    };

    const failure = await committer.commit(commitOf(newUuid())).catch((error: unknown) => error);

    expect(failure).to.be.instanceOf(OwnershipLostError);
    await clock.advanceAsync(60_000);
    expect([store.batches.length, committer.length], 'nothing is tried again').to.deep.equal([1, 0]);
  });
});
