/**
 * Fog: a player sees what is within sight of its walker, hears those it sees, and knows what it
 * carries. This is the only door to clients, so what is not returned here stays secret.
 */
import type { Entity, PlayerView } from '../contract.js';
import { memoryOf } from './memory.js';
import { walkerOf } from './walkers.js';

/** How far a walker sees, in cells to every side. */
export const SIGHT = 8;

export function getPlayerState({ zone, player, entities, state }: PlayerView): object {
  const walker = walkerOf(entities, player);
  if (!walker) return { zone_id: zone.id, sight: SIGHT, you: null, entities: [], events: [] };
  const { id, x, y } = walker;
  // The entities as they are, not copies: the framework has the JSON of each ready until it changes.
  const seen = entities.inArea({ x: x - SIGHT, y: y - SIGHT, width: 2 * SIGHT + 1, height: 2 * SIGHT + 1 });
  const you = { id, x, y, items: memoryOf(player).items };
  return { zone_id: zone.id, sight: SIGHT, you, entities: seen, events: heard(state.events, seen) };
}

/** Events carry the id of the walker that made them: who sees it, hears it. */
function heard(events: readonly object[], seen: readonly Entity[]): object[] {
  if (events.length === 0) return [];
  const ids = new Set<unknown>(seen.map(({ id }) => id));
  return events.filter((event) => 'entity' in event && ids.has(event.entity));
}
