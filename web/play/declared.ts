/**
 * What a game lets its players do, read from the AsyncAPI document of its server. What this page knows how to do by itself
 * (walking, picking up, talking, what is worn) is told apart from the rest, for which it makes forms.
 */
import type { JsonObject } from '../../client/index.js';
import type { Deed } from './deeds.js';
import { listOf, numberOr, objectOf, textOr } from './scene.js';

/** One thing to be said with a deed. */
export interface Field {
  readonly name: string;
  /** `json`: what has no field of its own here, a list or an object. */
  readonly kind: 'number' | 'whole' | 'text' | 'choice' | 'switch' | 'json';
  readonly isRequired: boolean;
  readonly least: number | null;
  readonly most: number | null;
  /** Of a `choice`. */
  readonly choices: readonly string[];
}

export interface DeclaredDeed {
  readonly type: string;
  readonly form: Deed['form'];
  readonly fields: readonly Field[];
}

export interface Declared {
  /** The type of the intent that is a step, by `dx` and `dy`; null: there is none. */
  readonly step: string | null;
  readonly canTalk: boolean;
  readonly canPickUp: boolean;
  /** All that this page has no controls for. */
  readonly others: readonly DeclaredDeed[];
}

/** Until it is known, the page offers what most games have. */
export const USUAL: Declared = { step: 'move', canTalk: true, canPickUp: true, others: [] };

/** Deeds with controls of their own, with fields by which they are told from others of that name. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  pick_up: [],
  say: ['text'],
  drop: [],
  input: ['intent'],
  equip: ['instance_id', 'slot'],
  unequip: ['slot'],
  use: ['slot'],
};

export function readDeclared(document: unknown): Declared {
  const deeds = deedsOf(document);
  const messages = new Set(deeds.flatMap(({ type, form }) => (form === 'message' ? type : [])));
  // What can be said as a message of its own is not offered twice.
  const distinct = deeds.filter(({ type, form }) => form === 'message' || !messages.has(type));
  const steps = distinct.filter(isStep);
  const has = (type: string) => distinct.some((deed) => deed.type === type && isOwn(deed));
  return {
    step: (steps.find(({ type }) => type === 'move') ?? steps[0])?.type ?? null,
    canTalk: has('say'),
    canPickUp: has('pick_up'),
    others: distinct.filter((deed) => !isStep(deed) && !isOwn(deed)),
  };
}

function isStep({ form, fields }: DeclaredDeed): boolean {
  const names = fields.map(({ name }) => name).sort();
  return form === 'intent' && names.join() === 'dx,dy' && fields.every(({ kind }) => kind === 'whole' || kind === 'number');
}

function isOwn({ type, fields }: DeclaredDeed): boolean {
  const needs = Object.hasOwn(OWN, type) ? OWN[type] : undefined;
  return needs?.every((name) => fields.some((field) => field.name === name)) ?? false;
}

function deedsOf(document: unknown): readonly DeclaredDeed[] {
  const messages = objectOf(objectOf(objectOf(document)?.components)?.messages) ?? {};
  return Object.values(messages).flatMap((each) => {
    const message = objectOf(each);
    const payload = objectOf(message?.payload);
    const name = textOr(message?.name, '');
    if (!payload || !listOf(message?.tags).some((tag) => tag.name === 'game')) return [];
    if (!name.startsWith('intent.')) return deedOf('message', name, payload);
    return deedOf('intent', name.slice('intent.'.length), objectOf(fieldsIn(payload).data));
  });
}

const PROTOCOLS = new Set(['type', 'seq']);

function deedOf(form: Deed['form'], type: string, schema: JsonObject | null): DeclaredDeed[] {
  if (!schema) return [];
  const required = new Set(Array.isArray(schema.required) ? schema.required.map(String) : []);
  const fields = Object.entries(fieldsIn(schema))
    .filter(([name]) => !PROTOCOLS.has(name))
    .map(([name, field]) => fieldOf(name, objectOf(field) ?? {}, required.has(name)));
  return [{ type, form, fields }];
}

function fieldsIn(schema: JsonObject): JsonObject {
  return objectOf(schema.properties) ?? {};
}

function fieldOf(name: string, schema: JsonObject, isRequired: boolean): Field {
  const choices = Array.isArray(schema.enum) ? schema.enum.map(String) : [];
  const [least, most] = [numberOr(schema.minimum, null), numberOr(schema.maximum, null)];
  const longest = numberOr(schema.maxLength, null);
  const kind = choices.length > 0 ? 'choice' : kindOf(schema.type);
  return { name, kind, isRequired, least, most: kind === 'text' ? longest : most, choices };
}

function kindOf(type: unknown): Field['kind'] {
  switch (type) {
    case 'integer':
      return 'whole';
    case 'number':
      return 'number';
    case 'boolean':
      return 'switch';
    case 'string':
      return 'text';
    default:
      return 'json';
  }
}
