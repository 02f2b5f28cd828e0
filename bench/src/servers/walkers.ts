/**
 * Zones as plain objects in memory, for the two servers that bring no state of their own. Entities have the fields
 * that Gridstead sends, so that a snapshot is as large.
 */
import { randomUUID } from 'node:crypto';
import { type Cell, sees, spawnOf, step } from '../../games/arena/rules.js';

export interface Walker extends Cell {
  readonly id: string;
  x: number;
  y: number;
  readonly width: 1;
  readonly height: 1;
  readonly metadata: { readonly kind: 'walker'; readonly player: string };
}

/** One zone; `Link` is whatever its player is reached by. */
export interface Zone<Link> {
  readonly id: string;
  readonly places: Map<Link, Walker>;
}

export function makeZones<Link>(count: number): Zone<Link>[] {
  return Array.from({ length: count }, () => ({ id: randomUUID(), places: new Map() }));
}

export function makeWalker(name: string, player: string): Walker {
  return { id: randomUUID(), ...spawnOf(name), width: 1, height: 1, metadata: { kind: 'walker', player } };
}

export function moveWalker(walker: Walker, dx: number, dy: number): void {
  walker.x = step(walker.x, dx);
  walker.y = step(walker.y, dy);
}

/** The walkers that this one sees, itself included. */
export function seenBy(viewer: Walker, walkers: readonly Walker[]): Walker[] {
  return walkers.filter((walker) => sees(viewer, walker));
}
