/**
 * The world's zones, as the thread knows them that is asked where a player is to be placed: told once, and then only what is
 * another since. A hundred thousand of them, sent whole with each player that joins, would hold up the main thread for longer
 * than a tick.
 */
import type { ZoneInfo } from '../../../actors/records.js';

/** What is to be told: all there are, in order; or those that changed and are where they were. */
export type ZoneNews = { readonly all: readonly ZoneInfo[] } | { readonly changed: readonly ZoneInfo[] };

const NOTHING_NEW: ZoneNews = { changed: [] };

/** One thread's knowledge, kept by the side that tells. */
export class ZoneOffer {
  #told: readonly ZoneInfo[] | null = null;

  /** What must be told so that these are known; from now on they are. */
  news(zones: readonly ZoneInfo[]): ZoneNews {
    const told = this.#told;
    this.#told = zones;
    if (told === zones) return NOTHING_NEW;
    if (!told || told.length !== zones.length || zones.some(({ id }, i) => id !== told[i]?.id)) return { all: zones };
    return { changed: zones.filter((zone, i) => zone !== told[i]) };
  }
}

/** What is known after these news; the very same list where there are none. */
export function withNews(known: readonly ZoneInfo[], news: ZoneNews): readonly ZoneInfo[] {
  if ('all' in news) return news.all;
  if (news.changed.length === 0) return known;
  const changed = new Map(news.changed.map((zone) => [zone.id, zone]));
  return known.map((zone) => changed.get(zone.id) ?? zone);
}
