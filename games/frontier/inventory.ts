/**
 * What a player carries: stacks of items in compartments of a limited bulk. Each function takes an inventory
 * and answers another one, or null where something does not fit: then nothing of it has happened.
 * Nothing here makes or destroys a piece; what is worn is in `equipment.ts`, what weight does in `encumbrance.ts`.
 */
import type { InventorySettings } from './settings.js';
import type { Catalogue, Template } from './templates.js';

/** Pieces of one kind that are together, anywhere: carried, worn or on the ground. */
export interface Stack {
  /** Never that of another stack. */
  readonly id: string;
  readonly template: string;
  readonly quantity: number;
  /** What is left of it; null: it does not wear. */
  readonly durability: number | null;
}

/** A stack in a compartment. */
export interface Carried extends Stack {
  readonly compartment: string;
}

export type Inventory = readonly Carried[];

/** What an inventory is measured against. */
export interface Measures {
  readonly compartments: InventorySettings['compartments'];
  readonly catalogue: Catalogue;
}

/**
 * With the stack put in: poured into stacks of its kind first, then, what is left of it, into the first
 * compartment with room, the one named before the others. null: there is no room for all of it.
 */
export function put(inventory: Inventory, stack: Stack, measures: Measures, preferred?: string): Inventory | null {
  const template = templateOf(stack, measures);
  const poured = pour(inventory, stack, template);
  if (poured.left === 0) return poured.inventory;
  const compartment = roomFor(poured.inventory, template, measures, preferred);
  return compartment === null ? null : [...poured.inventory, { ...stack, quantity: poured.left, compartment }];
}

/** With all of them put in, one after the other; null: one of them does not fit. */
export function putAll(inventory: Inventory, stacks: readonly Stack[], measures: Measures): Inventory | null {
  return stacks.reduce<Inventory | null>((into, stack) => into && put(into, stack, measures), inventory);
}

/** With the stack put into this compartment alone; null: it has no room, or does not exist. */
export function putInto(inventory: Inventory, stack: Stack, measures: Measures, compartment: string): Inventory | null {
  const room = freeBulk(inventory, compartment, measures) >= templateOf(stack, measures).bulk;
  return room ? [...inventory, { ...stack, compartment }] : null;
}

export interface Taken {
  readonly inventory: Inventory;
  readonly stack: Stack;
  /** Where it was. */
  readonly compartment: string;
}

/** A whole stack taken out; null: it is not there. */
export function take(inventory: Inventory, id: string): Taken | null {
  const found = inventory.find((carried) => carried.id === id);
  if (!found) return null;
  const { compartment, ...stack } = found;
  return { inventory: inventory.filter((carried) => carried !== found), stack, compartment };
}

/** Some pieces of a stack taken out, as a stack with the new id; null: it is not there, or has no more pieces than that. */
export function split(inventory: Inventory, id: string, quantity: number, newId: string): Taken | null {
  const found = inventory.find((carried) => carried.id === id);
  if (!found || quantity < 1 || quantity >= found.quantity) return null;
  const { compartment, ...stack } = found;
  const rest = inventory.map((carried) => (carried === found ? { ...found, quantity: found.quantity - quantity } : carried));
  return { inventory: rest, stack: { ...stack, id: newId, quantity }, compartment };
}

/** What this compartment can still take; 0 for one that does not exist. */
export function freeBulk(inventory: Inventory, compartment: string, measures: Measures): number {
  const capacity = measures.compartments.find(({ name }) => name === compartment)?.bulk ?? 0;
  return inventory.reduce((free, carried) => {
    return carried.compartment === compartment ? free - templateOf(carried, measures).bulk : free;
  }, capacity);
}

/** Throws for a kind that the catalogue does not have: documents are checked before they come here. */
export function templateOf({ template }: Pick<Stack, 'template'>, { catalogue }: Pick<Measures, 'catalogue'>): Template {
  const found = catalogue.templates.get(template);
  if (!found) throw new Error(`there is no item ${template}`);
  return found;
}

/** Fills up stacks of the same kind; answers how many pieces are left over. */
function pour(inventory: Inventory, stack: Stack, { stack: most }: Template): { inventory: Inventory; left: number } {
  let left = stack.quantity;
  if (most === 1) return { inventory, left };
  const filled = inventory.map((carried) => {
    const moved = carried.template === stack.template ? Math.min(left, Math.max(0, most - carried.quantity)) : 0;
    left -= moved;
    return moved === 0 ? carried : { ...carried, quantity: carried.quantity + moved };
  });
  return { inventory: filled, left };
}

function roomFor(inventory: Inventory, { bulk }: Template, measures: Measures, preferred?: string): string | null {
  const names = measures.compartments.map(({ name }) => name);
  const order = preferred === undefined ? names : [preferred, ...names];
  return order.find((name) => freeBulk(inventory, name, measures) >= bulk) ?? null;
}
