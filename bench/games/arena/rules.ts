/**
 * The rules of the benchmark, for every server in it: how large a zone is, where a walker begins, what a step
 * does, who sees whom. Each server keeps its state its own way; that all of them keep the same is up to this file.
 */

/** Cells to a side. */
export const ZONE_SIZE = 64;
export const PLAYERS_PER_ZONE = 50;
/** How far a walker sees in the fog, in cells to every side. */
export const SIGHT = 8;
/** Walkers begin this far from the upper edges at least, so that no step of a lap is cut off. */
const LAP_ROOM = 8;

export interface Cell {
  readonly x: number;
  readonly y: number;
}

/** Where the walker of the player of this name begins: the same cell on every server, and any cell as likely as another. */
export function spawnOf(name: string): Cell {
  const hash = scatter(name);
  const room = ZONE_SIZE - LAP_ROOM;
  return { x: hash % room, y: Math.floor(hash / room) % room };
}

/** One step along an axis, within the zone. */
export function step(at: number, by: number): number {
  return Math.max(0, Math.min(ZONE_SIZE - 1, at + by));
}

export function sees(viewer: Cell, other: Cell): boolean {
  return Math.abs(viewer.x - other.x) <= SIGHT && Math.abs(viewer.y - other.y) <= SIGHT;
}

/** FNV-1a, with a last mixing: names that differ in one digit end far apart. */
function scatter(name: string): number {
  let hash = 0x811c9dc5;
  for (const char of name) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
