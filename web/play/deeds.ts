/**
 * What a player can do, put as what is sent. The two kinds of ground have games of their own: on `steps` walks
 * movement, on `plane` frontier.
 */
import type { JsonObject } from '../../client/index.js';
import type { Scene, Thing } from './scene.js';

export interface Deed {
  /** `message`: a message type of the game's own, sent whole. */
  readonly form: 'intent' | 'message';
  readonly data: JsonObject;
}

export interface Direction {
  readonly x: number;
  readonly y: number;
}

/** How far a hand reaches on a plane, in cells. */
const REACH = 2.5;

/** One step; straight or aslant. `type`: as the game calls it. */
export function step({ x, y }: Direction, type: string): Deed {
  return { form: 'intent', data: { type, dx: signOf(x), dy: signOf(y) } };
}

/** Walk that way from now on; nowhere: stand. */
export function head({ x, y }: Direction): Deed {
  return { form: 'message', data: { type: 'input', intent: { x: hundredths(x), z: hundredths(y) } } };
}

/** What lies at hand; null: nothing. */
export function pickUp({ ground, self, things }: Scene): Deed | null {
  if (!self) return null;
  if (ground === 'steps') return { form: 'intent', data: { type: 'pick_up' } };
  const items = things.filter((thing) => thing.kind === 'item' && distance(thing, self) <= REACH);
  const nearest = items.sort((a, b) => distance(a, self) - distance(b, self))[0];
  return nearest ? { form: 'message', data: { type: 'pick_up', item: nearest.id } } : null;
}

export function say(text: string): Deed {
  return { form: 'intent', data: { type: 'say', text } };
}

/** Lays down what is called so. */
export function layDown(name: string): Deed {
  return { form: 'intent', data: { type: 'drop', item: name } };
}

/** Lays down a stack. */
export function drop(instance: string): Deed {
  return { form: 'message', data: { type: 'drop', instance_id: instance } };
}

export function equip(instance: string, slot: string): Deed {
  return { form: 'message', data: { type: 'equip', instance_id: instance, slot } };
}

export function unequip(slot: string, compartment: string | null): Deed {
  return { form: 'message', data: { type: 'unequip', slot, ...(compartment !== null && { compartment }) } };
}

/** Does with what is worn there what one does with it. */
export function use(slot: string): Deed {
  return { form: 'message', data: { type: 'use', slot } };
}

export function distance(a: Pick<Thing, 'x' | 'y'>, b: Pick<Thing, 'x' | 'y'>): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** −1, 0 or 1: what is nearly along an axis is along it. */
function signOf(part: number): number {
  return Math.abs(part) < 0.38 ? 0 : Math.sign(part);
}

function hundredths(part: number): number {
  return Math.round(part * 100) / 100;
}
