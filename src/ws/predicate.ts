/**
 * Plain functions in place of Joi, for the schemas that every intent of every player goes through. A predicate is made from what
 * a schema says of itself, once at start; it only ever says "surely fine". What it does not accept, and why not, is
 * Joi's to say, and a schema with anything in it that is not known here gets no predicate.
 */
import Joi from 'joi';
import type { Schema } from '../../games/contract.js';
import { isObject } from './guard.js';

/** true: Joi, told not to convert, accepts this JSON value and gives it back as it is. false: ask Joi. */
export type Predicate = (value: unknown) => boolean;

/** null: something in this schema is beyond what can be said without Joi. */
export function compilePredicate(schema: Schema): Predicate | null {
  try {
    // What is not understood of a description is looked for below, part by part.
    return Joi.isSchema(schema) && isStandard(schema) ? compiled(schema.describe() as Description) : null;
  } catch {
    // Of another copy of Joi, or of none: not ours to understand.
    return null;
  }
}

type Type = 'any' | 'boolean' | 'number' | 'string' | 'array' | 'object';

const PROTOTYPES = new Map<string | undefined, unknown>(
  [Joi.any(), Joi.boolean(), Joi.number(), Joi.string(), Joi.array(), Joi.object()].map((schema) => [
    schema.type,
    Object.getPrototypeOf(schema),
  ]),
);

/** An extension of Joi may have taken the name of a type or rule that it describes itself with. Such a type has a prototype of its own. */
function isStandard(schema: Joi.Schema): boolean {
  if (PROTOTYPES.get(schema.type) !== Object.getPrototypeOf(schema)) return false;
  const { keys, items } = schema.$_terms as Terms;
  const children = [...(keys ?? []).map((child) => child.schema), ...(items ?? [])];
  // Every object has these, without having them: what Joi makes of them is a story of its own.
  return !keys?.some(({ key }) => key in Object.prototype) && children.every(isStandard);
}

/** What Joi shows to its extensions of the schemas in a schema. */
interface Terms {
  readonly keys?: readonly { readonly key: string; readonly schema: Joi.Schema }[] | null;
  readonly items?: readonly Joi.Schema[];
}

/** What `describe()` says, as far as it is understood. */
interface Description {
  readonly type: Type;
  readonly flags?: { readonly [flag: string]: unknown };
  readonly rules?: readonly Rule[];
  readonly allow?: readonly unknown[];
  readonly invalid?: readonly unknown[];
  readonly preferences?: { readonly [preference: string]: unknown };
  readonly keys?: { readonly [key: string]: Description };
  readonly items?: readonly Description[];
}
type Rule = { readonly name: string; readonly args?: { readonly [arg: string]: unknown } };

/** Parts of a description that are for readers only. */
const REMARKS = ['metas', 'notes', 'tags', 'examples'];
const PARTS = new Set(['type', 'flags', 'rules', 'allow', 'invalid', 'preferences', 'keys', 'items', ...REMARKS]);
const FLAGS = new Set(['presence', 'default', 'only', 'unknown', 'label', 'description', 'unit', 'id']);
const RULE_PARTS = new Set(['name', 'args']);
/** How refusals are worded, and whether one is enough. */
const HARMLESS_PREFERENCES = new Set(['abortEarly', 'messages', 'errors']);

/** Makes what decides about a present value that is neither allowed nor denied by name. */
const BASES: { readonly [T in Type]: (description: Description) => Predicate | null } = {
  any: ({ rules }) => (rules ? null : () => true),
  boolean: ({ rules }) => (rules ? null : (value) => typeof value === 'boolean'),
  number: ({ rules = [] }) => numberPredicate(rules),
  string: ({ rules = [] }) => stringPredicate(rules),
  array: arrayPredicate,
  object: objectPredicate,
};

function compiled(description: Description): Predicate | null {
  if (!isUnderstood(description)) return null;
  const base = BASES[description.type](description);
  return base && presentOrAbsent(description, named(description, base));
}

function isUnderstood({ flags = {}, rules = [], allow = [], invalid = [], preferences = {}, ...rest }: Description): boolean {
  return (
    Object.keys(rest).every((part) => PARTS.has(part)) &&
    Object.keys(flags).every((flag) => FLAGS.has(flag)) &&
    (flags.presence === undefined || flags.presence === 'required' || flags.presence === 'optional') &&
    rules.every((rule) => Object.keys(rule).every((part) => RULE_PARTS.has(part))) &&
    Object.entries(preferences).every(
      ([name, value]) => HARMLESS_PREFERENCES.has(name) || (name === 'convert' && value === false),
    ) &&
    [...allow.filter((value) => !isOverride(value)), ...invalid].every(isPrimitive)
  );
}

/** Absent: fine unless it is required, or Joi would put a default in its place. */
function presentOrAbsent({ flags = {} }: Description, accepts: Predicate): Predicate {
  if (flags.presence !== 'required' && !('default' in flags)) return (value) => value === undefined || accepts(value);
  return (value) => value !== undefined && accepts(value);
}

