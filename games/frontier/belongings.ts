/** Putting on and taking off, as players ask for it: each order is answered with what came of it. */
import { type Avatar, change } from './avatars.js';
import { type EquipmentCode, type Exchange, equip, unequip } from './equipment.js';
import type { Message } from './messages.js';
import type { Turn } from './turn.js';

export function putOn(turn: Turn, avatar: Avatar, order: Extract<Message, { type: 'equip' }>): void {
  const { skills } = avatar.document;
  const exchange = equip(avatar.document, { item: order.instance_id, slot: order.slot, skills, now: turn.tick.now }, turn.rules);
  settle(turn, avatar, 'equip', order.slot, exchange);
}

export function takeOff(turn: Turn, avatar: Avatar, { slot, compartment }: Extract<Message, { type: 'unequip' }>): void {
  const exchange = unequip(avatar.document, { slot, compartment, now: turn.tick.now }, turn.rules);
  settle(turn, avatar, 'unequip', slot, exchange);
}

function settle(turn: Turn, avatar: Avatar, operation: 'equip' | 'unequip', slot: string, exchange: Exchange): void {
  const { code } = exchange;
  if (exchange.code === 'ok') change(turn, avatar, exchange.after);
  turn.count(`equipment_${code}`);
  turn.tell(avatar.player.id, 'equipment_result', { operation, slot, success: code === 'ok', code, message: MESSAGES[code] });
}

const MESSAGES: Readonly<Record<EquipmentCode, string>> = {
  ok: 'done',
  illegal_slot: 'that does not go there',
  skill_gate: 'more skill is needed for that',
  equip_locked: 'that slot was used a moment ago',
  item_not_found: 'there is nothing like that',
  no_space: 'there is no room for it',
};
