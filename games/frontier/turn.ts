/**
 * One tick of one cell while it is being decided: the result as it grows, and what is spoken for already. The game makes one
 * for each tick and drops it, so the game as a whole stays a function of the tick.
 */
import type { EntityCreate, EntityUpdate, GameMessage, Neighbor, Send, Tick, TickResult, Transfer } from '../contract.js';
import type { Cell } from './grid.js';
import { type Crossing, neighborOf } from './handover.js';
import type { Message } from './messages.js';
import type { Rules } from './rules.js';

export class Turn {
  readonly result: Draft = {
    creates: [],
    updates: [],
    transfers: [],
    deletes: [],
    messages: [],
    playerStates: [],
    sends: [],
    metrics: {},
  };
  readonly #claims = new Set<string>();

  constructor(
    readonly tick: Tick<Message>,
    readonly rules: Rules,
    readonly cell: Cell,
  ) {}

  /** true for the first who asks for it in this tick, false for everybody after. */
  claim(what: string): boolean {
    if (this.#claims.has(what)) return false;
    this.#claims.add(what);
    return true;
  }

  /** Spoken for already: gone, going, or in somebody's hand. */
  isClaimed(what: string): boolean {
    return this.#claims.has(what);
  }

  count(metric: string, by = 1): void {
    this.result.metrics[metric] = (this.result.metrics[metric] ?? 0) + by;
  }

  tell(playerId: string, type: string, fields: object): void {
    this.result.messages.push({ ...fields, playerId, type });
  }

  /** The zone of the next cell that way, and the cell; null: the world ends there, or that zone is gone. */
  beyond(crossing: Crossing): { readonly zone: Neighbor; readonly cell: Cell } | null {
    const { grid } = this.rules;
    const cell = neighborOf(this.cell, crossing);
    const [dx, dy] = [crossing.columns * grid.cellCm, crossing.rows * grid.cellCm];
    const zone = this.tick.neighbors.find((neighbor) => neighbor.dx === dx && neighbor.dy === dy);
    return zone && grid.has(cell) ? { zone, cell } : null;
  }
}

/** A result that can still grow. */
interface Draft extends TickResult {
  readonly creates: EntityCreate[];
  readonly updates: EntityUpdate[];
  readonly transfers: Transfer[];
  readonly deletes: string[];
  readonly messages: GameMessage[];
  readonly playerStates: { playerId: string; state: object }[];
  readonly sends: Send[];
  readonly metrics: Record<string, number>;
}
