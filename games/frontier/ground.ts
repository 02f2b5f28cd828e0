/**
 * Things on the ground: laid down, and picked up, over a border too. Who reaches over asks the zone where the thing is, by an
 * effect; that zone sends the thing itself, as a transfer, and here it is taken from the ground. So a thing is always in one
 * place, and where its picker has gone meanwhile it lies at that place for whoever comes.
 */
import type { Effect, Entity, JsonObject } from '../contract.js';
import { type Avatar, change } from './avatars.js';
import { stackWeightG, weightOf } from './encumbrance.js';
import type { Cell, Point } from './grid.js';
import { put, type Stack, split, take } from './inventory.js';
import type { Message } from './messages.js';
import { isKind, itemMetadata, stackOf } from './things.js';
import type { Turn } from './turn.js';

type ItemCode = 'ok' | 'item_not_found' | 'out_of_reach' | 'no_space';

/** What zones say to one another about things. Places are points of the world. */
type Word =
  /** Please send it: somebody who stands at `at` reaches for it. */
  | { readonly type: 'reach'; readonly item: string; readonly player: string; readonly at: Point }
  /** It is not here any more. */
  | { readonly type: 'missed'; readonly item: string; readonly player: string };

/** Takes it from this side of the border, or asks the other side for it. */
export function pickUp(turn: Turn, avatar: Avatar, { item: id }: Extract<Message, { type: 'pick_up' }>): void {
  const { tick } = turn;
  const here = tick.entities.get(id);
  const beyond = here ? undefined : tick.border.get(id);
  const item = here ?? beyond;
  const stack = item && !turn.isClaimed(id) ? stackOf(item, turn.rules.catalogue) : null;
  if (!item || !stack) return answer(turn, avatar.player.id, 'pick_up', id, 'item_not_found');
  if (!isInReach(turn, avatar.at, item)) return answer(turn, avatar.player.id, 'pick_up', id, 'out_of_reach');
  if (!withStack(turn, avatar, stack)) return answer(turn, avatar.player.id, 'pick_up', id, 'no_space');
  const word: Word = { type: 'reach', item: id, player: avatar.player.id, at: avatar.at };
  if (beyond) turn.result.sends.push({ toZone: beyond.zoneId, data: word });
  else receive(turn, avatar, item, stack);
}

/** Lays a stack down where the avatar stands, or some of its pieces. */
export function drop(turn: Turn, avatar: Avatar, { instance_id: id, quantity }: Extract<Message, { type: 'drop' }>): void {
  const { inventory } = avatar.document;
  const part = quantity === undefined ? null : split(inventory, id, quantity, turn.tick.newId());
  const whole = inventory.find((carried) => carried.id === id);
  const taken = part ?? (quantity === undefined || quantity === whole?.quantity ? take(inventory, id) : null);
  if (!taken) return answer(turn, avatar.player.id, 'drop', id, 'item_not_found');
  change(turn, avatar, { inventory: taken.inventory });
  layDown(turn, taken.stack, avatar.at);
  answer(turn, avatar.player.id, 'drop', id, 'ok');
}

/** Does what other zones asked for, and hears what they answered. */
export function hear(turn: Turn, effect: Effect, avatars: ReadonlyMap<string, Avatar>): void {
  const word = effect.data;
  if (!isWord(word)) return; // of a later version of this game, which did not last
  if (word.type === 'missed' || effect.returned) return answer(turn, word.player, 'pick_up', word.item, 'item_not_found');
  const { tick, rules, result } = turn;
  const item = tick.entities.get(word.item);
  const picker = avatars.get(word.player);
  // It came over the border itself while its wish was on the way.
  if (picker) return pickUp(turn, picker, { type: 'pick_up', item: word.item });
  const back = tick.neighbors.find(({ id }) => id === effect.fromZone);
  if (!back) return;
  if (item && isKind(item, 'item') && isInReach(turn, word.at, item) && turn.claim(item.id)) {
    const { x, y } = rules.grid.toZone(turn.cell, word.at);
    result.updates.push({ id: item.id, metadata: { ...item.metadata, for: word.player } });
    result.transfers.push({ id: item.id, toZone: back.id, x: x - back.dx, y: y - back.dy });
  } else {
    const missed: Word = { type: 'missed', item: word.item, player: word.player };
    result.sends.push({ toZone: back.id, data: missed });
  }
}