/** Values that are allowed or denied by name come before everything else. */
function named({ flags = {}, allow = [], invalid = [] }: Description, base: Predicate): Predicate {
  const allowed = new Set(allow.filter(isPrimitive));
  const denied = new Set(invalid);
  if (flags.only === true && allowed.size === 1) {
    const [single] = allowed;
    return (value) => value === single;
  }
  if (flags.only === true) return (value) => allowed.has(value);
  if (allowed.size + denied.size === 0) return base;
  return (value) => allowed.has(value) || (!denied.has(value) && base(value));
}

function numberPredicate(rules: readonly Rule[]): Predicate | null {
  let [least, most] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  let [above, below] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  let whole = false;
  for (const { name, args } of rules) {
    const limit = name === 'sign' ? 0 : args?.limit;
    if (name === 'integer') whole = true;
    else if (typeof limit !== 'number') return null;
    else if (name === 'min') least = Math.max(least, limit);
    else if (name === 'max') most = Math.min(most, limit);
    else if (name === 'greater' || (name === 'sign' && args?.sign === 'positive')) above = Math.max(above, limit);
    else if (name === 'less' || (name === 'sign' && args?.sign === 'negative')) below = Math.min(below, limit);
    else return null;
  }
  return (value) =>
    typeof value === 'number' &&
    value >= least &&
    value <= most &&
    value > above &&
    value < below &&
    (!whole || Number.isInteger(value)) &&
    // Joi makes a 0 of it.
    !Object.is(value, -0);
}

function stringPredicate(rules: readonly Rule[]): Predicate | null {
  // An empty text is none, unless the rules say that the least length is 0.
  let least = rules.some(({ name, args }) => name === 'min' && args?.limit === 0) ? 0 : 1;
  let most = Number.POSITIVE_INFINITY;
  const patterns: RegExp[] = [];
  for (const { name, args = {} } of rules) {
    const { limit, encoding, regex, options } = args;
    const pattern = name === 'pattern' && options === undefined ? regexOf(regex) : null;
    if (pattern) patterns.push(pattern);
    else if (typeof limit !== 'number' || encoding !== undefined) return null;
    else if (name === 'min') least = Math.max(least, limit);
    else if (name === 'max') most = Math.min(most, limit);
    else if (name === 'length') [least, most] = [Math.max(least, limit), Math.min(most, limit)];
    else return null;
  }
  const fits = (value: unknown): value is string => typeof value === 'string' && value.length >= least && value.length <= most;
  if (patterns.length === 0) return fits;
  return (value) => fits(value) && patterns.every((pattern) => pattern.test(value));
}

/** A description has the text of a regular expression. */
function regexOf(text: unknown): RegExp | null {
  const [, source, flags] = /^\/(.*)\/([dimsuv]*)$/s.exec(String(text)) ?? [];
  return source === undefined ? null : new RegExp(source, flags);
}

function arrayPredicate({ rules = [], items = [] }: Description): Predicate | null {
  let [least, most] = [0, Number.POSITIVE_INFINITY];
  for (const { name, args } of rules) {
    const limit = args?.limit;
    if (typeof limit !== 'number') return null;
    if (name === 'min' || name === 'length') least = Math.max(least, limit);
    if (name === 'max' || name === 'length') most = Math.min(most, limit);
    else if (name !== 'min') return null;
  }
  const [item] = items;
  // One kind of item only, and none that there must be: else it matters which kind takes which item.
  if (items.length > 1 || item?.flags?.presence === 'required') return null;
  const accepts = item ? compiled(item) : () => true;
  if (!accepts) return null;
  const acceptsItem: Predicate = (value) => value !== undefined && accepts(value);
  return (value) => Array.isArray(value) && value.length >= least && value.length <= most && value.every(acceptsItem);
}

function objectPredicate({ rules, keys, flags = {} }: Description): Predicate | null {
  if (rules) return null;
  if (!keys) return isObject;
  const fields: { readonly key: string; readonly accepts: Predicate }[] = [];
  for (const [key, description] of Object.entries(keys)) {
    const accepts = compiled(description);
    if (!accepts) return null;
    fields.push({ key, accepts });
  }
  const takesOthers = flags.unknown === true;
  return (value) => {
    if (!isObject(value)) return false;
    let known = 0;
    for (const { key, accepts } of fields) {
      const item = value[key];
      if (!accepts(item)) return false;
      if (item !== undefined) known++;
    }
    // Joi copies the object, and a copy has no key of that name.
    return takesOthers ? !Object.hasOwn(value, '__proto__') : Object.keys(value).length === known;
  };
}

function isPrimitive(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** In a list of allowed values: it replaced an earlier list. */
function isOverride(value: unknown): boolean {
  return isObject(value) && value.override === true && Object.keys(value).length === 1;
}
