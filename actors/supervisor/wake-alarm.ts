/**
 * Wakes sleeping zones whose `wakeAt` has come. Wishes of sleeping zones are rows, so that a world
 * of 100,000 of them costs one timer: it stands at the next one, and reads the due ones then.
 */
import type { ZoneId } from '../ids.js';
import type { Clock, ZoneCatalog } from '../ports.js';

/** Timers of the platform hold 24 days; and a clock that is set is noticed within this. */
const LONGEST_SLEEP_MS = 60_000;
const RETRY_MS = 1_000;

export class WakeAlarm {
  #cancel: (() => void) | null = null;
  #nextMs = Number.POSITIVE_INFINITY;
  #stopped = false;

  constructor(
    private readonly deps: {
      readonly catalog: Pick<ZoneCatalog, 'due' | 'nextWake'>;
      readonly clock: Clock;
      readonly wake: (zones: readonly ZoneId[]) => void;
    },
  ) {}

  /** Wakes what is due now, and stands at the next one. Rejects when the store is away. */
  async start(): Promise<void> {
    await this.#ring();
  }

  /** A zone went to sleep with this wish. */
  consider(wakeAtMs: number | null): void {
    if (wakeAtMs === null || wakeAtMs >= this.#nextMs) return;
    this.#nextMs = wakeAtMs;
    this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  async #ring(): Promise<void> {
    const nowMs = this.deps.clock.epochMs();
    this.#nextMs = Number.POSITIVE_INFINITY;
    const due = await this.deps.catalog.due(nowMs);
    const nextMs = await this.deps.catalog.nextWake(nowMs);
    if (this.#stopped) return;
    this.deps.wake(due);
    this.#nextMs = Math.min(this.#nextMs, nextMs ?? Number.POSITIVE_INFINITY);
    this.#arm();
  }

  #arm(): void {
    this.#cancel?.();
    if (this.#stopped || this.#nextMs === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.min(Math.max(0, this.#nextMs - this.deps.clock.epochMs()), LONGEST_SLEEP_MS);
    this.#cancel = this.deps.clock.after(delayMs, () => this.#due());
  }

  #due(): void {
    if (this.deps.clock.epochMs() < this.#nextMs) return this.#arm();
    this.#ring().catch(() => {
      this.#nextMs = this.deps.clock.epochMs();
      this.#cancel?.();
      if (!this.#stopped) this.#cancel = this.deps.clock.after(RETRY_MS, () => this.#due());
    });
  }
}
