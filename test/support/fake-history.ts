/** A history that a test puts in: one zone, its states and its rows. */
import type { PlayerId, TickNumber, ZoneId } from '../../actors/ids.js';
import type { ZoneHistory } from '../../actors/ports.js';
import type { JournalRow, KeptState, ZoneInfo } from '../../actors/records.js';

export class FakeHistory implements ZoneHistory {
  kept: { readonly zone: ZoneInfo; readonly states: readonly KeptState[]; readonly journal: readonly JournalRow[] } | null = null;

  readonly numbers = new Map<PlayerId, number>();

  async zone(nameOrId: string): Promise<ZoneInfo | null> {
    const zone = this.kept?.zone;
    return zone && (zone.id === nameOrId || zone.name === nameOrId) ? zone : null;
  }

  async neighbors(): Promise<readonly []> {
    return [];
  }

  async base(_zone: ZoneId, tick: TickNumber): Promise<KeptState | null> {
    return this.kept?.states.findLast((state) => state.tick <= tick) ?? null;
  }

  async rows(_zone: ZoneId, after: TickNumber, upTo: TickNumber, limit: number): Promise<readonly JournalRow[]> {
    return (this.kept?.journal ?? []).filter(({ tick }) => tick > after && tick <= upTo).slice(0, limit);
  }

  async range(): Promise<{ readonly after: TickNumber; readonly upTo: TickNumber } | null> {
    const [after, upTo] = [this.kept?.states[0]?.tick, this.kept?.journal.at(-1)?.tick];
    return after === undefined || upTo === undefined ? null : { after, upTo };
  }

  async newest(): Promise<TickNumber | null> {
    return this.kept?.journal.at(-1)?.tick ?? null;
  }

  async playerNumber(player: PlayerId): Promise<number | null> {
    return this.numbers.get(player) ?? null;
  }
}
