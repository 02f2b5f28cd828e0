/** Checks a tick's result as the framework does, and applies it to a copy of the zone's entities. */
import type { Area, Entity, EntityCreate, TickResult, Transfer, Zone } from '../../games/contract.js';
import { type CheckedResult, checkResult } from '../simulation/result-check.js';
import { check, frozen, plain } from './strict.js';

export interface Applied {
  readonly after: ReadonlyMap<string, Entity>;
  /** Entities that go to other zones, as they stood here. */
  readonly leaving: readonly { readonly transfer: Transfer; readonly entity: Entity }[];
}

/** Where ids come from, and those that `newId` gave to this tick. */
export interface Ids {
  readonly issued: ReadonlySet<string>;
  fresh(): string;
}

/**
 * Creates, updates, transfers, deletes, in this order, on a copy. Throws at what the framework would refuse: shapes by the
 * framework's own check, what contradicts the zone here.
 */
export function applied(zone: Zone, before: ReadonlyMap<string, Entity>, raw: TickResult, ids: Ids): Applied {
  const result = checkResult(raw);
  const after = new Map(before);
  const put = (entity: Entity) => {
    check(fits(zone, entity), `outside of ${zone.name}`, entity);
    after.set(entity.id, entity);
  };
  for (const { id, ...made } of result.creates) {
    check(id === null || (ids.issued.has(id) && !after.has(id)), 'an id that newId() of this tick has not issued, or twice', id);
    put(frozen({ ...made, id: id ?? ids.fresh() }));
  }
  for (const { id, patch } of result.updates) put(frozen({ ...known(after, id), ...given(patch) }));
  const leaving = transferred(zone, after, result);
  for (const id of result.deletes) after.delete(known(after, id).id);
  return { after, leaving };
}

/** Takes what is transferred out. */
function transferred(zone: Zone, after: Map<string, Entity>, { transfers }: CheckedResult): Applied['leaving'] {
  const followers = transfers.flatMap(({ follow }) => follow);
  check(new Set(followers).size === followers.length, 'a player named by two transfers', followers);
  return transfers.map((transfer) => {
    check(transfer.toZone !== zone.id, 'a transfer to its own zone', transfer);
    const entity = known(after, transfer.id);
    after.delete(entity.id);
    return { transfer, entity };
  });
}

function known(entities: ReadonlyMap<string, Entity>, id: string): Entity {
  const entity = entities.get(id);
  if (!entity) throw new Error(`malformed result: unknown entity ${id}`);
  return entity;
}

/** What an update leaves out stays as it was. */
function given<Patch extends object>(patch: Patch): { [Key in keyof Patch]: NonNullable<Patch[Key]> } {
  const fields = Object.entries(patch).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields) as { [Key in keyof Patch]: NonNullable<Patch[Key]> }; // filtered just now
}

export function entityOf({ id, x, y, width = 1, height = 1, metadata = {} }: EntityCreate, freshId: string): Entity {
  return frozen({ id: id ?? freshId, x, y, width, height, metadata: plain(metadata) });
}

export function fits(zone: Zone, { x, y, width, height }: Area): boolean {
  const whole = [x, y, width, height].every((number) => Number.isSafeInteger(number) && number >= 0);
  // A point lies on a cell of the zone; a rectangle may touch its far edges.
  return whole && x + Math.max(width, 1) <= zone.width && y + Math.max(height, 1) <= zone.height;
}
