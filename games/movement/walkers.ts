/**
 * Walkers: one 1×1 entity for each player who is here. They come with their player, go with it, step
 * and speak. What walkers do with things is in items.ts, with gates in gates.ts.
 */
import type { Entity, EntitySet, Player } from '../contract.js';
import { gateAt, goThrough } from './gates.js';
import { type Memory, memoryOf } from './memory.js';
import type { Refusal } from './refusals.js';
import { ofKind } from './things.js';
import type { Cell, Turn } from './turn.js';

/** A walker in this tick, with what the tick has done to it so far. */
export interface Walker {
  readonly id: string;
  readonly player: Player;
  x: number;
  y: number;
  /** As the tick found it: `save` compares. */
  readonly remembered: Memory;
  memory: Memory;
  stepped: boolean;
  /** false once it went through a gate: what its player wants after that is too late for this zone. */
  here: boolean;
}

/** The player's walker, if it is among these entities. */
export function walkerOf(entities: EntitySet, player: Player): Entity | undefined {
  const { walker } = memoryOf(player);
  const entity = walker === null ? undefined : entities.get(walker);
  return entity?.metadata.player === player.id ? entity : undefined;
}

/** Sees to it that each player who is here has a walker, and nobody else. By player id. */
export function gather(turn: Turn): Map<string, Walker> {
  const { players, joined, left, entities } = turn.tick;
  const arrived = new Set(joined.map(({ id }) => id));
  const walkers = new Map<string, Walker>();
  for (const player of players) {
    const standing = walkerOf(entities, player);
    const walker = standing ? enter(turn, player, standing) : spawn(turn, player);
    if (!walker) continue;
    walkers.set(player.id, walker);
    if (!arrived.has(player.id)) continue;
    if (standing) stepAside(turn, walker, standing);
    tellInventory(turn, walker);
  }
  for (const player of left) if (!walkers.has(player.id)) rememberCell(turn, player);
  removeStrays(turn, walkers);
  return walkers;
}

/** One step. A wall, an animal, or somebody who was faster: it stays where it is. */
export function step(turn: Turn, walker: Walker, dx: number, dy: number): Refusal | null {
  if (walker.stepped) return 'one_step';
  const to = { x: walker.x + dx, y: walker.y + dy };
  const gate = gateAt(turn.tick.entities, to.x, to.y);
  if (gate) {
    goThrough(turn, walker, gate);
    return null;
  }
  if (!turn.claimCell(to.x, to.y)) return 'blocked';
  put(turn, walker, to);
  walker.stepped = true;
  return null;
}

/** An event of the whole zone; vision.ts decides who hears it. */
export function say(turn: Turn, walker: Walker, text: string): null {
  turn.result.events.push({ type: 'said', entity: walker.id, name: walker.player.username, text });
  return null;
}

/** Writes the player's document where it changed: each write is a row on a disk, so not for every step. */
export function save(turn: Turn, { player, remembered, memory }: Walker): void {
  if (memory !== remembered) turn.result.playerStates.push({ playerId: player.id, state: memory });
}

/** To that player alone: what it carries. */
export function tellInventory(turn: Turn, { player, memory }: Walker): void {
  turn.result.messages.push({ playerId: player.id, type: 'inventory', items: memory.items });
}

/** A new walker: where it stood when the player left this zone, else in the middle; null in a zone that is full. */
function spawn(turn: Turn, player: Player): Walker | null {
  const { zone } = turn.tick;
  const { zone: last, x, y } = memoryOf(player);
  const back = last === zone.id && x !== null && y !== null;
  const cell = back ? turn.claimCellNear(x, y) : turn.claimCellNear(zone.width >> 1, zone.height >> 1);
  if (!cell) return null;
  const id = turn.tick.newId();
  turn.result.creates.push({ id, ...cell, metadata: { kind: 'walker', player: player.id, name: player.username } });
  return enter(turn, player, { id, ...cell });
}

function enter({ tick }: Turn, player: Player, { id, x, y }: { id: string; x: number; y: number }): Walker {
  const remembered = memoryOf(player);
  const known = remembered.walker === id && remembered.zone === tick.zone.id;
  const memory = known ? remembered : { ...remembered, walker: id, zone: tick.zone.id, x: null, y: null };
  return { id, player, x, y, remembered, memory, stepped: false, here: true };
}

/** Nothing keeps the cell behind a gate free: who arrives on somebody else's feet gets the next free one. */
function stepAside(turn: Turn, walker: Walker, standing: Entity): void {
  if (turn.tick.entities.overlapping(standing).length === 0) return;
  const cell = turn.claimCellNear(standing.x, standing.y);
  if (cell) put(turn, walker, cell);
}

function put(turn: Turn, walker: Walker, { x, y }: Cell): void {
  walker.x = x;
  walker.y = y;
  turn.result.updates.push({ id: walker.id, x, y });
}

/** For a player who went: its walker goes too (see removeStrays), the cell and the items wait in its document. */
function rememberCell(turn: Turn, player: Player): void {
  const walker = walkerOf(turn.tick.entities, player);
  if (!walker) return;
  const { x, y } = walker;
  const state: Memory = { ...memoryOf(player), walker: null, zone: turn.tick.zone.id, x, y };
  turn.result.playerStates.push({ playerId: player.id, state });
}

/** Walkers of players who left, and what came back through a gate after its player had gone elsewhere. */
function removeStrays(turn: Turn, walkers: Map<string, Walker>): void {
  for (const { id, metadata } of ofKind(turn.tick.entities, 'walker')) {
    const owner = walkers.get(String(metadata.player));
    if (owner?.id !== id) turn.result.deletes.push(id);
  }
}
