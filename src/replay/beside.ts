/**
 * What a zone saw over its border, made again from the histories of the zones beside it: each as it was at the tick
 * that the journal names, with what was on its way between them. In one thing it may differ from what was seen: an
 * entity that goes to a zone which does not lie beside the one that looks is shown until it is taken in there, and
 * not until that was heard of.
 */
import type { TickNumber, ZoneId } from '../../actors/ids.js';
import type { InboxRow, ZoneInfo, ZoneNeighbor } from '../../actors/records.js';
import { Board } from '../simulation/borders/board.js';
import type { Strip } from '../simulation/borders/strip.js';
import { StripMaker } from '../simulation/borders/strip-maker.js';
import { restoreZone } from '../simulation/fold.js';
import { applyRecord } from '../simulation/journal-record.js';
import type { ZoneState } from '../simulation/zone-state.js';
import { type Kept, rowBytes, type Stretch, storedOf } from './stretch.js';

/** An inbox row with the tick that took it. */
interface Taken {
  readonly row: InboxRow;
  readonly at: TickNumber;
}

export class Beside {
  readonly board = new Board<Strip>();
  readonly #sides: readonly Side[];
  readonly #taken: readonly Taken[];

  constructor(
    private readonly stretch: Stretch,
    private readonly cells: number,
  ) {
    this.#sides = stretch.neighbors.map((kept) => new Side(kept));
    this.#taken = [stretch, ...stretch.neighbors].flatMap(takenIn);
    this.board.host(
      stretch.zone.id,
      stretch.neighbors.map(({ neighbor }) => neighbor.id),
    );
  }

  get neighbors(): readonly ZoneNeighbor[] {
    return this.stretch.neighbors.map(({ neighbor }) => neighbor);
  }

  /** Lays out on the board what the tick saw. `ages`: for each neighbor in order; null: nothing of it. Answers what the zone itself had on its way. */
  see(tick: TickNumber, ages: readonly (number | null)[]): readonly InboxRow[] {
    const seenAt = new Map(this.#sides.map(({ zone }, index) => [zone, seenTick(tick, ages[index] ?? null)]));
    for (const { zone } of this.#sides) this.board.drop(zone);
    for (const side of this.#sides) {
      const at = seenAt.get(side.zone) ?? null;
      if (at !== null) this.board.set(side.zone, this.#strip(side, at, this.#onTheWay(side.zone, at, seenAt)));
    }
    return this.#onTheWay(this.stretch.zone.id, tick - 1, seenAt);
  }

  #strip(side: Side, tick: TickNumber, departed: readonly InboxRow[]): Strip {
    const { entities } = side.at(tick);
    // Whom it has taken in is told by what is still on its way.
    const through = [0];
    return new StripMaker(this.cells, [opposite(this.stretch.zone, side.neighbor)], { tick, through, entities, departed }).strip;
  }

  /** What `from` had sent by a tick, and the zone that it went to does not have yet, as far as it is seen. */
  #onTheWay(from: ZoneId, by: TickNumber, seenAt: ReadonlyMap<ZoneId, TickNumber | null>): readonly InboxRow[] {
    const rows = this.#taken.filter(({ row, at }) => row.from === from && row.tick <= by && at > (seenAt.get(row.to) ?? by));
    return rows.map(({ row }) => row);
  }
}

/** One neighbor, going forward through its history. */
class Side {
  readonly #kept: Kept & { readonly neighbor: ZoneNeighbor };
  #state: ZoneState;
  #next = 0;

  constructor(kept: Kept & { readonly neighbor: ZoneNeighbor }) {
    this.#kept = kept;
    this.#state = this.#begin();
  }

  get neighbor(): ZoneNeighbor {
    return this.#kept.neighbor;
  }
  get zone(): ZoneId {
    return this.neighbor.id;
  }

  at(tick: TickNumber): ZoneState {
    if (tick < this.#state.facts.tick) {
      this.#state = this.#begin();
      this.#next = 0;
    }
    for (; ; this.#next += 1) {
      const row = this.#kept.rows[this.#next];
      if (!row || row.tick > tick) return this.#state;
      applyRecord(this.#state, { zone: this.zone, ...rowBytes(row) });
    }
  }

  #begin(): ZoneState {
    const info = { ...this.neighbor, metadata: {}, createdAtMs: 0, updatedAtMs: 0 };
    return restoreZone(storedOf(info, this.#kept.base)).state;
  }
}

function takenIn({ rows }: Kept): readonly Taken[] {
  return rows.flatMap(({ tick, inputs }) => {
    // As `encodeInputs` of `journal-record.ts` writes them.
    const { inbox }: { inbox: readonly InboxRow[] } = JSON.parse(inputs);
    return inbox.map((row) => ({ row, at: tick }));
  });
}

function seenTick(tick: TickNumber, age: number | null): TickNumber | null {
  return age === null ? null : tick - age;
}

/** The zone that looks, as it lies beside its neighbor. */
function opposite({ id, name, width, height }: ZoneInfo, { dx, dy }: ZoneNeighbor): ZoneNeighbor {
  return { id, name, width, height, dx: 0 - dx, dy: 0 - dy };
}
