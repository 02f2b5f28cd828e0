/**
 * The border of one resident zone, both ways: the strip that it shows to the zones beside it, and what it sees of
 * theirs. A tick sees its neighbors as the board has them when it begins; what it changes of its own strip is staged
 * with it, and goes to the board when it stands.
 */
import type { EntityId, TickNumber, ZoneId } from '../../../actors/ids.js';
import type { InboxSend, StoredZone, ZoneNeighbor } from '../../../actors/records.js';
import type { StepRequest } from '../../../actors/steps.js';
import type { Area, BorderSet, Neighbor } from '../../../games/contract.js';
import type { StagedChanges, ZoneState } from '../zone-state.js';
import type { Board } from './board.js';
import { SeenBorder } from './border-set.js';
import { type Moment, Scene, type Side } from './scene.js';
import type { Departed, Strip } from './strip.js';
import { encodeChange } from './strip-codec.js';
import { StripMaker, windowOn } from './strip-maker.js';

export interface BorderRules {
  /** `GameModule.border`. */
  readonly cells: number;
  readonly board: Board<Strip>;
  /** Other threads have copies of strips: changes are written down for them. */
  readonly hasCopies: boolean;
}

/** A tick that is being made. */
interface BorderTick {
  readonly tick: TickNumber;
  readonly through: readonly TickNumber[];
  readonly scene: Scene;
}

export class ZoneBorder {
  readonly #rules: BorderRules;
  readonly #state: ZoneState;
  readonly #zone: ZoneId;
  readonly #sight: Area;
  readonly #maker: StripMaker;
  #sides: readonly Side[];
  #tick: BorderTick | null = null;

  /** `stored`: what `state` was restored from. */
  constructor(stored: StoredZone, state: ZoneState, rules: BorderRules) {
    const { info, neighbors, inbox, departed, known } = stored;
    this.#rules = rules;
    this.#state = state;
    this.#zone = info.id;
    this.#sight = windowOn({ dx: 0, dy: 0, width: info.width, height: info.height }, rules.cells);
    this.#sides = sidesOf(neighbors, this.#sight);
    const tick = Math.max(state.facts.tick, known?.tick ?? 0);
    const waiting = (zone: ZoneId) => inbox.filter(({ from }) => from === zone).map((row) => row.tick - 1);
    // Of a neighbor that has not ticked in this process everything is stored: taken in by the last tick, or waiting.
    const through = neighbors.map(({ id }, side) => Math.min(known?.posted[side] ?? tick - 1, ...waiting(id)));
    this.#maker = new StripMaker(rules.cells, neighbors, { tick, through, entities: state.entities, departed });
  }

  /** What it shows, as of the last tick that stands. */
  get strip(): Strip {
    return this.#maker.strip;
  }

  /** The zones beside it are these from now on. */
  lay(neighbors: readonly ZoneNeighbor[]): void {
    this.#sides = sidesOf(neighbors, this.#sight);
    this.#maker.lay(neighbors);
  }

  /** What the tick that begins is given of other zones. */
  begin({ tick, heldBack = [] }: StepRequest): BorderSet {
    const { board } = this.#rules;
    const sides = this.#sides;
    const through = sides.map(({ neighbor: { id } }) => {
      const waiting = heldBack.filter(({ from }) => from === id).map((row) => row.tick - 1);
      return Math.min(board.get(id)?.tick ?? 0, ...waiting);
    });
    const hasTaken = (from: ZoneId, sentAt: TickNumber) => {
      const side = sides.findIndex(({ neighbor: { id } }) => id === from);
      return (through[side] ?? 0) >= sentAt;
    };
    this.#tick = { tick, through, scene: new Scene(this.#moment(tick, hasTaken)) };
    return this.#seenBy(this.#tick.scene, this.strip.departed);
  }

  /** For each neighbor in order, how old what the tick sees of it is; null: nothing is known of it. */
  ages(tick: TickNumber): readonly (number | null)[] {
    return this.#sides.map(({ neighbor: { id } }) => {
      const strip = this.#rules.board.get(id);
      return strip ? tick - strip.tick : null;
    });
  }

  /** Stages what the tick changed of the strip; answers it for other threads, null where there are none. */
  stage(changes: StagedChanges, sends: readonly InboxSend[]): string | null {
    if (!this.#tick) throw new Error('no tick has begun');
    const { tick, through } = this.#tick;
    const change = this.#maker.stage({
      tick,
      through,
      entities: this.#state.entities,
      changes: changes.entities,
      sends,
      hasArrived: (departed) => this.#rules.board.get(departed.to)?.hasTaken(this.#zone, departed.tick) === true,
    });
    return this.#rules.hasCopies ? encodeChange(change, this.#maker.strip) : null;
  }

  /** Entities near the edge that have no room in the strip. */
  get hidden(): number {
    return this.#maker.hidden;
  }

  /** What views of the staged tick are given. */
  staged(): BorderSet {
    return this.#tick ? this.#seenBy(this.#tick.scene, this.#maker.departed) : this.atRest();
  }

  /** What can be seen between ticks. */
  atRest(): BorderSet {
    const { strip } = this;
    const moment = this.#moment(strip.tick, (from, sentAt) => strip.hasTaken(from, sentAt));
    return this.#seenBy(new Scene(moment), strip.departed);
  }

  adopt(): void {
    this.#tick = null;
    this.#maker.adopt();
  }

  discard(): void {
    this.#tick = null;
    this.#maker.discard();
  }

  #moment(tick: TickNumber, hasTaken: Moment['hasTaken']): Moment {
    const { board } = this.#rules;
    return { zone: this.#zone, tick, sight: this.#sight, sides: this.#sides, hasTaken, stripOf: (zone) => board.get(zone) };
  }

  #seenBy(scene: Scene, departed: readonly Departed[]): BorderSet {
    // Looked up: what is no id of the zone's own finds nothing.
    const own = { has: (id: string) => this.#state.entities.has(id as EntityId) };
    return new SeenBorder(() => scene.look(own, departed));
  }
}

/** The zones beside a zone as games are told of them. */
export function neighborViews(neighbors: readonly ZoneNeighbor[]): readonly Neighbor[] {
  return Object.freeze(
    neighbors.map(({ id, name, width, height, dx, dy }) => Object.freeze({ id, name, width, height, dx, dy })),
  );
}

function sidesOf(neighbors: readonly ZoneNeighbor[], sight: Area): readonly Side[] {
  return neighbors.map((neighbor) => ({
    neighbor,
    window: { ...sight, x: sight.x - neighbor.dx, y: sight.y - neighbor.dy },
    seen: new WeakMap(),
  }));
}
