/**
 * What a store in memory holds at this very instant, read past the running world: what a process killed now
 * would find. Zones are folded from checkpoint and journal as a recovery does it.
 */
import type { PlayerId, ZoneId } from '../../actors/ids.js';
import type { StoredEntity } from '../../actors/records.js';
import type { JsonObject } from '../../games/contract.js';
import { restoreZone } from '../../src/simulation/fold.js';
import { ResidentEntity } from '../../src/simulation/resident-entity.js';
import type { ZoneState } from '../../src/simulation/zone-state.js';
import type { MemoryWorld } from '../../src/store/memory/open.js';

export class DurableView {
  /** The last fold of each zone: a zone that wrote nothing since is the same. */
  readonly #folded = new Map<ZoneId, { readonly newest: string; readonly state: ZoneState }>();

  constructor(private readonly stored: MemoryWorld) {}

  entities(zone: ZoneId): readonly StoredEntity[] {
    return [...this.#state(zone).entities.values()].map(ResidentEntity.stored);
  }

  /** Are the zones still there in which, or between which, an entity was? */
  stands(whereabouts: string): boolean {
    const named = whereabouts.match(/[0-9a-f-]{36}/g) ?? [];
    // Taken from what `whereabouts` wrote.
    return named.every((zone) => this.stored.zones.has(zone as ZoneId));
  }

  /** Where each entity is: once for each place that has it, in zones and on the way between them. */
  whereabouts(): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, string[]>();
    const note = (id: string, where: string) => found.set(id, [...(found.get(id) ?? []), where]);
    for (const zone of this.stored.zones.keys()) for (const { id } of this.entities(zone)) note(id, `zone ${zone}`);
    for (const { id, from, to, parcel } of this.stored.inbox.values()) {
      if ('entity' in parcel) note(parcel.entity.id, `row ${id} from ${from} to ${to}`);
    }
    return found;
  }

  /** A player's document, in whosever hands it is; undefined: nobody has the player that the place names. */
  document(player: PlayerId): JsonObject | null | undefined {
    const place = this.stored.places.get(player);
    if (!place) return null;
    if (place.holder === null) return place.document;
    if (!this.stored.zones.has(place.holder)) return undefined;
    const held = this.#state(place.holder).players.get(player)?.held;
    if (held?.stay === place.stay) return held.document;
    for (const row of this.stored.inbox.values()) {
      if (row.to !== place.holder || !row.followers.some((one) => one.player === player && one.stay === place.stay)) continue;
      return row.parcel.followers.find(({ id }) => id === player)?.document;
    }
    return undefined;
  }

  #state(zone: ZoneId): ZoneState {
    const row = this.stored.zones.get(zone);
    if (!row) throw new Error(`there is no zone ${zone}`);
    const checkpoint = this.stored.checkpoints.get(zone) ?? null;
    const journal = [...(this.stored.journal.get(zone)?.values() ?? [])].sort((a, b) => a.tick - b.tick);
    const newest = `${checkpoint?.tick} ${journal.at(-1)?.tick}`;
    const known = this.#folded.get(zone);
    if (known?.newest === newest) return known.state;
    const { info, epoch, wakeAtMs } = row;
    const { state } = restoreZone({
      ...{ info, epoch, checkpoint, journal, wakeAtMs, tickedUntilMs: null },
      ...{ inbox: [], held: [], neighbors: [], departed: [] },
    });
    this.#folded.set(zone, { newest, state });
    return state;
  }
}
