/**
 * The first look at text from a socket: how deep it nests, before anything recursive touches it, and JSON
 * without the keys and numbers that bite later. What a message means is decided in `parse.ts`.
 */
import type { JsonObject } from '../../games/contract.js';

/** Deeper than any honest message, and far from where recursion hurts. */
export const MAX_DEPTH = 16;

export type Guarded = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

/**
 * `JSON.parse`, for text of strangers. Refuses what nests deeper than `MAX_DEPTH` and numbers beyond a
 * double's range; leaves out the keys `__proto__`, `constructor` and `prototype` at every depth; makes −0 a 0.
 */
export function parseGuarded(text: string): Guarded {
  if (text.length > SHORT_TEXT && !depthWithin(text, MAX_DEPTH)) return { ok: false, message: TOO_DEEP };
  try {
    return { ok: true, value: cleaned(JSON.parse(text), 1) };
  } catch (error) {
    return { ok: false, message: error instanceof UnwantedError ? error.message : 'not JSON' };
  }
}

/** Of parsed JSON: an object, and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text of this many characters cannot nest deep enough to hurt: how deep it is may show after it has been parsed. */
const SHORT_TEXT = 1024;

const TOO_DEEP = `nested deeper than ${MAX_DEPTH} levels`;

/** Does the JSON `text` nest at most `limit` deep? One pass without recursion; right for valid JSON, harmless for the rest. */
export function depthWithin(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (inString) {
      if (char === BACKSLASH) at++;
      else if (char === QUOTE) inString = false;
    } else if (char === QUOTE) inString = true;
    else if (char === OPEN_BRACE || char === OPEN_BRACKET) {
      if (++depth > limit) return false;
    } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) depth--;
  }
  return true;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** It is JSON, and yet refused. */
class UnwantedError extends Error {}

/** Changes what was just parsed in place: a reviver of `JSON.parse` would do the same ten times slower. `depth`: of `value`, if it is a container. */
function cleaned(value: unknown, depth: number): unknown {
  if (typeof value === 'number') return cleanNumber(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) throw new UnwantedError(TOO_DEEP);
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) value[at] = cleaned(value[at], depth + 1);
    return value;
  }
  const fields: Record<string, unknown> = value as never; // what JSON.parse made of braces is just that
  for (const key in fields) {
    const found = fields[key];
    const clean = cleaned(found, depth + 1);
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') delete fields[key];
    // Most is clean. Strict equality would take −0 for 0.
    else if (!Object.is(clean, found)) fields[key] = clean;
  }
  return fields;
}

/** JSON has no infinity, so 1e999 would be sent on as null and a replayed tick would differ; so would −0. */
function cleanNumber(value: number): number {
  if (!Number.isFinite(value)) throw new UnwantedError('a number is out of range');
  return value === 0 ? 0 : value;
}
