/**
 * What a player sees at one moment, whatever the game: places, kinds and names, read from a state. Lengths are cells; where a game
 * counts in centimetres, a cell is a metre. Reading is here, what a player can do is `deeds.ts`, drawing `painter.ts`.
 */
import type { JsonObject, Snapshot, Zone } from '../../client/index.js';

export interface Thing {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** The middle of it. */
  readonly x: number;
  readonly y: number;
  /** 0: it lies on the ground and stands in nobody's way. */
  readonly width: number;
  readonly height: number;
  /** Of a stack of things; else null. */
  readonly quantity: number | null;
}

export interface Said {
  readonly by: string;
  readonly name: string;
  readonly text: string;
}

/** `steps`: cell by cell, a step a tick. `plane`: anywhere, by walking in a direction. */
export type Ground = 'steps' | 'plane';

export interface Scene {
  readonly ground: Ground;
  /** Places of one space can be compared: a zone, or a world that is one over all of them. */
  readonly space: string;
  readonly self: Thing | null;
  /** Everything in sight, oneself too. */
  readonly things: readonly Thing[];
  /** How far one sees, in cells; null: nobody says. */
  readonly sight: number | null;
  /** The zone from 0,0; null where the world goes on beyond it. */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** What the ground is of, if anybody says. */
  readonly soil: string;
  readonly said: readonly Said[];
}

const CM_PER_CELL = 100;

/** `playerId`: whose entity is oneself, where the state does not say. */
export function readScene({ state, zone: zoneId }: Snapshot, zone: Zone | null, playerId: string | null): Scene {
  const self = objectOf(state.self ?? state.player);
  const isPlane = typeof self?.z === 'number' || 'sight_cm' in state;
  return isPlane ? readPlane(state, self) : readSteps(state, zoneId, zone, playerId);
}

function readSteps(state: JsonObject, zoneId: string, zone: Zone | null, playerId: string | null): Scene {
  const entities = listOf(state.entities);
  const things = entities.map(thingOnCells);
  const you = objectOf(state.you);
  const mine = entities.find(({ id, metadata }) => (you ? id === you.id : objectOf(metadata)?.player === playerId));
  return {
    ground: 'steps',
    space: zoneId,
    self: things.find(({ id }) => id === mine?.id) ?? (you ? thingOnCells(you) : null),
    things,
    sight: numberOr(state.sight, null),
    size: zone && { width: zone.width, height: zone.height },
    soil: textOr(zone?.metadata.ground, ''),
    said: listOf(state.events).flatMap(saidOf),
  };
}

function readPlane(state: JsonObject, self: JsonObject | null): Scene {
  const me = self && thingOnPlane(self);
  const others = listOf(state.entities).map(thingOnPlane);
  const sightCm = numberOr(state.sight_cm, null);
  return {
    ground: 'plane',
    space: 'world',
    self: me,
    things: me ? [...others, me] : others,
    sight: sightCm === null ? null : sightCm / CM_PER_CELL,
    size: null,
    soil: '',
    said: listOf(state.events).flatMap(saidOf),
  };
}

/** An entity has its corner at x, y; what is 0×0 lies in the middle of that cell. */
function thingOnCells({ id, x, y, width, height, metadata }: JsonObject): Thing {
  const [w, h] = [numberOr(width, 1), numberOr(height, 1)];
  const { kind, name, player } = objectOf(metadata) ?? {};
  return {
    id: String(id),
    // Whatever a game calls its players.
    kind: typeof player === 'string' ? 'walker' : textOr(kind, 'thing'),
    name: textOr(name, ''),
    x: numberOr(x, 0) + Math.max(1, w) / 2,
    y: numberOr(y, 0) + Math.max(1, h) / 2,
    width: w,
    height: h,
    quantity: null,
  };
}

function thingOnPlane({ id, x, z, kind, name, quantity }: JsonObject): Thing {
  const isFlat = kind === 'item';
  return {
    id: String(id),
    kind: textOr(kind, 'thing'),
    name: textOr(name, ''),
    x: numberOr(x, 0) / CM_PER_CELL,
    y: numberOr(z, 0) / CM_PER_CELL,
    width: isFlat ? 0 : 1,
    height: isFlat ? 0 : 1,
    quantity: numberOr(quantity, null),
  };
}

function saidOf({ type, entity, name, text }: JsonObject): Said[] {
  if (type !== 'said' || typeof text !== 'string') return [];
  return [{ by: textOr(entity, ''), name: textOr(name, 'somebody'), text: printable(text) }];
}

/** Without control, formatting and unassigned characters: other people's words can hold anything. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '');
}

export function objectOf(value: unknown): JsonObject | null {
  // An object that is no array has nothing but text keys.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

export function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(objectOf).filter((item) => item !== null) : [];
}

export function textOr(value: unknown, other: string): string {
  return typeof value === 'string' ? printable(value) : other;
}

export function numberOr<Other>(value: unknown, other: Other): number | Other {
  return typeof value === 'number' && Number.isFinite(value) ? value : other;
}
