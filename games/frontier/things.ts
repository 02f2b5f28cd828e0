/**
 * The kinds of entities in this world, told apart by `metadata.kind`. All are 0×0: a place, and no ground.
 *   player   an avatar: `player`, `name`, and how it moves
 *   bot      a passer-by: `name`, and how it moves
 *   item     a stack on the ground: see `ItemMetadata`; with `for`, on its way to that player
 */
import type { Entity, JsonObject } from '../contract.js';
import { type Stack, templateOf } from './inventory.js';
import type { Heading } from './movement.js';
import { type Catalogue, nameNow } from './templates.js';

export type Kind = 'player' | 'bot' | 'item';

/** How something moves, as its metadata has it. */
export interface Motion {
  /** Centimetres a second, over the last tick. */
  readonly vx: number;
  readonly vz: number;
  readonly heading: Heading;
  /** It does not cross a border before that, in milliseconds since 1970. */
  readonly restsUntil: number;
}

export const AT_REST: Motion = { vx: 0, vz: 0, heading: { x: 0, z: 0 }, restsUntil: 0 };

export function isKind(entity: Entity, kind: Kind): boolean {
  return entity.metadata.kind === kind;
}

export function motionOf({ metadata }: Entity): Motion {
  // A cast, because metadata is any JSON to the compiler; only this game makes entities, and these with a motion in it.
  return metadata as unknown as Motion;
}

/** What lies there, by the names of this item file; null: there is no such item any more. */
export function stackOf({ metadata }: Entity, catalogue: Catalogue): Stack | null {
  // A cast for the same reason: each item was made by `itemMetadata`.
  const { stack, template: name, templates, quantity, durability } = metadata as unknown as ItemMetadata;
  const template = nameNow(catalogue, name, templates);
  return catalogue.templates.has(template) ? { id: stack, template, quantity, durability } : null;
}

export function itemMetadata({ id, template, quantity, durability }: Stack, catalogue: Catalogue): ItemMetadata {
  const { name } = templateOf({ template }, { catalogue });
  return { kind: 'item', name, stack: id, template, templates: catalogue.version, quantity, durability };
}

export type ItemMetadata = JsonObject & {
  readonly kind: 'item';
  readonly name: string;
  readonly stack: string;
  readonly template: string;
  /** The version of the item file that calls it so. */
  readonly templates: number;
  readonly quantity: number;
  readonly durability: number | null;
};
