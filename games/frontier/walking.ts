/**
 * One tick's way of whoever walks, player or bot: a step, the edge of the world, and, past a border, the transfer. Who comes
 * back because it could not arrive stands where it stood, and rests before it tries again.
 */
import type { Entity, JsonObject } from '../contract.js';
import type { Cell, Point } from './grid.js';
import { crossing, restUntil } from './handover.js';
import { type Heading, stepOf, velocityOf } from './movement.js';
import { type Motion, motionOf } from './things.js';
import type { Turn } from './turn.js';

/** Somebody who walks in this tick. */
export interface Walker {
  readonly id: string;
  /** What it is besides walking: its kind, its name, whose it is. How it moved may be in it too, and is of no account. */
  readonly nature: JsonObject;
  /** Where it is, as a point of the world. */
  at: Point;
  heading: Heading;
  /** As the tick found it, or as it was made. */
  readonly motion: Motion;
}

/** Where it went over to. */
export interface Departure {
  readonly zoneId: string;
  readonly cell: Cell;
}

/** The walker of an entity. */
export function walkerOf({ rules, cell }: Turn, entity: Entity): Walker {
  const motion = motionOf(entity);
  return { id: entity.id, nature: entity.metadata, at: rules.grid.toWorld(cell, entity), heading: motion.heading, motion };
}

export function metadataOf({ nature, motion }: Pick<Walker, 'nature' | 'motion'>): JsonObject {
  const { vx, vz, heading, restsUntil } = motion;
  return { ...nature, vx, vz, heading: { ...heading }, restsUntil };
}

/** Walks one tick's way. `follow`: the players who go along where it crosses. null: it is still here. */
export function walk(turn: Turn, walker: Walker, speedCmPerS: number, follow: readonly string[] = []): Departure | null {
  const { rules, cell, tick } = turn;
  const { tickMs } = rules.settings.movement;
  const step = stepOf(walker.heading, speedCmPerS, tickMs);
  const to = rules.grid.clamp(cell, { x: walker.at.x + step.x, z: walker.at.z + step.z });
  const vx = velocityOf(to.x - walker.at.x, tickMs);
  const vz = velocityOf(to.z - walker.at.z, tickMs);
  const isReturned = tick.returned.some(({ id }) => id === walker.id);
  const restsUntil = isReturned ? restUntil(tick.now, rules.settings.handover) : walker.motion.restsUntil;
  const over = crossing(rules.grid, cell, to, { restsUntil, now: tick.now }, rules.settings.handover);
  const beyond = over && turn.beyond(over);
  const motion = {
    vx,
    vz,
    heading: walker.heading,
    restsUntil: beyond ? restUntil(tick.now, rules.settings.handover) : restsUntil,
  };
  const moved = to.x !== walker.at.x || to.z !== walker.at.z;
  const place = moved ? rules.grid.toZone(cell, to) : {};
  const metadata = isSame(motion, walker.motion) ? {} : { metadata: metadataOf({ nature: walker.nature, motion }) };
  if (moved || 'metadata' in metadata) turn.result.updates.push({ id: walker.id, ...place, ...metadata });
  walker.at = to;
  if (!beyond) return null;
  turn.result.transfers.push({ id: walker.id, toZone: beyond.zone.id, ...rules.grid.toZone(beyond.cell, to), follow });
  return { zoneId: beyond.zone.id, cell: beyond.cell };
}

function isSame(a: Motion, b: Motion): boolean {
  const isSameHeading = a.heading.x === b.heading.x && a.heading.z === b.heading.z;
  return isSameHeading && a.vx === b.vx && a.vz === b.vz && a.restsUntil === b.restsUntil;
}
