/**
 * Which worker hosts which zone: sticky, on the one with the least measured work; and which zones should
 * move when one worker has much more than another. Pure bookkeeping; moving is the pool's.
 */
import type { ZoneId } from '../../../actors/ids.js';

/** Weight of the newest measurement in a zone's mean step time. */
const NEWEST = 0.1;
/** Below this share of the tick interval a worker is not overloaded, however idle the others are. */
const BUSY_SHARE = 0.6;
/** A zone counts as a little work before it was ever measured, so that new ones spread. */
const UNMEASURED_MS = 0.05;
/** Each move costs its zone a restore, and what it does to the loads is measured before there are more. */
const MOVES_AT_ONCE = 16;

interface Place {
  /** null: it is resident nowhere just now, but what was measured of it is known. */
  worker: number | null;
  stepMs: number;
}

export class Placement {
  readonly #zones = new Map<ZoneId, Place>();
  readonly #loadsMs: number[];

  constructor(workers: number) {
    this.#loadsMs = Array.from({ length: workers }, () => 0);
  }

  /** The worker of a zone; undefined: it has none. */
  workerOf(zone: ZoneId): number | undefined {
    return this.#zones.get(zone)?.worker ?? undefined;
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
    this.vacate(zone);
    const worker = this.#loadsMs.indexOf(Math.min(...this.#loadsMs));
    this.#zones.set(zone, { worker, stepMs });
    this.#add(worker, stepMs);
    return worker;
  }

  /** Its worker is gone, and it will be placed again. */
  vacate(zone: ZoneId): void {
    const place = this.#zones.get(zone);
    if (!place) return;
    this.#add(place.worker, -place.stepMs);
    place.worker = null;
  }

  /** It sleeps, or is no more. */
  remove(zone: ZoneId): void {
    this.vacate(zone);
    this.#zones.delete(zone);
  }

  measured(zone: ZoneId, stepMs: number): void {
    const place = this.#zones.get(zone);
    if (!place) return;
    const change = (stepMs - place.stepMs) * NEWEST;
    place.stepMs += change;
    this.#add(place.worker, change);
  }

  /** Milliseconds of game work a tick, by worker. */
  loadsMs(): readonly number[] {
    return this.#loadsMs;
  }

  /** Zones to move off the busiest worker, the one that evens things out most first; []: none is overloaded, or no move helps. */
  moves(tickIntervalMs: number): readonly ZoneId[] {
    const most = Math.max(...this.#loadsMs);
    let gapMs = most - Math.min(...this.#loadsMs);
    if (most < tickIntervalMs * BUSY_SHARE) return [];
    const movable = new Map(this.zonesOf(this.#loadsMs.indexOf(most)).map((zone) => [zone, this.stepMs(zone)]));
    const chosen: ZoneId[] = [];
    for (; chosen.length < MOVES_AT_ONCE; ) {
      const next = closest(movable, gapMs / 2, gapMs);
      if (!next) break;
      gapMs -= 2 * (movable.get(next) ?? 0);
      movable.delete(next);
      chosen.push(next);
    }
    return chosen;
  }

  #add(worker: number | null, ms: number): void {
    if (worker !== null) this.#loadsMs[worker] = Math.max(0, (this.#loadsMs[worker] ?? 0) + ms);
  }
}

/** The one whose step is nearest to `ms`, of those below `limitMs`: a larger one would only turn the tables. */
function closest(zones: ReadonlyMap<ZoneId, number>, ms: number, limitMs: number): ZoneId | null {
  let best: ZoneId | null = null;
  let distanceMs = Number.POSITIVE_INFINITY;
  for (const [zone, stepMs] of zones) {
    if (stepMs >= limitMs || Math.abs(ms - stepMs) >= distanceMs) continue;
    best = zone;
    distanceMs = Math.abs(ms - stepMs);
  }
  return best;
}
