/**
 * All zones by id, sleeping ones too: what is public about them. Names are unique; the order is theirs.
 */
import type { ZoneId } from '../ids.js';
import type { ZoneInfo } from '../records.js';

export class ZoneDirectory {
  readonly #byId = new Map<ZoneId, ZoneInfo>();
  #byName: readonly ZoneInfo[] | null = null;

  constructor(zones: readonly ZoneInfo[]) {
    for (const zone of zones) this.#byId.set(zone.id, zone);
  }

  get(id: ZoneId): ZoneInfo | undefined {
    return this.#byId.get(id);
  }

  /** Adds the zone, or takes over what has changed of it. */
  set(zone: ZoneInfo): void {
    const before = this.#byId.get(zone.id);
    if (before === zone) return;
    this.#byId.set(zone.id, zone);
    // Zones go to sleep all the time, and 100,000 names are not sorted for each that does.
    const keepsPlace = before?.name === zone.name;
    this.#byName = keepsPlace ? (this.#byName?.map((other) => (other === before ? zone : other)) ?? null) : null;
  }

  delete(id: ZoneId): void {
    this.#byId.delete(id);
    this.#byName = null;
  }

  /** All of them, by name. */
  all(): readonly ZoneInfo[] {
    this.#byName ??= [...this.#byId.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return this.#byName;
  }

  /** At most `limit` zones whose names come after `cursor`; `next` is the cursor of the following page. */
  page({ limit, cursor }: { limit?: number; cursor?: string }): { zones: readonly ZoneInfo[]; next: string | null } {
    const rest = cursor === undefined ? this.all() : this.all().filter(({ name }) => name > cursor);
    const zones = limit === undefined ? rest : rest.slice(0, limit);
    const last = zones.at(-1);
    return { zones, next: last && zones.length < rest.length ? last.name : null };
  }
}
