/** Checks a tick's result as the framework does, and applies it to a copy of the zone's entities. */
import type { Area, Entity, EntityCreate, TickResult, Transfer, Zone } from '../../games/contract.js';
import { check, frozen, plain } from './strict.js';

const PROTOCOL_MESSAGES = [
  'join_ack',
  'subscribed',
  'unsubscribed',
  'intent_received',
  'pong',
  'tick',
  'delta',
  'telemetry',
  'handover',
  'error',
];
const RESERVED_EXTRAS = ['zone_id', 'entities', 'events'];

export interface Applied {
  readonly after: ReadonlyMap<string, Entity>;
  /** Entities that go to other zones, as they stood here. */
  readonly leaving: readonly { readonly transfer: Transfer; readonly entity: Entity }[];
}

/** Creates, updates, transfers, deletes, in this order, on a copy; throws at what the framework would refuse. */
export function applied(zone: Zone, before: ReadonlyMap<string, Entity>, result: TickResult, freshId: () => string): Applied {
  const after = new Map(before);
  const leaving: { transfer: Transfer; entity: Entity }[] = [];
  const known = (id: string): Entity => {
    const entity = after.get(id);
    if (!entity) throw new Error(`malformed result: unknown entity ${id}`);
    return entity;
  };
  const put = (entity: Entity) => {
    check(fits(zone, entity), `outside of ${zone.name} or not on whole cells`, entity);
    after.set(entity.id, entity);
  };
  for (const made of result.creates ?? []) {
    const entity = entityOf(made, freshId());
    check(!after.has(entity.id), 'id twice', made);
    put(entity);
  }
  for (const update of result.updates ?? []) put(entityOf({ ...known(update.id), ...update }, update.id));
  const followers = (result.transfers ?? []).flatMap(({ follow = [] }) => follow);
  check(new Set(followers).size === followers.length, 'a player named by two transfers', followers);
  for (const transfer of result.transfers ?? []) {
    check(transfer.toZone !== zone.id, 'a transfer to its own zone', transfer);
    leaving.push({ transfer, entity: known(transfer.id) });
    after.delete(transfer.id);
  }
  for (const id of result.deletes ?? []) after.delete(known(id).id);
  return { after, leaving };
}

/** Throws where the result uses a name that is the protocol's. */
export function refuseReservedNames({ messages = [], extras = {} }: TickResult): void {
  for (const message of messages) check(!PROTOCOL_MESSAGES.includes(message.type), 'message type of the protocol', message);
  check(!RESERVED_EXTRAS.some((key) => key in extras), 'reserved name in extras', extras);
}

export function entityOf({ id, x, y, width = 1, height = 1, metadata = {} }: EntityCreate, freshId: string): Entity {
  return frozen({ id: id ?? freshId, x, y, width, height, metadata: plain(metadata) });
}

export function fits(zone: Zone, { x, y, width, height }: Area): boolean {
  const whole = [x, y, width, height].every((number) => Number.isSafeInteger(number) && number >= 0);
  // A point lies on a cell of the zone; a rectangle may touch its far edges.
  return whole && x + Math.max(width, 1) <= zone.width && y + Math.max(height, 1) <= zone.height;
}
