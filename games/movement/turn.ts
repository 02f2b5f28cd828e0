/**
 * One tick while it is being decided: the result as it grows, and what is spoken for already.
 * `onTick` makes one and drops it, so the game as a whole stays a function of the tick: nothing is
 * remembered here from one tick to the next.
 */
import type { EntityCreate, EntityUpdate, GameMessage, Tick, TickResult, Transfer } from '../contract.js';
import type { Intent } from './intents.js';
import type { Memory } from './memory.js';

export class Turn {
  readonly result: Draft = {
    creates: [],
    updates: [],
    transfers: [],
    deletes: [],
    events: [],
    messages: [],
    playerStates: [],
  };
  readonly #claims = new Set<string>();

  constructor(readonly tick: Tick<Intent>) {}

  /** true for the first who asks for it in this tick, false for everybody after. */
  claim(what: string): boolean {
    if (this.#claims.has(what)) return false;
    this.#claims.add(what);
    return true;
  }

  /**
   * Claims a cell to stand on. A cell that somebody leaves in this tick is free in the next one, so
   * nobody passes through another and the order of the others' steps does not matter.
   */
  claimCell(x: number, y: number): boolean {
    const { zone, entities } = this.tick;
    const inside = x >= 0 && y >= 0 && x < zone.width && y < zone.height;
    // What has a size stands in the way; what is 0×0 lies on the ground.
    return inside && entities.at(x, y).every((entity) => entity.width === 0) && this.claim(`cell ${x},${y}`);
  }

  /** Claims the first free cell in growing squares around this one; null: the zone is full. */
  claimCellNear(x: number, y: number): Cell | null {
    const { width, height } = this.tick.zone;
    for (let reach = 0; reach < Math.max(width, height); reach++) {
      for (const cell of square(x, y, reach)) {
        if (this.claimCell(cell.x, cell.y)) return cell;
      }
    }
    return null;
  }
}

/** A result that can still grow. */
interface Draft extends TickResult {
  readonly creates: EntityCreate[];
  readonly updates: EntityUpdate[];
  readonly transfers: Transfer[];
  readonly deletes: string[];
  readonly events: object[];
  readonly messages: GameMessage[];
  readonly playerStates: { playerId: string; state: Memory }[];
}

export interface Cell {
  readonly x: number;
  readonly y: number;
}

/** The cells at exactly that distance, row by row. */
function* square(x: number, y: number, reach: number): Iterable<Cell> {
  for (let dy = -reach; dy <= reach; dy++) {
    const edge = Math.abs(dy) === reach;
    for (let dx = -reach; dx <= reach; dx += edge ? 1 : 2 * reach) yield { x: x + dx, y: y + dy };
  }
}
