/**
 * Reading a world that does not stand still: entities of zones that are live, asleep, or being restored,
 * and those on their way between two. Nobody is shown what may still be taken back.
 */
import type { Area } from '../games/contract.js';
import { HostLostError, StoreUnavailableError } from './errors.js';
import type { EntityId, ZoneId } from './ids.js';
import type { Crossings } from './players/crossings.js';
import type { Clock, Simulation, ZoneCatalog } from './ports.js';
import type { InboxRow, StoredEntity } from './records.js';
import type { Supervisor } from './supervisor/supervisor.js';
import type { Unfolded } from './supervisor/unfolded.js';
import type { ZoneSlot } from './zone/slot.js';

export interface ReadsDeps {
  readonly supervisor: Supervisor;
  readonly crossings: Pick<Crossings, 'count'>;
  readonly catalog: ZoneCatalog;
  readonly unfolded: Pick<Unfolded, 'settle' | 'settleAll'>;
  readonly simulation: Pick<Simulation, 'entities' | 'entity'>;
  readonly clock: Clock;
}

/** How often something is read again that a tick has moved meanwhile. */
const MOST_LOOKS = 10;
/** How long a zone that is being restored, or a running tick, is waited for. */
const PATIENCE_MS = 2_000;

export class Reads {
  constructor(private readonly deps: ReadsDeps) {}

  /** Null area: all of them. */
  async entities(zone: ZoneId, area: Area | null): Promise<readonly StoredEntity[]> {
    if (!this.deps.supervisor.find(zone)) await this.#soon(this.deps.unfolded.settle(zone));
    const slot = this.deps.supervisor.find(zone);
    if (!slot) return overlapping(await this.deps.catalog.entities(zone), area);
    for (let look = 1; ; look += 1) {
      await this.settled(slot);
      const { lastTick } = slot.timings;
      const resident = await this.asked(slot, () => this.deps.simulation.entities(zone, area));
      const arriving = [...slot.inbox.values()].flatMap((row) => arrivalOf(row) ?? []);
      const moved = slot.busy || slot.timings.lastTick !== lastTick;
      // A tick meanwhile may have taken in what was on its way: it would be here twice, or not at all.
      if (!moved || look === MOST_LOOKS) return [...resident, ...overlapping(arriving, area)];
    }
  }

  async entity(id: EntityId): Promise<{ readonly zone: ZoneId; readonly entity: StoredEntity } | null> {
    for (let look = 1; ; look += 1) {
      const before = this.deps.crossings.count;
      const found = await this.#find(id);
      // One that crossed a border meanwhile may have been missed on both sides of it.
      if (found || before === this.deps.crossings.count || look === MOST_LOOKS) return found;
    }
  }

  async #find(id: EntityId): Promise<{ readonly zone: ZoneId; readonly entity: StoredEntity } | null> {
    let unread: unknown = null;
    for (const slot of this.deps.supervisor.slots) {
      for (const row of slot.inbox.values()) {
        const entity = arrivalOf(row);
        if (entity?.id === id) return { zone: slot.zone, entity };
      }
      if (!slot.restored) continue;
      try {
        const found = await this.#entityOf(slot, id);
        if (found) return found;
      } catch (error) {
        // It may be in another, which is not to be missing because of this one.
        if (!(error instanceof StoreUnavailableError)) throw error;
        unread = error;
      }
    }
    await this.#soon(this.deps.unfolded.settleAll());
    const stored = await this.deps.catalog.entity(id);
    const slot = stored && this.deps.supervisor.find(stored.zone);
    if (stored && !slot) return stored;
    // Its zone is being restored, or it moved while it was looked for.
    if (slot && !slot.restored) return this.#entityOf(slot, id);
    if (unread !== null) throw unread;
    return null;
  }

  async #entityOf(slot: ZoneSlot, id: EntityId): Promise<{ readonly zone: ZoneId; readonly entity: StoredEntity } | null> {
    const entity = await this.asked(slot, () => this.deps.simulation.entity(slot.zone, id));
    return entity && { zone: slot.zone, entity };
  }

  /**
   * What the simulation answers of the zone, as of its last committed tick. One whose host is lost, by another's fault as a rule, is
   * back in a moment, and is asked again then.
   */
  async asked<Answer>(slot: ZoneSlot, ask: () => Promise<Answer>): Promise<Answer> {
    for (let look = 1; look < MOST_LOOKS; look += 1) {
      await this.settled(slot);
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof HostLostError)) throw error;
      }
      await this.#soon(isBack(slot));
    }
    throw new StoreUnavailableError('the zone cannot be read now');
  }

  /** Until the zone is restored and no tick is staged: nobody is shown what may be taken back. */
  async settled(slot: ZoneSlot): Promise<void> {
    const wait = async () => {
      while (!slot.restored) await slot.nextPhase();
      while (slot.busy) await slot.nextRest();
    };
    await this.#soon(wait());
  }

  async #soon(wait: Promise<unknown>): Promise<void> {
    if ((await patiently(this.deps.clock, wait)) === 'late') throw new StoreUnavailableError('the zone is busy');
  }
}

/** Its next incarnation has begun, or there is none for the time being. */
async function isBack(slot: ZoneSlot): Promise<void> {
  while (slot.phase === 'restoring' || slot.phase === 'pausing') await slot.nextPhase();
}

/** What it is waited for, or 'late' when that takes too long. */
export async function patiently(clock: Clock, wait: Promise<unknown>): Promise<'late' | undefined> {
  let cancel = () => {};
  const late = new Promise<'late'>((resolve) => {
    cancel = clock.after(PATIENCE_MS, () => resolve('late'));
  });
  const outcome = await Promise.race([wait.then(() => undefined), late]);
  cancel();
  return outcome;
}

/** What a row brings, as it will stand: an entity on its way counts as in the zone it goes to. null: it brings none. */
function arrivalOf({ kind, parcel }: InboxRow): StoredEntity | null {
  if (!('entity' in parcel)) return null;
  return kind === 'arrival' ? parcel.entity : { ...parcel.entity, ...parcel.origin };
}

/** By the rules of the zone's index: touching is not overlapping, 0×0 ones by their point. */
function overlapping(entities: readonly StoredEntity[], area: Area | null): readonly StoredEntity[] {
  if (!area) return entities;
  return entities.filter(
    (entity) => spans(entity.x, entity.width, area.x, area.width) && spans(entity.y, entity.height, area.y, area.height),
  );
}

function spans(a: number, aLength: number, b: number, bLength: number): boolean {
  if (aLength === 0) return b <= a && a < b + Math.max(bLength, 1);
  if (bLength === 0) return a <= b && b < a + aLength;
  return a < b + bLength && b < a + aLength;
}