/** Hands over what has come from beyond a border, or came back; what its picker cannot take stays on the ground. */
export function handOver(turn: Turn, avatars: ReadonlyMap<string, Avatar>): void {
  for (const item of turn.tick.entities) {
    const picker = item.metadata.for;
    if (typeof picker !== 'string' || !isKind(item, 'item') || turn.isClaimed(item.id)) continue;
    const avatar = avatars.get(picker);
    const stack = stackOf(item, turn.rules.catalogue);
    if (avatar && stack && receive(turn, avatar, item, stack)) continue;
    const { for: _, ...metadata } = item.metadata;
    turn.result.updates.push({ id: item.id, metadata });
  }
}

/** What lies about in a new cell: always the same, all over it. */
export function strewn(
  cell: Cell,
  { settings, grid, catalogue }: Turn['rules'],
): { x: number; y: number; width: 0; height: 0; metadata: JsonObject }[] {
  const stacks = settings.groundPerCell.flatMap(({ count, ...amount }) => Array.from({ length: count }, () => amount));
  return stacks.map(({ template, quantity }, index) => {
    const id = `${cell.column},${cell.row},${index}`;
    const stack = { id, template, quantity, durability: catalogue.templates.get(template)?.durability ?? null };
    const at = {
      x: cell.column * grid.cellCm + strew(2 * index, grid.cellCm),
      z: cell.row * grid.cellCm + strew(2 * index + 1, grid.cellCm),
    };
    return { ...grid.toZone(cell, at), width: 0, height: 0, metadata: itemMetadata(stack, catalogue) };
  });
}

/** Into the avatar's inventory, and from the ground; answers whether it went. */
function receive(turn: Turn, avatar: Avatar, item: Entity, stack: Stack): boolean {
  const inventory = withStack(turn, avatar, stack);
  answer(turn, avatar.player.id, 'pick_up', item.id, inventory ? 'ok' : 'no_space');
  if (!inventory) return false;
  turn.claim(item.id);
  change(turn, avatar, { inventory });
  turn.result.deletes.push(item.id);
  return true;
}

/** null: there is no room for it, or it is too heavy. */
function withStack({ rules }: Turn, { document }: Avatar, stack: Stack): Avatar['document']['inventory'] | null {
  const { inventory, equipment } = document;
  const weightG = weightOf(inventory, equipment, rules.catalogue) + stackWeightG(stack, rules.catalogue);
  return weightG > rules.settings.inventory.weightLimitG ? null : put(inventory, stack, rules);
}

function layDown({ result, rules, cell }: Turn, stack: Stack, at: Point): void {
  const metadata = itemMetadata(stack, rules.catalogue);
  result.creates.push({ ...rules.grid.toZone(cell, at), width: 0, height: 0, metadata });
}

function isInReach({ rules, cell }: Turn, at: Point, item: Entity): boolean {
  const { x, z } = rules.grid.toWorld(cell, item);
  return (x - at.x) ** 2 + (z - at.z) ** 2 <= rules.settings.reachCm ** 2;
}

function answer(turn: Turn, playerId: string, operation: 'pick_up' | 'drop', item: string, code: ItemCode): void {
  turn.count(`${operation}_${code}`);
  turn.tell(playerId, 'item_result', { operation, item, success: code === 'ok', code, message: MESSAGES[code] });
}

/** To the framework it is any JSON. */
function isWord(data: JsonObject): data is JsonObject & Word {
  const { type, item, player, at } = data;
  if (typeof item !== 'string' || typeof player !== 'string') return false;
  if (type === 'missed') return true;
  return type === 'reach' && typeof at === 'object' && at !== null && 'x' in at && 'z' in at;
}

/** Somewhere from 0 to below `most`, spread evenly and always the same for the same number. */
function strew(index: number, most: number): number {
  return Math.floor((((index + 1) * 0.6180339887498949) % 1) * most);
}

const MESSAGES: Readonly<Record<ItemCode, string>> = {
  ok: 'done',
  item_not_found: 'it is not there',
  out_of_reach: 'it is too far away',
  no_space: 'there is no room for it, or it is too heavy',
};
