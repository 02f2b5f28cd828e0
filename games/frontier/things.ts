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

/** What does not move is at rest. */
export function motionOf({ metadata }: Entity): Motion {
  return isMotion(metadata) ? metadata : AT_REST;
}

/** What lies there, by the names of this item file; null: there is no such item any more, or it is none. */
export function stackOf({ metadata }: Entity, catalogue: Catalogue): Stack | null {
  if (!isItem(metadata)) return null;
  const { stack, template: name, templates, quantity, durability } = metadata;
  const template = nameNow(catalogue, name, templates);
  return catalogue.templates.has(template) ? { id: stack, template, quantity, durability } : null;
}

export function itemMetadata({ id, template, quantity, durability }: Stack, catalogue: Catalogue): ItemMetadata {
  const { name } = templateOf({ template }, { catalogue });
  return { kind: 'item', name, stack: id, template, templates: catalogue.version, quantity, durability };
}

/** Metadata is any JSON to the compiler; looking costs less than a copy. */
function isMotion(metadata: JsonObject): metadata is JsonObject & Motion {
  const { vx, vz, heading, restsUntil } = metadata;
  const areNumbers = typeof vx === 'number' && typeof vz === 'number' && typeof restsUntil === 'number';
  return areNumbers && typeof heading === 'object' && heading !== null && 'x' in heading && 'z' in heading;
}

export function isItem(metadata: JsonObject): metadata is ItemMetadata {
  const { kind, stack, template, templates, quantity, durability } = metadata;
  const isNamed = kind === 'item' && typeof stack === 'string' && typeof template === 'string';
  const isCounted = typeof templates === 'number' && typeof quantity === 'number';
  return isNamed && isCounted && (durability === null || typeof durability === 'number');
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
