/**
 * The deletion of a zone: it ends, the players it held go back into their rows, and what was on its way to it goes back
 * to where it came from. One whose answer was lost is learnt of when the zone is to be read again.
 */
import { HostLostError } from '../errors.js';
import type { ZoneId } from '../ids.js';
import { insist } from '../insisting.js';
import type { Crossings } from '../players/crossings.js';
import type { Presences } from '../players/presences.js';
import type { Clock, Simulation, ZoneCatalog, ZoneStore } from '../ports.js';
import type { HeldPlayer, LeftMove, StoredZone, ZoneInfo } from '../records.js';
import type { Log } from '../telemetry.js';
import type { ZoneSlot } from '../zone/slot.js';
import type { ZoneDirectory } from './zone-directory.js';
import type { ZoneLinks } from './zone-links.js';

export interface DeletionDeps {
  readonly store: Pick<ZoneStore, 'claim'>;
  readonly catalog: Pick<ZoneCatalog, 'remove'>;
  readonly directory: ZoneDirectory;
  readonly links: ZoneLinks;
  readonly simulation: Pick<Simulation, 'load' | 'drop' | 'forget'>;
  readonly presences: Presences;
  readonly crossings: Crossings;
  readonly clock: Clock;
  readonly log: Log;
  fatal(error: unknown): void;
}

/** The addresses of zones that are awake. */
export interface Awake {
  readonly slots: Map<ZoneId, ZoneSlot>;
  /** An address for a zone that sleeps. */
  slotOf(info: ZoneInfo): ZoneSlot;
  /** Wakes the zone at that address. */
  open(slot: ZoneSlot): void;
  isDraining(): boolean;
}

export class Deletions {
  constructor(
    private readonly awake: Awake,
    private readonly deps: DeletionDeps,
  ) {}

  /** Ends a zone for good; a running tick ends first. Rejects, and leaves everything as it was, when the store is away. */
  async delete(zone: ZoneId): Promise<'deleted' | 'not_found'> {
    const { directory, presences, crossings, catalog } = this.deps;
    const known = directory.get(zone);
    if (!known) return 'not_found';
    directory.delete(zone);
    const slot = this.awake.slots.get(zone) ?? this.awake.slotOf(known);
    try {
      await slot.close();
      const stored = await this.deps.store.claim(zone);
      const left = stored ? await this.#lastPlayers(stored) : [];
      const turned = await catalog.remove(zone, left);
      // First: who was on its way here goes back, and has lost no zone.
      crossings.dispatchBack(slot, stored?.inbox ?? [], turned);
      this.#forget(slot);
      for (const move of left) presences.left(slot, move);
      return 'deleted';
    } catch (error) {
      directory.set(slot.info);
      // It may be gone after all.
      slot.restored = false;
      // The same address: who is there and what waits, and what no store knows, such as its last tick that had nothing to write.
      this.awake.open(slot);
      throw error;
    }
  }

  /** A deletion whose answer was lost was done: what it sent back goes on its way now, and then the zone is no more. */
  learn(slot: ZoneSlot): void {
    const { catalog, clock, crossings, fatal } = this.deps;
    insist(
      clock,
      () => catalog.remove(slot.zone, []),
      () => this.awake.isDraining(),
    )
      .then((turned) => {
        // Asked for once more meanwhile, it was answered.
        if (this.awake.slots.get(slot.zone) !== slot) return;
        crossings.dispatch(slot, turned);
        this.#forget(slot);
      })
      .catch((error: unknown) => {
        if (!this.awake.isDraining()) fatal(error);
      });
  }

  /** The zone is no more. */
  #forget(slot: ZoneSlot): void {
    const { directory, links, simulation, presences } = this.deps;
    const { slots } = this.awake;
    directory.delete(slot.zone);
    links.delete(slot.zone);
    simulation.forget(slot.zone);
    slots.delete(slot.zone);
    // One that is being restored may have been read with it beside it.
    for (const other of slots.values()) {
      if (other.phase === 'restoring') void other.nextPhase().then(() => simulation.forget(slot.zone));
    }
    presences.deleted(slot);
  }

  /** Who is in the zone's last committed state and hands, as the deletion gives them back. */
  async #lastPlayers(stored: StoredZone): Promise<readonly LeftMove[]> {
    const players = await this.#playersOf(stored);
    const stays = new Map(stored.held.map(({ player, stay }) => [player, stay]));
    return players.filter(({ id, stay }) => stays.get(id) === stay).map(leftMove);
  }

  /** A zone that cannot be read can be deleted all the same: its players keep what was last saved of them elsewhere. */
  async #playersOf(stored: StoredZone): Promise<readonly HeldPlayer[]> {
    const { simulation, log } = this.deps;
    try {
      return (await simulation.load(stored)).players;
    } catch (error) {
      if (error instanceof HostLostError) throw error;
      log.warn({ zone: stored.info.id, err: error }, 'a zone is deleted that cannot be read');
      return [];
    } finally {
      simulation.drop(stored.info.id);
    }
  }
}

function leftMove({ id, stay, document, mark }: HeldPlayer): LeftMove {
  return { type: 'left', player: id, stay, document, mark };
}
