/**
 * The way a walker goes: round a small square, so that where it stands says how many of its last steps were done.
 * That measures how long an intent takes to be seen in the same way on every server, whatever it acknowledges.
 */
import type { Cell } from '../../games/arena/rules.js';

export interface Step {
  readonly dx: number;
  readonly dy: number;
}

const SIDE = 4;
/** Steps of a lap; no cell comes twice in it. */
export const LAP_STEPS = 4 * SIDE;

/** Step number `number`, from 0. */
export function stepOf(number: number): Step {
  switch (Math.floor((number % LAP_STEPS) / SIDE)) {
    case 0:
      return { dx: 1, dy: 0 };
    case 1:
      return { dx: 0, dy: 1 };
    case 2:
      return { dx: -1, dy: 0 };
    default:
      return { dx: 0, dy: -1 };
  }
}

/** How many steps of a lap lead from `spawn` to `cell`; null: it does not lie on the way. */
export function lapPlace(spawn: Cell, cell: Cell): number | null {
  const dx = cell.x - spawn.x;
  const dy = cell.y - spawn.y;
  if (dx < 0 || dx > SIDE || dy < 0 || dy > SIDE) return null;
  if (dy === 0 && dx < SIDE) return dx;
  if (dx === SIDE && dy < SIDE) return SIDE + dy;
  if (dy === SIDE && dx > 0) return 2 * SIDE + (SIDE - dx);
  return dx === 0 ? 3 * SIDE + (SIDE - dy) : null;
}

/** When each of a walker's steps was sent, and which of them have been seen. */
export class Sightings {
  readonly #spawn: Cell;
  readonly #sentAtMs = new Float64Array(LAP_STEPS);
  #sent = 0;
  #seen = 0;

  constructor(spawn: Cell) {
    this.#spawn = spawn;
  }

  sent(nowMs: number): void {
    this.#sentAtMs[this.#sent % LAP_STEPS] = nowMs;
    this.#sent++;
  }

  /** The walker was seen there: calls back with how long each step took that had not been seen before. */
  seen(cell: Cell, nowMs: number, latency: (ms: number) => void): void {
    const place = lapPlace(this.#spawn, cell);
    if (place === null) return;
    // The newest step that leads there. Whole laps behind cannot be told from none, but by then nothing is in time.
    const behind = (((this.#sent - place) % LAP_STEPS) + LAP_STEPS) % LAP_STEPS;
    const reached = this.#sent - behind;
    for (let step = Math.max(this.#seen, this.#sent - LAP_STEPS); step < reached; step++) {
      latency(nowMs - (this.#sentAtMs[step % LAP_STEPS] ?? nowMs));
    }
    this.#seen = Math.max(this.#seen, reached);
  }
}
