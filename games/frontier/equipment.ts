/**
 * What a player wears: one item in a slot, or one in several. Putting on and taking off are exchanges between
 * inventory and slots that happen whole or not at all, and each is answered with a code.
 */
import { type Inventory, type Measures, put, putInto, type Stack, take, templateOf } from './inventory.js';
import type { Settings } from './settings.js';
import { bitOf, type Template } from './templates.js';

export interface Equipment {
  /** By the slot that it was put on in; a two-handed item takes its other slots as well. */
  readonly slots: Readonly<Record<string, Stack>>;
  /** Until when a slot is locked, in milliseconds since 1970. */
  readonly lockedUntil: Readonly<Record<string, number>>;
}

export const NOTHING_WORN: Equipment = { slots: {}, lockedUntil: {} };

export type EquipmentCode = 'ok' | 'illegal_slot' | 'skill_gate' | 'equip_locked' | 'item_not_found' | 'no_space';

/** What a player has on it, as far as an exchange can change it. */
export interface Belongings {
  readonly inventory: Inventory;
  readonly equipment: Equipment;
}

export type Exchange = { readonly code: 'ok'; readonly after: Belongings } | { readonly code: Exclude<EquipmentCode, 'ok'> };

export interface Wearing extends Measures {
  readonly equipment: Settings['equipment'];
}

/**
 * Puts on what is carried. What was in the way goes back into the inventory, first of all to where the item
 * came from; with no room for it nothing happens. Of several reasons to refuse, the first of
 * `item_not_found`, `illegal_slot`, `skill_gate`, `equip_locked`, `no_space` is told.
 */
export function equip(
  { inventory, equipment }: Belongings,
  order: {
    readonly item: string;
    readonly slot: string;
    readonly skills: Readonly<Record<string, number>>;
    readonly now: number;
  },
  rules: Wearing,
): Exchange {
  const { slot, now } = order;
  const taken = take(inventory, order.item);
  if (!taken) return { code: 'item_not_found' };
  const template = templateOf(taken.stack, rules);
  const bit = bitOf(rules.equipment.slots, slot);
  if ((template.mask & bit) === 0) return { code: 'illegal_slot' };
  if (!isSkilled(template, order.skills)) return { code: 'skill_gate' };
  const needed = template.twoHanded ? template.mask : bit;
  const inTheWay = Object.keys(equipment.slots).filter((worn) => (bitsTaken(equipment, worn, rules) & needed) !== 0);
  const touched = inTheWay.reduce((bits, worn) => bits | bitsTaken(equipment, worn, rules), needed);
  if (isLocked(equipment, touched, now, rules)) return { code: 'equip_locked' };
  const back = inTheWay.reduce<Inventory | null>((into, worn) => {
    const stack = equipment.slots[worn];
    return into && stack ? put(into, stack, rules, taken.compartment) : into;
  }, taken.inventory);
  if (!back) return { code: 'no_space' };
  const slots = { ...without(equipment.slots, inTheWay), [slot]: taken.stack };
  return { code: 'ok', after: { inventory: back, equipment: { slots, lockedUntil: lock(equipment, touched, now, rules) } } };
}

/** Takes off what is worn in this slot, or takes it with its other slots; into that compartment, if one is named. */
export function unequip(
  { inventory, equipment }: Belongings,
  order: { readonly slot: string; readonly compartment?: string; readonly now: number },
  rules: Wearing,
): Exchange {
  const { slot, compartment, now } = order;
  if (bitOf(rules.equipment.slots, slot) === 0) return { code: 'illegal_slot' };
  const worn = wornOver(equipment, slot, rules);
  if (!worn) return { code: 'item_not_found' };
  const { stack, bits: touched } = worn;
  if (isLocked(equipment, touched, now, rules)) return { code: 'equip_locked' };
  const back = compartment === undefined ? put(inventory, stack, rules) : putInto(inventory, stack, rules, compartment);
  if (!back) return { code: 'no_space' };
  const lockedUntil = lock(equipment, touched, now, rules);
  return { code: 'ok', after: { inventory: back, equipment: { slots: without(equipment.slots, [worn.slot]), lockedUntil } } };
}

/** The slots that what is worn in this one takes, as a mask. */
export function bitsTaken({ slots }: Equipment, worn: string, rules: Wearing): number {
  const stack = slots[worn];
  if (!stack) return 0;
  const template = templateOf(stack, rules);
  return template.twoHanded ? template.mask : bitOf(rules.equipment.slots, worn);
}

/** What takes this slot: where it was put on, and all slots that it takes, as a mask. null: nothing does. */
export function wornOver(
  equipment: Equipment,
  slot: string,
  rules: Wearing,
): { readonly slot: string; readonly stack: Stack; readonly bits: number } | null {
  const bit = bitOf(rules.equipment.slots, slot);
  for (const [worn, stack] of Object.entries(equipment.slots)) {
    const bits = bitsTaken(equipment, worn, rules);
    if ((bits & bit) !== 0) return { slot: worn, stack, bits };
  }
  return null;
}

function isSkilled({ skills: needed }: Template, skills: Readonly<Record<string, number>>): boolean {
  return Object.entries(needed).every(([skill, level]) => (skills[skill] ?? 0) >= level);
}

export function isLocked({ lockedUntil }: Equipment, mask: number, now: number, { equipment }: Wearing): boolean {
  return Object.entries(lockedUntil).some(([slot, until]) => (bitOf(equipment.slots, slot) & mask) !== 0 && until > now);
}

/** The locks with these slots locked for the cooldown; those that are over are forgotten. */
export function lock({ lockedUntil }: Equipment, mask: number, now: number, { equipment }: Wearing): Record<string, number> {
  const standing = Object.entries(lockedUntil).filter(([, until]) => until > now);
  const fresh = equipment.slots.filter((slot) => (bitOf(equipment.slots, slot) & mask) !== 0);
  return Object.fromEntries([...standing, ...fresh.map((slot) => [slot, now + equipment.cooldownMs] as const)]);
}

export function without(slots: Equipment['slots'], gone: readonly string[]): Record<string, Stack> {
  return Object.fromEntries(Object.entries(slots).filter(([slot]) => !gone.includes(slot)));
}
