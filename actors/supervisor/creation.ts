/**
 * The creation of zones. One whose answer was lost may have been done: its name is taken then, so it is found out, and the zone
 * is there a second later.
 */
import type { JsonObject } from '../../games/contract.js';
import { StoreUnavailableError } from '../errors.js';
import { newUuid, type ZoneId } from '../ids.js';
import { insist } from '../insisting.js';
import type { Clock, ZoneCatalog } from '../ports.js';
import type { ZoneInfo } from '../records.js';
import type { Log } from '../telemetry.js';
import type { ZoneDirectory } from './zone-directory.js';

export interface CreationDeps {
  readonly catalog: Pick<ZoneCatalog, 'create' | 'list'>;
  readonly directory: ZoneDirectory;
  readonly clock: Clock;
  readonly log: Log;
}

/** Sizes in cells. */
export interface NewZone {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly metadata: JsonObject;
}

/** What was under way in the store when an answer was lost has ended after this. */
const UNSURE_MS = 1_000;

export class Creations {
  /** Zones of which nobody knows whether they were made. */
  readonly #unsure = new Set<ZoneId>();
  #stopped = false;

  constructor(private readonly deps: CreationDeps) {}

  /** Durable when it resolves. Rejects with `StoreUnavailableError`; the zone may be there all the same. */
  async create(zone: NewZone): Promise<ZoneInfo | 'name_taken'> {
    const { clock, catalog, directory } = this.deps;
    const nowMs = clock.epochMs();
    const id = newUuid<ZoneId>();
    const created = await catalog.create({ ...zone, id, createdAtMs: nowMs, updatedAtMs: nowMs }).catch((error: unknown) => {
      if (error instanceof StoreUnavailableError) this.#learn(id);
      throw error;
    });
    if (!created) return 'name_taken';
    directory.set(created);
    return created;
  }

  /** Nobody needs to know any more. */
  stop(): void {
    this.#stopped = true;
  }

  /** One look at the store is for all of them. */
  #learn(id: ZoneId): void {
    this.#unsure.add(id);
    if (this.#unsure.size > 1) return;
    this.#learnAll()
      .catch((error: unknown) => {
        if (!this.#stopped) this.deps.log.warn({ err: error }, 'whether a zone was made could not be found out');
      })
      .finally(() => this.#unsure.clear());
  }

  async #learnAll(): Promise<void> {
    const { clock, catalog, directory } = this.deps;
    while (this.#unsure.size > 0 && !this.#stopped) {
      await new Promise<void>((resolve) => clock.after(UNSURE_MS, resolve));
      const asked = new Set(this.#unsure);
      const zones = await insist(
        clock,
        () => catalog.list(),
        () => this.#stopped,
      );
      for (const zone of zones) if (asked.has(zone.id)) directory.set(zone);
      for (const id of asked) this.#unsure.delete(id);
    }
  }
}
