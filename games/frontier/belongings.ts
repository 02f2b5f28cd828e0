/** Putting on, taking off and using, as players ask for it: each order is answered with what came of it. */
import { type Avatar, change } from './avatars.js';
import { type EquipmentCode, type Exchange, equip, unequip } from './equipment.js';
import type { Stack } from './inventory.js';
import type { Message } from './messages.js';
import { practised } from './skills.js';
import type { Turn } from './turn.js';
import { isBroken, type UseCode, use } from './wear.js';

export function putOn(turn: Turn, avatar: Avatar, order: Extract<Message, { type: 'equip' }>): void {
  const { levels } = avatar.document.skills;
  const wish = { item: order.instance_id, slot: order.slot, skills: levels, now: turn.tick.now };
  settle(turn, avatar, 'equip', order.slot, equip(avatar.document, wish, turn.rules));
}

export function takeOff(turn: Turn, avatar: Avatar, { slot, compartment }: Extract<Message, { type: 'unequip' }>): void {
  const exchange = unequip(avatar.document, { slot, compartment, now: turn.tick.now }, turn.rules);
  settle(turn, avatar, 'unequip', slot, exchange);
}

/** There is nobody to be hurt in this world: using a thing is practice, which teaches its user and wears the thing. */
export function useWorn(turn: Turn, avatar: Avatar, { slot }: Extract<Message, { type: 'use' }>): void {
  const { wear, training } = turn.rules.settings;
  const { document } = avatar;
  const used = use(document.equipment, { slot, now: turn.tick.now, perUse: wear.perUse }, turn.rules);
  const { code } = used;
  turn.count(`use_${code}`);
  const told = used.code === 'ok' && { durability: used.stack.durability, damage_type: used.template.damageType };
  turn.tell(avatar.player.id, 'use_result', { slot, success: code === 'ok', code, message: MESSAGES[code], ...told });
  if (used.code !== 'ok') return;
  change(turn, avatar, { equipment: used.equipment });
  const { trains } = used.template;
  const skills = trains === null ? document.skills : practised(document.skills, trains, 1, training);
  if (skills !== document.skills) change(turn, avatar, { skills });
  if (isBroken(used.stack)) reportBroken(turn, avatar, slot, used.stack);
}

/** Tells its player, and counts it: a piece of its kind is out of the world. */
export function reportBroken(turn: Turn, avatar: Avatar, slot: string, { id, template }: Stack): void {
  turn.count('items_broken');
  turn.tell(avatar.player.id, 'item_broken', { slot, instance_id: id, template });
}

function settle(turn: Turn, avatar: Avatar, operation: 'equip' | 'unequip', slot: string, exchange: Exchange): void {
  const { code } = exchange;
  if (exchange.code === 'ok') change(turn, avatar, exchange.after);
  turn.count(`equipment_${code}`);
  turn.tell(avatar.player.id, 'equipment_result', { operation, slot, success: code === 'ok', code, message: MESSAGES[code] });
}

const MESSAGES: Readonly<Record<EquipmentCode | UseCode, string>> = {
  ok: 'done',
  illegal_slot: 'that does not go there',
  skill_gate: 'more skill is needed for that',
  equip_locked: 'that slot was used a moment ago',
  item_not_found: 'there is nothing like that',
  no_space: 'there is no room for it',
  not_usable: 'there is nothing to be done with it',
};
