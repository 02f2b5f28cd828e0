/**
 * The first look at text from a socket: how deep it nests, before anything recursive touches it, and JSON
 * without the keys and numbers that bite later. What a message means is decided in `parse.ts`.
 */

/** Deeper than any honest message, and far from where recursion hurts. */
export const MAX_DEPTH = 16;

export type Guarded = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

/**
 * `JSON.parse`, for text of strangers. Refuses what nests deeper than `MAX_DEPTH` and numbers beyond a
 * double's range; leaves out the keys `__proto__`, `constructor` and `prototype` at every depth; makes −0 a 0.
 */
export function parseGuarded(text: string): Guarded {
  if (!depthWithin(text, MAX_DEPTH)) return { ok: false, message: `nested deeper than ${MAX_DEPTH} levels` };
  try {
    // A reviver makes parsing many times slower, so only text that may need it pays for it.
    return { ok: true, value: NEEDS_CARE.test(text) ? JSON.parse(text, careful) : JSON.parse(text) };
  } catch (error) {
    return { ok: false, message: error instanceof InfiniteNumberError ? error.message : 'not JSON' };
  }
}

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

/** A key by its name or hidden by an escape; a number that may overflow (long, or with a large exponent); a −0. */
const NEEDS_CARE = /__proto__|constructor|prototype|\\u|\d[eE][+-]?\d\d\d|\d{200}|-0/;

const DANGEROUS_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

class InfiniteNumberError extends Error {}

function careful(key: string, value: unknown): unknown {
  if (DANGEROUS_KEYS.has(key)) return undefined;
  if (typeof value !== 'number') return value;
  // JSON has no infinity, so 1e999 would be sent on as null and a replayed tick would differ; so would −0.
  if (!Number.isFinite(value)) throw new InfiniteNumberError('a number is out of range');
  return value === 0 ? 0 : value;
}
