/** The places of players in memory. */
import type { PlayerId, ZoneId } from '../../../actors/ids.js';
import type { PlaceNote } from '../../../actors/records.js';
import type { HeldBy, PlaceShift, PlaceTable } from '../tables.js';
import { defined } from './patch.js';
import type { UndoLog } from './undo.js';
import type { MemoryWorld } from './world.js';

export class MemoryPlaces implements PlaceTable {
  constructor(
    private readonly world: MemoryWorld,
    private readonly undo: UndoLog,
  ) {}

  async shift(shifts: readonly PlaceShift[]): Promise<ReadonlySet<PlayerId>> {
    const moved = new Set<PlayerId>();
    for (const { player, from, stay, to, resume, kept } of shifts) {
      const place = this.world.places.get(player);
      if (!place || place.holder !== from || place.stay !== stay) continue;
      const known = kept && structuredClone({ document: kept.document, mark: kept.mark });
      const zone = resume !== undefined && (from === null || place.zone !== null) ? resume : place.zone;
      this.undo.set(this.world.places, player, { ...place, ...known, zone, holder: to, stay: stay + 1 });
      moved.add(player);
    }
    return moved;
  }

  async of(players: readonly PlayerId[]): Promise<readonly HeldBy[]> {
    return players.flatMap((player) => this.world.places.get(player) ?? []);
  }

  async heldBy(zones: readonly ZoneId[]): Promise<readonly HeldBy[]> {
    return [...this.world.places.values()].filter(({ holder }) => holder !== null && zones.includes(holder));
  }

  async make(player: PlayerId): Promise<void> {
    if (this.world.places.has(player)) return;
    const nowhere = { holder: null, stay: 0, zone: null, run: 0, newest: null, spoken: null, droppedAtMs: null, document: null };
    const mark = { run: 0, highest: 0, dropped: [] };
    this.undo.set(this.world.places, player, { player, number: ++this.world.lastPlayerNumber, ...nowhere, mark });
  }

  async note(player: PlayerId, note: PlaceNote): Promise<void> {
    const place = this.world.places.get(player);
    if (place) this.undo.set(this.world.places, player, { ...place, ...defined(note) });
  }
}
