/**
 * Plain JSON that nobody can change: checked, copied and frozen where a game hands it over, frozen in
 * place where it comes from our own storage or from a parsed message.
 * What a value must be besides (an object, a whole cell) is `result-check.ts`.
 */
import { WorldError } from '../../actors/errors.js';
import type { Json, JsonObject } from '../../games/contract.js';
import { ResidentEntity } from './resident-entity.js';

/** Deep enough for any game's documents; a cycle passes it at once. */
const MAX_DEPTH = 32;

/** What a game returned breaks the contract. The message says where and how, for the operator only. */
export class MalformedResultError extends WorldError {
  readonly code = 'WORLD_RESULT_MALFORMED';
}

/** A deep-frozen copy; keys whose value is undefined are left out. Throws `MalformedResultError` naming `path`. */
export function plainCopy(value: unknown, path: string, depth = 1): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return finite(value, path);
  if (typeof value !== 'object') throw new MalformedResultError(`${path} is ${show(value)}, which is not JSON`);
  if (depth > MAX_DEPTH) throw new MalformedResultError(`${path} is nested deeper than ${MAX_DEPTH} levels, or in a cycle`);
  return Array.isArray(value) ? listCopy(value, path, depth) : objectCopy(value, path, depth);
}

/** As `plainCopy`, for what must be an object. */
export function plainObject(value: unknown, path: string): JsonObject {
  if (!isObject(value)) throw new MalformedResultError(`${path} is ${show(value)}, not an object`);
  return objectCopy(value, path, 1);
}

/** Freezes a tree of parsed JSON where it is, and answers it. */
export function deepFreeze<Tree>(value: Tree): Tree {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}

/** An object that is no array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What somebody else's code threw, which may be anything, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : show(error);
}

/** A value for an error message: short, and never a whole document. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : typeof value === 'bigint' ? `${value}n` : String(value);
}

function finite(value: number, path: string): number {
  if (!Number.isFinite(value)) throw new MalformedResultError(`${path} is ${value}, which is not JSON`);
  // JSON has no -0: a live zone and one restored from its text must be the same.
  return value === 0 ? 0 : value;
}

function listCopy(list: readonly unknown[], path: string, depth: number): Json {
  const copy: Json[] = [];
  for (let index = 0; index < list.length; index++) copy.push(plainCopy(list[index], `${path}[${index}]`, depth + 1));
  return Object.freeze(copy);
}

function objectCopy(object: object, path: string, depth: number): JsonObject {
  if (!isPlain(object)) throw new MalformedResultError(`${path} is an instance of a class, not a plain object`);
  const copy: Record<string, Json> = {};
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    if (key === '__proto__') throw new MalformedResultError(`${path} has a key named __proto__`);
    copy[key] = plainCopy(value, `${path}.${key}`, depth + 1);
  }
  return Object.freeze(copy);
}

/** Made by a literal or JSON.parse, in this realm or another; or an entity that a game was given. */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === null || Object.getPrototypeOf(prototype) === null || ResidentEntity.is(object);
}
