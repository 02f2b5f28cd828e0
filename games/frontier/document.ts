/**
 * What the world remembers of a player: its document, which the framework keeps while the player is away and takes along
 * over borders. A document of an older item file is brought up to date; one that cannot be read is kept
 * whole in the one that takes its place. Where an avatar stands is in the document only while there is no avatar.
 */
import Joi from 'joi';
import type { JsonObject, Player } from '../contract.js';
import { bitsTaken, type Equipment, NOTHING_WORN } from './equipment.js';
import type { Point } from './grid.js';
import { type Inventory, put, putAll, type Stack, templateOf } from './inventory.js';
import { newcomerStacks, type Rules } from './rules.js';
import type { Skills } from './skills.js';
import { bitOf, nameNow } from './templates.js';

export interface Document {
  readonly format: typeof FORMAT;
  /** The version of the item file that it was last read with. */
  readonly templates: number;
  /** The entity that is the player's avatar; null while it has none. */
  readonly avatar: string | null;
  /** The zone it is in, or was in last. */
  readonly zone: string | null;
  /** Where it stood when its player left, in the world's centimetres; null while the avatar says it. */
  readonly at: Point | null;
  readonly inventory: Inventory;
  readonly equipment: Equipment;
  readonly skills: Skills;
  /** From where its way is measured, see `milestones.ts`; null: it is not. */
  readonly milestone: Point | null;
  /** The ticks in which these parts last changed: their versions. */
  readonly changed: Readonly<Record<Part, number>>;
  /** Documents that could not be read, the oldest first. */
  readonly kept: readonly JsonObject[];
}

/** What is sent to its player when it changed, and only then. */
export type Part = (typeof PARTS)[number];
export const PARTS = ['inventory', 'equipment', 'skills'] as const;

/** 2: skills have points towards the next level, and there are milestones. */
const FORMAT = 2;

export type Reading =
  | { readonly outcome: 'read' | 'new' | 'migrated'; readonly document: Document }
  /** `reason`: for the player and whoever looks for what was lost. */
  | { readonly outcome: 'replaced'; readonly document: Document; readonly reason: string };

/** Reads a player's document whole, whoever wrote it. */
export function readDocument(
  state: JsonObject | null,
  rules: Rules,
  tick: { readonly tickNumber: number; newId(): string },
): Reading {
  if (state === null) return { outcome: 'new', document: newDocument(rules, tick) };
  const current = migrated(state, rules);
  const { error } = schemaFor(rules).validate(current, { convert: false });
  const document = error ? null : refitted(current as unknown as Document, rules); // Joi has looked at each member
  if (!document) return replaced(state, error?.message ?? 'what it wears has no room any more', rules, tick);
  const unchanged = current === state && document === (current as unknown as Document);
  return { outcome: unchanged ? 'read' : 'migrated', document: unchanged ? document : touched(document, tick.tickNumber) };
}

/** The document of a player who is here: the tick that let it in has read it whole. null: that tick is still to come. */
export function documentOf({ state }: Player, { catalogue }: Rules): Document | null {
  const isRead = state?.format === FORMAT && state.templates === catalogue.version;
  return isRead ? (state as unknown as Document) : null; // written by this game with this very file
}

/** The zone that a document names, whatever else may be wrong with it. */
export function zoneIn(state: JsonObject | null): string | null {
  return typeof state?.zone === 'string' ? state.zone : null;
}

function newDocument(rules: Rules, { tickNumber, newId }: { readonly tickNumber: number; newId(): string }): Document {
  const inventory = putAll([], newcomerStacks(rules, newId), rules) ?? []; // they fit: readRules has seen to it
  return {
    format: FORMAT,
    templates: rules.catalogue.version,
    avatar: null,
    zone: null,
    at: null,
    inventory,
    equipment: NOTHING_WORN,
    skills: { levels: rules.settings.newcomer.skills, points: {} },
    milestone: null,
    changed: { inventory: tickNumber, equipment: tickNumber, skills: tickNumber },
    kept: [],
  };
}

/** Where it was is kept too, if that much can be read. */
function replaced(
  state: JsonObject,
  reason: string,
  rules: Rules,
  tick: { readonly tickNumber: number; newId(): string },
): Reading {
  const place = PLACE.validate({ avatar: state.avatar, zone: state.zone, at: state.at }, { convert: false });
  const { kept: before, ...old } = state;
  const kept = [...(Array.isArray(before) ? before : []), old];
  return { outcome: 'replaced', document: { ...newDocument(rules, tick), ...(place.error ? {} : place.value), kept }, reason };
}

