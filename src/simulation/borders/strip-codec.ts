/**
 * Changes of strips as text, for the other threads that keep a copy: an entity that only moved is three values.
 * The main thread hands these on and never looks into them.
 */
import type { EntityId, TickNumber, ZoneId } from '../../../actors/ids.js';
import type { Entity, JsonObject } from '../../../games/contract.js';
import { deepFreeze } from '../plain-json.js';
import type { Departed, Strip, StripChange } from './strip.js';

type EntityText =
  | readonly [id: EntityId, x: number, y: number]
  | readonly [id: EntityId, x: number, y: number, width: number, height: number, metadata: JsonObject];

/** What `encodeChange` writes. Ticks are written as what they are behind the strip's own: small numbers. */
interface ChangeText {
  readonly tick: TickNumber;
  readonly neighbors?: readonly ZoneId[];
  readonly behind: readonly number[];
  readonly set: readonly EntityText[];
  readonly gone: readonly string[];
  readonly departed?: readonly (readonly [entity: EntityText, to: ZoneId, behind: number])[];
}

/** `before`: the strip that the change is to be applied to; null: it is a whole strip. */
export function encodeChange(change: StripChange, before: Strip | null): string {
  const { tick, neighbors, through, set, gone, departed } = change;
  const text: ChangeText = {
    tick,
    ...(neighbors && { neighbors }),
    behind: through.map((taken) => tick - taken),
    set: set.map((entity) => textOf(entity, before?.entities.get(entity.id))),
    gone,
    ...(departed && { departed: departed.map(({ entity, to, tick: left }) => [textOf(entity), to, tick - left] as const) }),
  };
  return JSON.stringify(text);
}

/** `before`: a copy of the strip that it was made for. */
export function decodeChange(text: string, before: Strip | null): StripChange {
  const { tick, neighbors, behind, set, gone, departed }: ChangeText = JSON.parse(text); // another thread's encodeChange wrote it
  return {
    tick,
    ...(neighbors && { neighbors }),
    through: behind.map((ticks) => tick - ticks),
    set: set.map((entity) => entityOf(entity, before?.entities.get(entity[0]))),
    gone,
    ...(departed && { departed: departed.map(departedOf(tick)) }),
  };
}

function departedOf(tick: TickNumber) {
  return ([entity, to, behind]: NonNullable<ChangeText['departed']>[number]): Departed => ({
    entity: entityOf(entity),
    to,
    tick: tick - behind,
  });
}

function textOf({ id, x, y, width, height, metadata }: Entity, before?: Entity): EntityText {
  const hasOnlyMoved = before?.metadata === metadata && before.width === width && before.height === height;
  const key = id as EntityId; // strips are made of the zone's own entities
  return hasOnlyMoved ? [key, x, y] : [key, x, y, width, height, metadata];
}

function entityOf([id, x, y, width, height, metadata]: EntityText, before?: Entity): Entity {
  if (metadata !== undefined)
    return Object.freeze({ id, x, y, width: width ?? 0, height: height ?? 0, metadata: deepFreeze(metadata) });
  if (!before) throw new Error(`a strip has moved entity ${id}, which it does not have`);
  return Object.freeze({ id, x, y, width: before.width, height: before.height, metadata: before.metadata });
}
