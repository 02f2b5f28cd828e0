/** What holds a game to its word: frozen facts, plain JSON, no clock and no dice of its own, one answer to one question. */
import type { JsonObject } from '../../games/contract.js';
import { describe, firstDifference } from './difference.js';

/** Runs a rule twice, without the clock and Math.random, and insists on one answer. */
export function twice<Answer>(rule: () => Answer): Answer {
  const { random } = Math;
  const { now } = Date;
  Math.random = () => impure('Math.random');
  Date.now = () => impure('Date.now');
  try {
    const [first, second] = [rule(), rule()];
    const difference = firstDifference(first, second);
    if (difference) throw new Error(`asked twice, a rule gave two results: ${describe(difference)}`);
    return first;
  } finally {
    Math.random = random;
    Date.now = now;
  }
}

function impure(name: string): never {
  throw new Error(`a rule called ${name}: take it from the tick`);
}

/** A copy as it would come off a disk or a wire; throws at what JSON cannot carry. */
export function plain(value: object): JsonObject {
  const copy = JSON.parse(JSON.stringify(value, refuseOddities));
  return frozen(copy);
}

function refuseOddities(key: string, value: unknown): unknown {
  const odd = typeof value === 'function' || typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value));
  const special = value instanceof Map || value instanceof Set || value instanceof Promise;
  check(!odd && !special, `not plain JSON at ${key}`, typeof value);
  return value;
}

export function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}

export function check(ok: boolean, what: string, value: unknown): void {
  if (!ok) throw new Error(`malformed result: ${what}: ${JSON.stringify(value)}`);
}
