/**
 * Gates: walking into one transfers the walker, and its player follows. The walker keeps standing in
 * front of the gate until the transfer is committed; where it cannot arrive, it is still there.
 */
import type { EntitySet, JsonObject } from '../contract.js';
import { isKind } from './things.js';
import type { Turn } from './turn.js';
import type { Walker } from './walkers.js';

/** Where a gate leads: a zone's id, and the cell there. */
export interface Gate {
  readonly to: string;
  readonly x: number;
  readonly y: number;
}

export function gateAt(entities: EntitySet, x: number, y: number): Gate | undefined {
  const metadata = entities.at(x, y).find((entity) => isKind(entity, 'gate'))?.metadata;
  return metadata && isGate(metadata) ? metadata : undefined;
}

/** Metadata is any JSON to the compiler. */
function isGate(metadata: JsonObject): metadata is JsonObject & Gate {
  const { to, x, y } = metadata;
  return typeof to === 'string' && typeof x === 'number' && typeof y === 'number';
}

/** The arrival cell may be taken: the zone over there sorts that out when the walker has arrived. */
export function goThrough(turn: Turn, walker: Walker, { to, x, y }: Gate): void {
  turn.result.transfers.push({ id: walker.id, toZone: to, x, y, follow: [walker.player.id] });
  walker.here = false;
}

/** Tells those who could not arrive. Their walkers are here again, and nothing else is to be done. */
export function explainReturns(turn: Turn): void {
  const { returned, entities } = turn.tick;
  for (const { id, toZone, reason } of returned) {
    const playerId = entities.get(id)?.metadata.player;
    if (typeof playerId === 'string') turn.result.messages.push({ playerId, type: 'gate_closed', zone_id: toZone, reason });
  }
}
