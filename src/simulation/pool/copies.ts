/**
 * Keeps the copies of strips in the worker threads in step: each change of a zone's strip goes once to every worker
 * that hosts a zone beside it, and a worker that begins to host one gets whole strips from a worker that has them.
 * Strips are texts here, and nothing looks into them.
 */
import type { ZoneId } from '../../../actors/ids.js';
import { Board } from '../borders/board.js';

/** A worker's copy of a strip. `behind`: what has changed since a whole one was asked for elsewhere; null: it is there. */
interface Copy {
  behind: string[] | null;
}

export interface CopiesDeps {
  readonly workers: number;
  showWhole(worker: number, zone: ZoneId, whole: string): void;
  showChange(worker: number, zone: ZoneId, change: string): void;
  /** The strip as that worker has it; null: it has none. Rejects when the worker is gone. */
  strip(worker: number, zone: ZoneId): Promise<string | null>;
}

export class Copies {
  /** By worker. */
  readonly #boards: Board<Copy>[];

  constructor(private readonly deps: CopiesDeps) {
    this.#boards = Array.from({ length: deps.workers }, () => new Board());
  }

  /** To be called as the worker is told to load the zone, so that both forget and keep the same strips. */
  host(worker: number, zone: ZoneId, neighbors: readonly ZoneId[]): void {
    this.#board(worker).host(zone, neighbors);
    this.#board(worker).set(zone, { behind: null });
  }

  /** To be called as the worker is told to drop the zone, or has failed to load it. */
  leave(worker: number, zone: ZoneId): void {
    this.#board(worker).leave(zone);
  }

  /** The zone is no more. */
  forget(zone: ZoneId): void {
    for (const board of this.#boards) board.forget(zone);
  }

  /** All that the worker had is gone. */
  lost(worker: number): void {
    this.#boards[worker] = new Board();
  }

  /** A zone that was restored or moved shows itself anew, wherever it can be seen. Rejects when its worker is gone. */
  async showAnew(worker: number, zone: ZoneId): Promise<void> {
    if (!this.#others(worker).some((other) => this.#board(other).wants(zone))) return;
    const whole = await this.deps.strip(worker, zone);
    if (whole === null) return;
    for (const other of this.#others(worker)) {
      if (!this.#board(other).wants(zone)) continue;
      this.#board(other).set(zone, { behind: null });
      this.deps.showWhole(other, zone, whole);
    }
  }

  change(worker: number, zone: ZoneId, change: string): void {
    for (const other of this.#others(worker)) {
      const copy = this.#board(other).get(zone);
      if (copy?.behind) copy.behind.push(change);
      else if (copy) this.deps.showChange(other, zone, change);
    }
  }

  /** Gets the worker this strip; false: no worker has it. */
  async fetch(worker: number, zone: ZoneId): Promise<boolean> {
    const source = this.#others(worker).find((other) => this.#board(other).get(zone)?.behind === null);
    if (source === undefined) return false;
    // What is published from now on is not in the answer, and follows it.
    const copy: Copy = { behind: [] };
    this.#board(worker).set(zone, copy);
    const whole = await this.deps.strip(source, zone).catch(() => null);
    const isStillAsked = this.#board(worker).get(zone) === copy;
    // Another one came meanwhile, newer than this; or nobody wants it any more.
    if (!isStillAsked) return true;
    if (whole === null) {
      this.#board(worker).drop(zone);
      return false;
    }
    this.deps.showWhole(worker, zone, whole);
    for (const change of copy.behind ?? []) this.deps.showChange(worker, zone, change);
    copy.behind = null;
    return true;
  }

  /** The worker is told what is stored of the zone, unless it has it from a better source. */
  stored(worker: number, zone: ZoneId): boolean {
    if (this.#board(worker).get(zone)) return false;
    this.#board(worker).set(zone, { behind: null });
    return true;
  }

  #others(worker: number): readonly number[] {
    return [...this.#boards.keys()].filter((other) => other !== worker);
  }

  #board(worker: number): Board<Copy> {
    const board = this.#boards[worker];
    if (!board) throw new Error(`there is no worker ${worker}`);
    return board;
  }
}
