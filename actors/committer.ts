/**
 * Shares commits: what waits at the same moment goes to the store as one batch, one flush to disk
 * for a whole tick. While one batch is being written the next collects. A store that is away is
 * asked again, with the same batch, until it answers: nothing staged is ever shown or lost.
 * Each zone has at most one commit here, and each player one, so that the queue is bounded by them.
 */
import type { CostMeter } from './costs.js';
import { OwnershipLostError } from './errors.js';
import type { Clock, ZoneStore } from './ports.js';
import type { CommitOutcome, ZoneCommit } from './records.js';
import type { Log, Telemetry } from './telemetry.js';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;
/** A store that has not answered by then counts as away, before its own time limits say so: a dead network says nothing. */
const LATE_MS = 3_000;

interface Waiting {
  readonly commit: ZoneCommit;
  /** Called once, when the store is away. */
  stalled: () => void;
  readonly resolve: (outcome: CommitOutcome) => void;
  readonly reject: (error: unknown) => void;
}

export class Committer {
  #queue: Waiting[] = [];
  /** The batch that is being written; null: none is. */
  #writing: readonly Waiting[] | null = null;
  #retries = 0;
  #late = false;

  constructor(
    private readonly deps: {
      readonly store: Pick<ZoneStore, 'commit'>;
      readonly clock: Clock;
      readonly telemetry: Telemetry;
      readonly costs: Pick<CostMeter, 'addCommit'>;
      readonly log: Log;
    },
  ) {}

  /** Commits that wait or are being written. */
  get length(): number {
    return this.#queue.length + (this.#writing?.length ?? 0);
  }

  /** true: the store does not answer, or has refused to and is being asked again. */
  get stalled(): boolean {
    return this.#late || this.#retries > 0;
  }

  /**
   * Resolves once the outcome is known, however long the store is away; `stalled` is called once when
   * it is, or keeps its answer to itself for three seconds. Rejects only when this world is no longer ours, or on a bug.
   */
  commit(commit: ZoneCommit, stalled: () => void = () => {}): Promise<CommitOutcome> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ commit, stalled, resolve, reject });
      if (this.stalled) this.#tellStalled();
      if (this.#writing) return;
      this.#writing = [];
      // Not at once: the other zones of this tick are about to come with theirs.
      setImmediate(() => void this.#flush());
    });
  }

  async #flush(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      this.#writing = batch;
      await this.#write(batch);
    }
    this.#writing = null;
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    const startedMs = this.deps.clock.monotonicMs();
    for (let attempt = 0; ; attempt += 1) {
      try {
        const outcomes = await this.#asked(batch);
        this.#retries = 0;
        this.deps.telemetry.count('commits_total');
        this.#measured(this.deps.clock.monotonicMs() - startedMs);
        this.deps.telemetry.count('commits_refused_total', outcomes.filter(({ type }) => type === 'refused').length);
        batch.forEach(({ resolve, reject }, i) => {
          const outcome = outcomes[i];
          if (outcome) resolve(outcome);
          else reject(new Error('the store answered fewer outcomes than commits'));
        });
        return;
      } catch (error) {
        if (error instanceof OwnershipLostError) {
          for (const { reject } of batch) reject(error);
          return;
        }
        await this.#waitForStore(batch, attempt, error);
      }
    }
  }

  async #asked(batch: readonly Waiting[]): Promise<readonly CommitOutcome[]> {
    const cancel = this.deps.clock.after(LATE_MS, () => {
      this.#late = true;
      this.deps.log.warn({ zones: batch.length }, 'the store does not answer: ticks are held');
      this.#tellStalled();
    });
    try {
      return await this.deps.store.commit(batch.map(({ commit }) => commit));
    } finally {
      this.#late = false;
      cancel();
    }
  }

  #measured(ms: number): void {
    this.deps.telemetry.observe('commit_ms', ms);
    this.deps.costs.addCommit(ms);
  }

  async #waitForStore(batch: readonly Waiting[], attempt: number, error: unknown): Promise<void> {
    this.#retries += 1;
    this.deps.telemetry.count('commit_retries_total');
    if (attempt === 0) {
      this.deps.log.warn({ err: error, zones: batch.length }, 'the store is away: ticks are held, and tried again');
    }
    this.#tellStalled();
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** attempt, LONGEST_RETRY_MS);
    await new Promise<void>((resolve) => this.deps.clock.after(delayMs, resolve));
  }

  /** Those behind the batch wait as it does. */
  #tellStalled(): void {
    for (const waiting of [...(this.#writing ?? []), ...this.#queue]) {
      waiting.stalled();
      waiting.stalled = () => {};
    }
  }
}
