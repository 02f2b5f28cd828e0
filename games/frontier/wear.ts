/**
 * What using it does to what is worn: its durability falls, and at 0 it breaks: it is gone, and its slots are free. That
 * is the only way in which a piece leaves the world.
 */
import { type Equipment, isLocked, lock, type Wearing, without, wornOver } from './equipment.js';
import { type Stack, templateOf } from './inventory.js';
import { bitOf, type Template } from './templates.js';

export type UseCode = 'ok' | 'illegal_slot' | 'item_not_found' | 'not_usable' | 'equip_locked';

export type Use = ({ readonly code: 'ok'; readonly template: Template } & Worn) | { readonly code: Exclude<UseCode, 'ok'> };

export interface Worn {
  readonly equipment: Equipment;
  /** As it is now. What broke is here, with a durability of 0, and nowhere else. */
  readonly stack: Stack;
}

/**
 * Uses what takes this slot, once; its slots are locked then, as after putting it on. `perUse`: what that costs of its durability.
 * Of several reasons to refuse, the first of `illegal_slot`, `item_not_found`, `not_usable`, `equip_locked` is told.
 */
export function use(
  equipment: Equipment,
  { slot, now, perUse }: { readonly slot: string; readonly now: number; readonly perUse: number },
  rules: Wearing,
): Use {
  if (bitOf(rules.equipment.slots, slot) === 0) return { code: 'illegal_slot' };
  const worn = wornOver(equipment, slot, rules);
  if (!worn) return { code: 'item_not_found' };
  const template = templateOf(worn.stack, rules);
  if (template.trains === null) return { code: 'not_usable' };
  if (isLocked(equipment, worn.bits, now, rules)) return { code: 'equip_locked' };
  const lockedUntil = lock(equipment, worn.bits, now, rules);
  return { code: 'ok', template, ...wornBy({ ...equipment, lockedUntil }, worn.slot, worn.stack, perUse) };
}

/** `slot`: the one that the stack was put on in. What does not wear stays as it is. */
export function wornBy(equipment: Equipment, slot: string, stack: Stack, points: number): Worn {
  if (stack.durability === null || points === 0) return { equipment, stack };
  const now = { ...stack, durability: Math.max(0, stack.durability - points) };
  const slots = isBroken(now) ? without(equipment.slots, [slot]) : { ...equipment.slots, [slot]: now };
  return { equipment: { ...equipment, slots }, stack: now };
}

export function isBroken({ durability }: Stack): boolean {
  return durability === 0;
}
