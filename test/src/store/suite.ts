/**
 * The one suite that every store passes: memory, SQLite and Postgres.
 */
import type { Store } from '../../../src/store/open.js';
import { accountCases } from './cases/accounts.js';
import { commitCases } from './cases/commits.js';
import { conservationCases } from './cases/conservation.js';
import { historyCases } from './cases/history.js';
import { linkCases } from './cases/links.js';
import { placeCases } from './cases/places.js';
import { returnCases } from './cases/returns.js';
import { worldCases } from './cases/world.js';
import { zoneCases } from './cases/zones.js';
import { Bench, type Harness } from './harness.js';

/** What a case works with; `reopen` ends the store as a kill does and opens the same database again. */
export interface Fixture {
  readonly harness: Harness;
  readonly store: Store;
  readonly bench: Bench;
  reopen(): Promise<void>;
}

/** `conservationRuns`: how many random histories; as many as the database plays in two seconds or so. */
export function storeSuite(name: string, makeHarness: () => Promise<Harness>, conservationRuns: number): void {
  describe(`store on ${name}`, () => {
    const fixture = new OpenFixture(makeHarness);
    beforeEach(() => fixture.open());
    afterEach(() => fixture.dispose());

    commitCases(fixture);
    returnCases(fixture);
    zoneCases(fixture);
    linkCases(fixture);
    placeCases(fixture);
    worldCases(fixture);
    historyCases(fixture);
    accountCases(fixture);
    conservationCases(makeHarness, conservationRuns);
  });
}

class OpenFixture implements Fixture {
  #open: { harness: Harness; store: Store; bench: Bench } | null = null;

  constructor(private readonly makeHarness: () => Promise<Harness>) {}

  get harness(): Harness {
    return this.#opened().harness;
  }
  get store(): Store {
    return this.#opened().store;
  }
  get bench(): Bench {
    return this.#opened().bench;
  }

  async open(): Promise<void> {
    const harness = await this.makeHarness();
    const store = await harness.open();
    this.#open = { harness, store, bench: new Bench(store) };
  }

  async reopen(): Promise<void> {
    const { harness } = this;
    await harness.kill(this.store);
    const store = await harness.open();
    this.#open = { harness, store, bench: new Bench(store) };
  }

  async dispose(): Promise<void> {
    await this.store.close();
    await this.harness.dispose();
    this.#open = null;
  }

  #opened(): { harness: Harness; store: Store; bench: Bench } {
    if (!this.#open) throw new Error('the store is not open');
    return this.#open;
  }
}
