/**
 * The kinds of entities in this world, told apart by `metadata.kind`:
 *   wall     a rectangle, stands for ever
 *   gate     a rectangle that leads to another zone: `to`, `name`, and `x`, `y` there
 *   walker   1×1, a player's: `player`, `name`
 *   animal   1×1: `name`
 *   item     0×0, lies on the ground: `name`; with `regrows` it comes back after it was picked
 *   sprout   0×0, what an item grows from: `name`, `ripe_at`
 */
import type { Entity } from '../contract.js';

export type Kind = 'wall' | 'gate' | 'walker' | 'animal' | 'item' | 'sprout';

export function isKind(entity: Entity, kind: Kind): boolean {
  return entity.metadata.kind === kind;
}

/** Those of one kind, in the order of their creation. */
export function* ofKind(entities: Iterable<Entity>, kind: Kind): Iterable<Entity> {
  for (const entity of entities) if (isKind(entity, kind)) yield entity;
}
