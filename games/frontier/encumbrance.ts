/** What weight does to who carries it: nothing up to a part of the limit, then it slows, the more the heavier. */
import type { Equipment } from './equipment.js';
import { type Inventory, type Stack, templateOf } from './inventory.js';
import type { InventorySettings } from './settings.js';
import type { Catalogue } from './templates.js';

export interface Encumbrance {
  readonly weightG: number;
  /** Of the limit. */
  readonly weightPercent: number;
  /** How much of the speed is lost, 0 to 100. */
  readonly penaltyPercent: number;
}

export function encumbranceOf(weightG: number, settings: InventorySettings): Encumbrance {
  const { weightLimitG, lightPercent, worstPenaltyPercent } = settings;
  const weightPercent = Math.floor((100 * weightG) / weightLimitG);
  const over = Math.min(Math.max(0, weightPercent - lightPercent), 100 - lightPercent);
  return { weightG, weightPercent, penaltyPercent: Math.floor((worstPenaltyPercent * over) / (100 - lightPercent)) };
}

/** Of all that is carried and worn. */
export function weightOf(inventory: Inventory, equipment: Equipment, catalogue: Catalogue): number {
  const stacks: readonly Stack[] = [...inventory, ...Object.values(equipment.slots)];
  return stacks.reduce((sum, stack) => sum + stackWeightG(stack, catalogue), 0);
}

export function stackWeightG(stack: Stack, catalogue: Catalogue): number {
  return stack.quantity * templateOf(stack, { catalogue }).weightG;
}
