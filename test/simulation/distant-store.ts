/**
 * The store in memory, as a process reaches it: every call and every answer takes a while, and may be lost with the
 * process. `FailingStore` is in between for calls that fail; besides, one zone's rows may be refused or spoiled.
 * What a call does it does whole, at one instant: a power cut within a write is for tests of the databases.
 */
import { StoreUnavailableError } from '../../actors/errors.js';
import type { ZoneId } from '../../actors/ids.js';
import type { CommitOutcome, ZoneCommit } from '../../actors/records.js';
import type { MemoryWorld } from '../../src/store/memory/open.js';
import type { Store } from '../../src/store/store.js';
import { FailingStore } from '../support/failing-store.js';
import { overlaid, watched } from '../support/ports.js';
import type { ProcessClock } from './process-clock.js';
import type { Trace } from './trace.js';

const USUAL_MS = 6;

export class DistantStore {
  readonly failing: FailingStore;
  readonly store: Pick<Store, 'zones' | 'catalog' | 'places' | 'world'>;
  /** What each call and each answer takes at most. */
  slowestMs = USUAL_MS;
  /** The next commit of this zone is answered as failed. */
  readonly spoiled = new Set<ZoneId>();
  /** Somebody else claims this zone just before its next commit. */
  readonly stolen = new Set<ZoneId>();

  constructor(
    inner: Store,
    private readonly deps: {
      readonly clock: ProcessClock;
      readonly slowness: () => number;
      readonly trace: Trace;
      readonly stored: MemoryWorld;
    },
  ) {
    const commit = (batch: readonly ZoneCommit[]) => this.#commit(inner, batch);
    const remove = () => Promise.reject(new StoreUnavailableError('no zone is ever deleted'));
    this.failing = new FailingStore({
      ...inner,
      zones: overlaid(inner.zones, { commit }),
      catalog: overlaid(inner.catalog, { remove }),
    });
    const { zones, catalog, places, world } = this.failing;
    const around = (name: string, run: () => Promise<unknown>) => this.#call(name, run);
    this.store = {
      zones: watched('zones', zones, around),
      catalog: watched('catalog', catalog, around),
      places: watched('places', places, around),
      world: watched('world', world, around),
    };
  }

  /** All is well from now on. */
  heal(): void {
    this.failing.heal();
    this.slowestMs = USUAL_MS;
    this.spoiled.clear();
    this.stolen.clear();
  }

  async #call(name: string, run: () => Promise<unknown>): Promise<unknown> {
    await this.#travel();
    const outcome = await run().then(
      (answer) => ({ answer }),
      (error: unknown) => ({ error }),
    );
    this.deps.trace.add(`store ${name}${'error' in outcome ? ` failed: ${outcome.error}` : ''}`);
    await this.#travel();
    if ('error' in outcome) throw outcome.error;
    return outcome.answer;
  }

  /** Never ends where the process does. */
  #travel(): Promise<void> {
    return new Promise((resolve) => this.deps.clock.after(this.slowestMs * this.deps.slowness(), resolve));
  }

  /** It comes again, after an answer that was lost: what is written already cannot be spoiled. */
  #isThere({ zone, rows }: ZoneCommit): boolean {
    const journal = this.deps.stored.journal.get(zone);
    return rows.some(({ tick }) => journal?.has(tick));
  }

  async #commit({ zones }: Store, batch: readonly ZoneCommit[]): Promise<readonly CommitOutcome[]> {
    for (const { zone } of batch) if (this.stolen.delete(zone)) await zones.claim(zone);
    const spoiled = batch.filter((commit) => !this.#isThere(commit) && this.spoiled.delete(commit.zone));
    const outcomes = [...(await zones.commit(batch.filter((commit) => !spoiled.includes(commit))))];
    return batch.map((commit) => {
      const outcome = spoiled.includes(commit) ? SPOILED : (outcomes.shift() ?? SPOILED);
      const ticks = commit.rows.map(({ tick }) => tick).join(' ');
      this.deps.trace.add(`commit ${commit.zone} at ${ticks || 'no tick'}: ${outcome.type}`);
      return outcome;
    });
  }
}

const SPOILED: CommitOutcome = { type: 'failed', error: new Error('the row is spoiled') };
