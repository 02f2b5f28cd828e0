/**
 * Things to pick up. What a player carries is in its document, what lies around is an entity. What
 * grew leaves a sprout behind, which is ripe again after a while. There is no `wakeAt` for that: a zone
 * where nobody is may sleep, and whoever comes back finds ripe what should be by then.
 */
import type { Entity } from '../contract.js';
import type { Refusal } from './refusals.js';
import { isKind, ofKind } from './things.js';
import type { Turn } from './turn.js';
import { tellInventory, type Walker } from './walkers.js';

const REGROW_MS = 60_000;
/** Documents are written whole, so they must not grow without end. */
const MAX_CARRIED = 10;

/** Takes the first item under the walker, if there is one and a hand is free. */
export function pickUp(turn: Turn, walker: Walker): Refusal | null {
  const { items } = walker.memory;
  const item = itemAt(turn, walker);
  if (!item) return 'nothing_here';
  if (items.length >= MAX_CARRIED) return 'hands_full';
  if (!turn.claim(`item ${item.id}`)) return 'nothing_here';
  const { name, regrows } = item.metadata;
  if (regrows) {
    turn.result.updates.push({ id: item.id, metadata: { kind: 'sprout', name, ripe_at: turn.tick.now + REGROW_MS } });
  } else {
    turn.result.deletes.push(item.id);
  }
  carry(turn, walker, [...items, String(name)]);
  return null;
}

/** Lays one down. One to a cell, lest somebody carpets the world with them. */
export function drop(turn: Turn, walker: Walker, name: string): Refusal | null {
  const { items } = walker.memory;
  const { x, y } = walker;
  const index = items.indexOf(name);
  if (index < 0) return 'not_carried';
  if (itemAt(turn, walker) || !turn.claim(`ground ${x},${y}`)) return 'no_space';
  turn.result.creates.push({ x, y, width: 0, height: 0, metadata: { kind: 'item', name } });
  carry(turn, walker, items.toSpliced(index, 1));
  return null;
}

/** Makes items again of the sprouts whose time has come. */
export function ripen(turn: Turn): void {
  for (const { id, metadata } of ofKind(turn.tick.entities, 'sprout')) {
    const { name, ripe_at } = metadata;
    if (Number(ripe_at) <= turn.tick.now) turn.result.updates.push({ id, metadata: { kind: 'item', name, regrows: true } });
  }
}

function itemAt({ tick }: Turn, { x, y }: Walker): Entity | undefined {
  return tick.entities.at(x, y).find((entity) => isKind(entity, 'item'));
}

function carry(turn: Turn, walker: Walker, items: readonly string[]): void {
  walker.memory = { ...walker.memory, items };
  tellInventory(turn, walker);
}
