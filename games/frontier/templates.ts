/**
 * What kinds of items there are, from a file with a version that is checked whole. A document of a player
 * names items by template; what a later file calls otherwise is in `renamed`, and `document.ts` follows it.
 */
import Joi from 'joi';
import type { Settings } from './settings.js';

export interface Template {
  readonly id: string;
  readonly name: string;
  /** A bit for each slot that it may be worn in, by the order of `equipment.slots`; 0: it cannot be worn. */
  readonly mask: number;
  /** It takes all slots of its mask at once. */
  readonly twoHanded: boolean;
  /** Of one piece. */
  readonly weightG: number;
  /** Of one stack, whatever its quantity. */
  readonly bulk: number;
  /** Pieces in a stack, at most. What can be worn or worn out does not stack. */
  readonly stack: number;
  /** When new; null: it does not wear. */
  readonly durability: number | null;
  /** What its wearer must have learned. */
  readonly skills: Readonly<Record<string, number>>;
  /** What kind of harm it does; null: none. */
  readonly damageType: DamageType | null;
  /** The skill that its user practises with it; null: it cannot be used. */
  readonly trains: string | null;
}

export type DamageType = (typeof DAMAGE_TYPES)[number];
const DAMAGE_TYPES = ['blunt', 'slashing', 'piercing'] as const;

/** Since version `in`, what was called `from` is called `to`. */
export interface Renaming {
  readonly in: number;
  readonly from: string;
  readonly to: string;
}

export interface Catalogue {
  readonly version: number;
  readonly renamed: readonly Renaming[];
  readonly templates: ReadonlyMap<string, Template>;
}

/** Throws an error that names the item and what is wrong with it. */
export function readCatalogue(value: unknown, { equipment, skills }: Pick<Settings, 'equipment' | 'skills'>): Catalogue {
  const { error, value: read } = schemaFor(equipment.slots, skills).validate(value, { convert: false });
  if (error) throw new Error(`items of frontier: ${error.message}`);
  // Joi has looked at each member and filled in the defaults; its types do not say so.
  const { version, renamed, items } = read as CatalogueFile;
  const problem = items.map(contradictionIn).find((found) => found !== null);
  if (problem) throw new Error(`items of frontier: ${problem}`);
  const templates = new Map(items.map((item) => [item.id, templateOf(item, equipment.slots)]));
  const lost = renamed.find(({ to }) => !templates.has(to) && !renamed.some(({ from }) => from === to));
  if (lost) throw new Error(`items of frontier: ${lost.from} was renamed to ${lost.to}, which is no item`);
  return { version, renamed: [...renamed].sort((a, b) => a.in - b.in), templates };
}

/** What is called so in the file of an older version, or in this one, as this file calls it: there may be no such item. */
export function nameNow({ renamed }: Pick<Catalogue, 'renamed'>, template: string, version: number): string {
  return renamed.reduce((name, { in: since, from, to }) => (since > version && name === from ? to : name), template);
}

/** The bit of a slot; 0: there is no such slot. */
export function bitOf(slots: readonly string[], slot: string): number {
  const index = slots.indexOf(slot);
  return index < 0 ? 0 : 1 << index;
}

interface CatalogueFile {
  readonly version: number;
  readonly renamed: readonly Renaming[];
  readonly items: readonly (Omit<Template, 'mask'> & { readonly slots: readonly string[] })[];
}

function contradictionIn({ id, slots, twoHanded, stack, durability, trains }: CatalogueFile['items'][number]): string | null {
  if (twoHanded && slots.length < 2) return `${id} is two-handed and has no two slots`;
  if (trains !== null && slots.length === 0) return `${id} trains ${trains} and cannot be worn, so nobody can use it`;
  return stack > 1 && (slots.length > 0 || durability !== null) ? `${id} stacks, so it can neither be worn nor wear out` : null;
}

function templateOf({ slots: worn, ...item }: CatalogueFile['items'][number], slots: readonly string[]): Template {
  return { ...item, mask: worn.reduce((mask, slot) => mask | bitOf(slots, slot), 0) };
}

function schemaFor(slots: readonly string[], skills: readonly string[]): Joi.ObjectSchema {
  const id = () =>
    Joi.string()
      .pattern(/^[a-z][a-z0-9_]*$/)
      .max(40);
  const whole = (min: number) => Joi.number().integer().min(min).max(1_000_000);
  const item = Joi.object({
    id: id().required(),
    name: Joi.string().max(60).required(),
    slots: Joi.array()
      .items(Joi.valid(...slots))
      .unique()
      .required(),
    twoHanded: Joi.boolean().default(false),
    weightG: whole(0).required(),
    bulk: whole(1).required(),
    stack: whole(1).default(1),
    durability: whole(1).allow(null).default(null),
    skills: Joi.object()
      .pattern(Joi.valid(...skills), whole(1))
      .default({}),
    damageType: Joi.valid(...DAMAGE_TYPES, null).default(null),
    trains: Joi.valid(...skills, null).default(null),
  });
  return Joi.object({
    version: whole(1).required(),
    renamed: Joi.array()
      .items(Joi.object({ in: whole(2).max(Joi.ref('....version')).required(), from: id().required(), to: id().required() }))
      .unique('from')
      .default([]),
    items: Joi.array().items(item).unique('id').min(1).required(),
  });
}
