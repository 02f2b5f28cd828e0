/**
 * Zones that a kill left with journal rows behind their checkpoint. What must be live at a start is restored from both;
 * the others are folded one after the other while the world runs already, and sooner where somebody asks for them.
 * Until then the `entities` table is behind for them; everything else that is stored of a sleeping zone is as it should be.
 */
import { OwnershipLostError, StoreUnavailableError } from '../errors.js';
import type { ZoneId } from '../ids.js';
import type { Clock } from '../ports.js';
import type { Log } from '../telemetry.js';

/** Enough to share a transaction, few enough not to hold up a tick. */
const FOLDED_AT_ONCE = 8;
const RETRY_MS = 1_000;

export interface UnfoldedDeps {
  /** Writes the checkpoint that stands for the zone and its journal; takes the zone over for that. Rejects while the store is away. */
  fold(zone: ZoneId): Promise<void>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

export class Unfolded {
  readonly #left: Set<ZoneId>;
  readonly #folding = new Map<ZoneId, Promise<void>>();
  #isAwake: (zone: ZoneId) => boolean = () => false;
  #stopped = false;
  #work: Promise<void> = Promise.resolve();

  constructor(
    zones: readonly ZoneId[],
    private readonly deps: UnfoldedDeps,
  ) {
    this.#left = new Set(zones);
  }

  get size(): number {
    return this.#left.size;
  }

  /** Resolves once the tables have all that was committed of the zone, or the zone is awake and answers itself. */
  async settle(zone: ZoneId): Promise<void> {
    // Its sleep writes what is missing here. To take it over now would end the incarnation that runs.
    if (this.#isAwake(zone)) this.#left.delete(zone);
    if (this.#left.has(zone)) await (this.#folding.get(zone) ?? this.#fold(zone));
  }

  /** As `settle`, of all zones. */
  settleAll(): Promise<void> {
    return this.#work;
  }

  /** Begins to fold those that nobody needs. */
  start(isAwake: (zone: ZoneId) => boolean): void {
    this.#isAwake = isAwake;
    if (this.#left.size > 0) this.#work = this.#foldAll();
  }

  /** Resolves when nothing is being folded any more; what is left is left to the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.allSettled(this.#folding.values());
  }

  async #foldAll(): Promise<void> {
    const { log } = this.deps;
    const zones = [...this.#left];
    for (let from = 0; from < zones.length; from += FOLDED_AT_ONCE) {
      await this.#foldTogether(zones.slice(from, from + FOLDED_AT_ONCE));
      if (this.#stopped) return;
    }
    log.info({ zones: zones.length }, 'journals folded into checkpoints, or taken up by their zones');
  }

  async #foldTogether(zones: readonly ZoneId[]): Promise<void> {
    while (!this.#stopped) {
      const outcomes = await Promise.allSettled(zones.map((zone) => this.settle(zone)));
      const errors: unknown[] = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
      // The heartbeat finds that out too, and ends the server.
      if (errors.some((error) => error instanceof OwnershipLostError)) return;
      // One that cannot be read holds up no other: whoever asks for it is told.
      for (const err of errors) this.deps.log.warn({ err }, 'a journal is not folded into its checkpoint');
      if (!errors.some((error) => error instanceof StoreUnavailableError)) return;
      await new Promise<void>((resolve) => this.deps.clock.after(RETRY_MS, resolve));
    }
  }

  #fold(zone: ZoneId): Promise<void> {
    const folding = this.deps
      .fold(zone)
      .then(() => void this.#left.delete(zone))
      .finally(() => this.#folding.delete(zone));
    this.#folding.set(zone, folding);
    return folding;
  }
}