/** In this format, with the names of this item file; the very same object where there is nothing to do. */
function migrated(state: JsonObject, rules: Rules): JsonObject {
  const { skills } = state;
  const current =
    state.format === 1 ? { ...state, format: FORMAT, skills: { levels: skills ?? null, points: {} }, milestone: null } : state;
  return renamed(current, rules);
}

function renamed(state: JsonObject, { catalogue }: Rules): JsonObject {
  const { templates } = state;
  if (typeof templates !== 'number' || templates >= catalogue.version) return state;
  const rename = (stack: unknown) =>
    isObject(stack) ? { ...stack, template: nameNow(catalogue, String(stack.template), templates) } : stack;
  const inventory = Array.isArray(state.inventory) ? state.inventory.map(rename) : state.inventory;
  const worn = isObject(state.equipment) && isObject(state.equipment.slots) ? state.equipment.slots : null;
  const slots = worn && Object.fromEntries(Object.entries(worn).map(([slot, stack]) => [slot, rename(stack)]));
  const equipment = isObject(state.equipment) && slots ? { ...state.equipment, slots } : state.equipment;
  return { ...state, templates: catalogue.version, inventory, equipment } as JsonObject; // made of parts of one
}

/** With what may not be worn as it is any more laid into the inventory; null: it has no room there. */
function refitted(document: Document, rules: Rules): Document | null {
  let { inventory }: { inventory: Inventory | null } = document;
  const slots: Record<string, Stack> = {};
  let taken = 0;
  for (const [slot, stack] of Object.entries(document.equipment.slots)) {
    const bits = bitsTaken(document.equipment, slot, rules);
    const fits = (templateOf(stack, rules).mask & bitOf(rules.equipment.slots, slot)) !== 0 && (bits & taken) === 0;
    if (fits) {
      slots[slot] = stack;
      taken |= bits;
    } else {
      inventory = inventory && put(inventory, stack, rules);
    }
  }
  if (inventory === document.inventory) return document;
  return inventory && { ...document, inventory, equipment: { ...document.equipment, slots } };
}

function touched(document: Document, tickNumber: number): Document {
  return { ...document, changed: { inventory: tickNumber, equipment: tickNumber, skills: tickNumber } };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const whole = () => Joi.number().integer().required();
const idOrNull = () => Joi.string().max(64).allow(null).required();
const at = Joi.object({ x: whole(), z: whole() }).allow(null).required();
const PLACE = Joi.object({ avatar: idOrNull(), zone: idOrNull(), at });

const schemas = new WeakMap<Rules, Joi.ObjectSchema>();

/** Made once for each set of rules: making it is most of the work. */
function schemaFor(rules: Rules): Joi.ObjectSchema {
  const known = schemas.get(rules);
  if (known) return known;
  const { catalogue, compartments, equipment, settings } = rules;
  const stack = {
    id: Joi.string().max(64).required(),
    template: Joi.valid(...catalogue.templates.keys()).required(),
    quantity: whole().min(1),
    durability: whole().min(0).allow(null),
  };
  const carried = Joi.object({ ...stack, compartment: Joi.valid(...compartments.map(({ name }) => name)).required() });
  const bySlot = (value: Joi.Schema) =>
    Joi.object()
      .pattern(Joi.valid(...equipment.slots), value)
      .required();
  const bySkill = Joi.object()
    .pattern(Joi.valid(...settings.skills), whole().min(0))
    .required();
  const made = Joi.object({
    format: Joi.valid(FORMAT).required(),
    templates: Joi.valid(catalogue.version).required(),
    avatar: idOrNull(),
    zone: idOrNull(),
    at,
    inventory: Joi.array().items(carried).unique('id').required(),
    equipment: Joi.object({ slots: bySlot(Joi.object(stack)), lockedUntil: bySlot(Joi.number()) }).required(),
    skills: Joi.object({ levels: bySkill, points: bySkill }).required(),
    milestone: at,
    changed: Joi.object({ inventory: whole(), equipment: whole(), skills: whole() }).required(),
    kept: Joi.array().items(Joi.object().unknown()).required(),
  });
  schemas.set(rules, made);
  return made;
}
