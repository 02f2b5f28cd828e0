/**
 * A store that a test makes fail: rejected before it did anything, rejected after it was done (so that the
 * outcome is unknown to the caller), or held until the test lets go. Everything else is the store behind it.
 */
import { StoreUnavailableError } from '../../actors/errors.js';
import type { PlaceStore, WorldStore, ZoneCatalog, ZoneStore } from '../../actors/ports.js';
import type { Store } from '../../src/store/store.js';
import { watched } from './ports.js';

/** 'away': nothing is done. 'unknown': it is done, and the answer is lost. */
export type Trouble = 'away' | 'unknown';

interface Plan {
  /** Calls whose name starts with this: 'zones.commit', 'places', or '' for all. */
  readonly calls: string;
  readonly trouble: Trouble;
  /** So many matching calls go well before. */
  skip: number;
  times: number;
}

export class FailingStore {
  readonly zones: ZoneStore;
  readonly catalog: ZoneCatalog;
  readonly places: PlaceStore;
  readonly world: WorldStore;
  /** Names of the calls so far, in order. */
  readonly calls: string[] = [];
  /** Every call is refused while this is true. */
  away = false;
  #plans: Plan[] = [];
  #gates: { readonly calls: string; readonly what: 'call' | 'answer'; readonly opened: Promise<void> }[] = [];
  #working = 0;

  constructor(private readonly inner: Store) {
    const around = (name: string, run: () => Promise<unknown>) => this.#call(name, run);
    this.zones = watched('zones', inner.zones, around);
    this.catalog = watched('catalog', inner.catalog, around);
    this.places = watched('places', inner.places, around);
    this.world = watched('world', inner.world, around);
  }

  /** Calls that are being done; held ones are not. */
  get working(): number {
    return this.#working;
  }

  healthy(): boolean {
    return !this.away && this.inner.healthy();
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  /** The next `times` calls of this name fail, after `skip` that do not. */
  fail(calls: string, trouble: Trouble, { times = 1, skip = 0 } = {}): void {
    this.#plans.push({ calls, trouble, skip, times });
  }

  /** Calls of this name (or only their answers, when all is done) wait until what this answers is called. */
  hold(calls: string, what: 'call' | 'answer' = 'call'): () => void {
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const gate = { calls, what, opened };
    this.#gates.push(gate);
    return () => {
      this.#gates = this.#gates.filter((other) => other !== gate);
      open();
    };
  }

  /** All is well from now on. */
  heal(): void {
    this.away = false;
    this.#plans = [];
  }

  async #call(name: string, run: () => Promise<unknown>): Promise<unknown> {
    this.calls.push(name);
    await this.#passed('call', name);
    const trouble = this.away ? 'away' : this.#troubleOf(name);
    if (trouble === 'away') throw new StoreUnavailableError(`${name}: the test took the store away`);
    this.#working += 1;
    try {
      const answer = await run();
      this.#working -= 1;
      await this.#passed('answer', name);
      this.#working += 1;
      if (trouble === 'unknown') throw new StoreUnavailableError(`${name}: the test lost the answer`);
      return answer;
    } finally {
      this.#working -= 1;
    }
  }

  async #passed(what: 'call' | 'answer', name: string): Promise<void> {
    await this.#gates.find((gate) => gate.what === what && name.startsWith(gate.calls))?.opened;
  }

  #troubleOf(name: string): Trouble | null {
    const plan = this.#plans.find(({ calls }) => name.startsWith(calls));
    if (!plan) return null;
    if (plan.skip > 0) {
      plan.skip -= 1;
      return null;
    }
    plan.times -= 1;
    if (plan.times === 0) this.#plans = this.#plans.filter((other) => other !== plan);
    return plan.trouble;
  }
}
