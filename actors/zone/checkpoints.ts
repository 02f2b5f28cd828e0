/**
 * When one incarnation of a zone writes its state, and that it does: in the background after so many rows or so long, when it
 * goes to sleep, and on request. A checkpoint that is not written costs a longer journal, no more.
 */
import { StoreUnavailableError } from '../errors.js';
import type { ZoneId } from '../ids.js';
import type { Clock, Simulation, ZoneStore } from '../ports.js';
import type { Telemetry } from '../telemetry.js';
import type { ZoneSlot } from './slot.js';
import { Unprojected } from './unprojected.js';

export interface CheckpointsDeps {
  readonly simulation: Pick<Simulation, 'checkpoint'>;
  readonly store: Pick<ZoneStore, 'checkpoint'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly telemetry: Telemetry;
}

/** Rows in the journal behind the checkpoint, or time since it, after which a new one is written in the background. */
const EVERY_ROWS = 500;
const EVERY_MS = 60_000;

export class Checkpoints {
  readonly #unprojected = new Unprojected();
  #rowsSince = 0;
  #lastAtMs: number;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly slot: ZoneSlot,
    private readonly deps: CheckpointsDeps,
  ) {
    // As if the last one had been a while ago, for each zone another: those that wake together must not write together.
    this.#lastAtMs = deps.clock.monotonicMs() - (shareOf(slot.zone) * EVERY_MS) / 2;
  }

  /** So many rows of the journal were written. */
  wroteRows(rows: number): void {
    this.#rowsSince += rows;
  }

  /** Between two ticks: begins one in the background where it is due. `failed` is told of what is no lack of a store. */
  consider(failed: (error: unknown) => void): void {
    const nowMs = this.deps.clock.monotonicMs();
    const due = this.#rowsSince >= EVERY_ROWS || nowMs - this.#lastAtMs >= EVERY_MS;
    // What was shown and is not written yet must not be in a state that is.
    if (!due || this.#rowsSince === 0 || this.slot.owed.rows > 0) return;
    this.#lastAtMs = nowMs;
    this.#rowsSince = 0;
    this.#writing = this.write(true).catch(failed);
  }

  /** Resolves when what runs in the background has ended. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  /** Counts as running in the background, however it ends. */
  follow(writing: Promise<unknown>): void {
    this.#writing = writing.catch(() => undefined);
  }

  /**
   * Writes the zone's state as of its last committed tick; `live` false: it goes to sleep with it. false: it was not
   * written, because something for the zone came in, or the store is away.
   */
  async write(live: boolean): Promise<boolean> {
    const { slot, deps } = this;
    this.#unprojected.add(await deps.simulation.checkpoint(slot.zone));
    const checkpoint = this.#unprojected.whole();
    try {
      const wakeAtMs = live ? undefined : slot.wakeAtMs;
      const [written] = await deps.store.checkpoint([{ ...checkpoint, zone: slot.zone, epoch: slot.epoch, live, wakeAtMs }]);
      if (written) this.#unprojected.written(checkpoint);
      return written === true;
    } catch (error) {
      deps.telemetry.count('store_errors_total');
      if (error instanceof StoreUnavailableError) return false;
      throw error;
    }
  }
}

/** From 0 to 1, evenly over all zones: the first digits of an id are random. */
function shareOf(zone: ZoneId): number {
  return Number.parseInt(zone.slice(0, 8), 16) / 2 ** 32;
}
