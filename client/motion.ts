/**
 * Smooth motion between ticks: each state moves things on from where they are shown to where they are, in the time
 * that states have lately taken to come. So a late state slows a thing down, and nothing ever jumps but what
 * should: what is new, what is far away, and everything in another zone.
 */
import type { JsonObject } from './binary.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface MotionOptions {
  /** Steps longer than this, in cells, are no walk; 4 unless said otherwise. */
  readonly jumpCells?: number;
  /** Where a thing is; by default by its `x` and `y`. Null: it is not shown. */
  readonly positionOf?: (entity: JsonObject) => Point | null;
}

interface Glide {
  readonly from: Point;
  readonly to: Point;
  readonly sinceMs: number;
  readonly durationMs: number;
}

const JUMP_CELLS = 4;
const FIRST_INTERVAL_MS = 250;
/** A pause of the world, a sleeping laptop: the next state does not take as long again. */
const LONGEST_INTERVAL_MS = 2000;

export class Motion {
  #glides = new Map<string, Glide>();
  #zone: string | null = null;
  #intervalMs = FIRST_INTERVAL_MS;
  #heardAtMs: number | null = null;

  constructor(private readonly options: MotionOptions = {}) {}

  /** How long a state takes to come, as it was lately. */
  get intervalMs(): number {
    return this.#intervalMs;
  }

  /** A state came, at that time of a clock that does not go back. */
  take({ zone, state }: { readonly zone: string; readonly state: JsonObject }, nowMs: number): void {
    const isSameZone = zone === this.#zone;
    this.#pace(nowMs, isSameZone);
    this.#zone = zone;
    const glides = new Map<string, Glide>();
    for (const entity of entitiesOf(state)) {
      const to = (this.options.positionOf ?? cellOf)(entity);
      if (to) glides.set(String(entity.id), this.#glide(String(entity.id), to, nowMs, isSameZone));
    }
    this.#glides = glides;
  }

  /** Where that thing is shown at that time; null: it is not there. */
  at(id: string, nowMs: number): Point | null {
    const glide = this.#glides.get(id);
    if (!glide) return null;
    const { from, to, sinceMs, durationMs } = glide;
    const part = Math.min(1, Math.max(0, (nowMs - sinceMs) / durationMs));
    return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
  }

  /** Is anything on its way at that time? If not, all looks as it did a moment ago. */
  isMoving(nowMs: number): boolean {
    for (const { from, to, sinceMs, durationMs } of this.#glides.values()) {
      if ((from.x !== to.x || from.y !== to.y) && nowMs < sinceMs + durationMs) return true;
    }
    return false;
  }

  #glide(id: string, to: Point, nowMs: number, isSameZone: boolean): Glide {
    const shown = isSameZone ? this.at(id, nowMs) : null;
    const isWalk = shown && Math.hypot(to.x - shown.x, to.y - shown.y) <= (this.options.jumpCells ?? JUMP_CELLS);
    return { from: isWalk ? shown : to, to, sinceMs: nowMs, durationMs: this.#intervalMs };
  }

  #pace(nowMs: number, isSameZone: boolean): void {
    if (isSameZone && this.#heardAtMs !== null) {
      const tookMs = Math.min(LONGEST_INTERVAL_MS, nowMs - this.#heardAtMs);
      this.#intervalMs += (tookMs - this.#intervalMs) / 4;
    }
    this.#heardAtMs = nowMs;
  }
}

function cellOf({ x, y }: JsonObject): Point | null {
  return typeof x === 'number' && typeof y === 'number' ? { x, y } : null;
}

function entitiesOf({ entities }: JsonObject): readonly JsonObject[] {
  return Array.isArray(entities) ? entities : [];
}
