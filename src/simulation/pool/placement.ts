/**
 * Which worker hosts which zone: sticky, on the one with the least measured work; and which zone should
 * move when one worker has much more than another. Pure bookkeeping; moving is the pool's.
 */
import type { ZoneId } from '../../../actors/ids.js';

/** Weight of the newest measurement in a zone's mean step time. */
const NEWEST = 0.1;
/** Below this share of the tick interval a worker is not overloaded, however idle the others are. */
const BUSY_SHARE = 0.6;
/** A zone counts as a little work before it was ever measured, so that new ones spread. */
const UNMEASURED_MS = 0.05;

export class Placement {
  readonly #zones = new Map<ZoneId, { worker: number; stepMs: number }>();

  constructor(private readonly workers: number) {}

  /** The worker of a zone; undefined: it has none. */
  workerOf(zone: ZoneId): number | undefined {
    return this.#zones.get(zone)?.worker;
  }

  /** Milliseconds that a step of this zone takes, as far as it is known. */
  stepMs(zone: ZoneId): number {
    return this.#zones.get(zone)?.stepMs ?? UNMEASURED_MS;
  }

  zonesOf(worker: number): readonly ZoneId[] {
    return [...this.#zones].filter(([, place]) => place.worker === worker).map(([zone]) => zone);
  }

  /** Puts the zone on the least loaded worker, and answers which. What was measured of it is kept. */
  place(zone: ZoneId): number {
    const stepMs = this.stepMs(zone);
    this.#zones.delete(zone);
    const loads = this.loadsMs();
    const worker = loads.indexOf(Math.min(...loads));
    this.#zones.set(zone, { worker, stepMs });
    return worker;
  }

  remove(zone: ZoneId): void {
    this.#zones.delete(zone);
  }

  measured(zone: ZoneId, stepMs: number): void {
    const place = this.#zones.get(zone);
    if (place) place.stepMs += (stepMs - place.stepMs) * NEWEST;
  }

  /** Milliseconds of game work a tick, by worker. */
  loadsMs(): number[] {
    const loads = Array.from({ length: this.workers }, () => 0);
    for (const { worker, stepMs } of this.#zones.values()) loads[worker] = (loads[worker] ?? 0) + stepMs;
    return loads;
  }

  /** The zone whose move would even things out most; null: no worker is overloaded, or no move helps. */
  bestMove(tickIntervalMs: number): ZoneId | null {
    const loads = this.loadsMs();
    const most = Math.max(...loads);
    const gap = most - Math.min(...loads);
    if (most < tickIntervalMs * BUSY_SHARE || gap <= 0) return null;
    const movable = this.zonesOf(loads.indexOf(most)).filter((zone) => this.stepMs(zone) < gap);
    const distance = (zone: ZoneId) => Math.abs(gap / 2 - this.stepMs(zone));
    return movable.sort((a, b) => distance(a) - distance(b))[0] ?? null;
  }
}
