/**
 * What a player carries and wears, read from a state. A part that did not change is not sent again, so what was
 * known before stands until something newer comes.
 */
import type { JsonObject } from '../../client/index.js';
import { listOf, numberOr, objectOf, textOr } from './scene.js';

export interface Stack {
  /** Its own where stacks have ids, else its name and place in the list. */
  readonly id: string;
  readonly name: string;
  readonly quantity: number;
  /** What is left of it; null: it does not wear. */
  readonly durability: number | null;
}

export interface Compartment {
  readonly name: string;
  readonly bulk: number;
  readonly free: number;
  readonly stacks: readonly Stack[];
}

export interface Slot {
  readonly name: string;
  readonly worn: Stack | null;
}

export interface Belongings {
  /** Things by name, without places to put them. */
  readonly carried: readonly Stack[];
  readonly compartments: readonly Compartment[];
  readonly slots: readonly Slot[];
  readonly load: { readonly weightKg: number; readonly percent: number; readonly slowerPercent: number } | null;
  readonly skills: readonly { readonly name: string; readonly level: number }[];
}

export const NOTHING: Belongings = { carried: [], compartments: [], slots: [], load: null, skills: [] };

/** Where things are worn, in the order of a body; what a game has besides comes after. */
const BODY = ['head', 'torso', 'feet', 'main_hand', 'off_hand'];

export function readBelongings(state: JsonObject, before: Belongings): Belongings {
  const items = objectOf(state.you)?.items;
  const inventory = objectOf(state.inventory);
  const equipment = objectOf(state.equipment);
  const skills = objectOf(state.skills);
  return {
    carried: Array.isArray(items) ? items.map((name, index) => named(textOr(name, '?'), index)) : before.carried,
    ...(inventory ? readInventory(inventory) : { compartments: before.compartments, load: before.load }),
    slots: equipment ? readSlots(objectOf(equipment.slots) ?? {}) : before.slots,
    skills: skills ? readSkills(objectOf(skills.levels) ?? {}) : before.skills,
  };
}

function named(name: string, index: number): Stack {
  return { id: `${name} ${index}`, name, quantity: 1, durability: null };
}

function readInventory({ items, compartments, encumbrance }: JsonObject): Pick<Belongings, 'compartments' | 'load'> {
  const stacks = listOf(items);
  const load = objectOf(encumbrance);
  return {
    compartments: listOf(compartments).map(({ name, bulk, free }) => ({
      name: textOr(name, ''),
      bulk: numberOr(bulk, 0),
      free: numberOr(free, 0),
      stacks: stacks.filter(({ compartment }) => compartment === name).map(stackOf),
    })),
    load: load && {
      weightKg: numberOr(load.weight_g, 0) / 1000,
      percent: numberOr(load.weight_percent, 0),
      slowerPercent: numberOr(load.penalty_percent, 0),
    },
  };
}

function readSlots(worn: JsonObject): Slot[] {
  const names = [...BODY, ...Object.keys(worn).filter((name) => !BODY.includes(name))];
  return names.map((name) => {
    const stack = objectOf(worn[name]);
    return { name, worn: stack && stackOf(stack) };
  });
}

function readSkills(levels: JsonObject): Belongings['skills'] {
  return Object.entries(levels).map(([name, level]) => ({ name: words(name), level: numberOr(level, 0) }));
}

function stackOf({ instance_id, template, quantity, durability }: JsonObject): Stack {
  return {
    id: textOr(instance_id, ''),
    name: words(textOr(template, '?')),
    quantity: numberOr(quantity, 1),
    durability: numberOr(durability, null),
  };
}

/** `short_sword` for people. */
export function words(name: string): string {
  return name.replaceAll('_', ' ');
}
