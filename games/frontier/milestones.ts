/**
 * What walking does to who walks, and to what it walks in. Each time a player has come so far from its last milestone, as the crow
 * flies, it passes the next one: what it is clothed in wears, and who is slowed by a load learns. Who is neither
 * has no milestone: it walks for nothing, and nothing of its way is written to its document.
 */
import { type Avatar, change } from './avatars.js';
import { reportBroken } from './belongings.js';
import type { Document } from './document.js';
import { encumbranceOf, weightOf } from './encumbrance.js';
import type { Point } from './grid.js';
import type { Rules } from './rules.js';
import { practised } from './skills.js';
import type { Turn } from './turn.js';
import { isBroken, wornBy } from './wear.js';

export function passMilestone(turn: Turn, avatar: Avatar): void {
  const { rules } = turn;
  const { document, at } = avatar;
  const { milestone } = document;
  if (!isLoaded(document, rules) && !isClothed(document, rules)) {
    if (milestone) avatar.document = { ...document, milestone: null };
  } else if (!milestone) {
    avatar.document = { ...document, milestone: at };
  } else if (isFar(at, milestone, rules.settings.training.milestoneCm)) {
    avatar.document = { ...document, milestone: at };
    wearClothes(turn, avatar);
    if (isLoaded(document, rules)) learn(turn, avatar);
  }
}

function wearClothes(turn: Turn, avatar: Avatar): void {
  const { perMilestone, milestoneSlots } = turn.rules.settings.wear;
  const before = avatar.document.equipment;
  let equipment = before;
  for (const slot of milestoneSlots) {
    const stack = equipment.slots[slot];
    if (!stack) continue;
    const worn = wornBy(equipment, slot, stack, perMilestone);
    equipment = worn.equipment;
    if (isBroken(worn.stack)) reportBroken(turn, avatar, slot, worn.stack);
  }
  if (equipment !== before) change(turn, avatar, { equipment });
}

function learn(turn: Turn, avatar: Avatar): void {
  const { training } = turn.rules.settings;
  const skills = practised(avatar.document.skills, training.loadedSkill, 1, training);
  if (skills !== avatar.document.skills) change(turn, avatar, { skills });
}

/** It carries so much that it is slower for it. */
function isLoaded({ inventory, equipment }: Document, { settings, catalogue }: Rules): boolean {
  return encumbranceOf(weightOf(inventory, equipment, catalogue), settings.inventory).penaltyPercent > 0;
}

/** It wears something that walking wears out. */
function isClothed({ equipment }: Document, { settings: { wear } }: Rules): boolean {
  return wear.milestoneSlots.some((slot) => typeof equipment.slots[slot]?.durability === 'number');
}

function isFar(a: Point, b: Point, cm: number): boolean {
  return (a.x - b.x) ** 2 + (a.z - b.z) ** 2 >= cm * cm;
}
