/**
 * The first place in which two results of one tick differ, in words. Both are bodies of the journal; entities and
 * players are compared by id, whatever order they stand in.
 */
import { isObject } from '../simulation/plain-json.js';

/** `field`: a path such as `entities.<id>.x`. A value that is not there is undefined. */
export interface Difference {
  readonly field: string;
  readonly committed: unknown;
  readonly replayed: unknown;
}

/** null: they say the same. Both are JSON objects as text. */
export function firstDifference(committed: string, replayed: string): Difference | null {
  return differs('', byName(JSON.parse(committed)), byName(JSON.parse(replayed)));
}

/** The parts of a body under the names that people know them by. */
function byName(body: unknown): unknown {
  if (!isObject(body)) return body;
  const { v: _, kind: __, set, gone, joined, documents, marks, ...rest } = body;
  return {
    ...rest,
    entities: {
      ...keyed(set, (item) => (Array.isArray(item) ? [item[2]?.id, item[2]] : null)),
      ...keyed(gone, (id) => [id, 'gone']),
    },
    joined: keyed(joined, (player) => (isObject(player) ? [player.username, player] : null)),
    documents: keyed(documents, pair),
    marks: keyed(marks, pair),
  };
}

function keyed(list: unknown, entry: (item: unknown) => readonly [unknown, unknown] | null): Record<string, unknown> {
  const items: readonly unknown[] = Array.isArray(list) ? list : [];
  return Object.fromEntries(
    items.flatMap((item) => {
      const found = entry(item);
      return found ? [[String(found[0]), found[1]]] : [];
    }),
  );
}

const pair = (item: unknown): readonly [unknown, unknown] | null => (Array.isArray(item) ? [item[0], item[1]] : null);

function differs(path: string, committed: unknown, replayed: unknown): Difference | null {
  if (Array.isArray(committed) && Array.isArray(replayed)) return differsIn(path, committed, replayed);
  if (isObject(committed) && isObject(replayed)) return differsIn(path, committed, replayed);
  return Object.is(committed, replayed) ? null : { field: path, committed, replayed };
}

function differsIn(path: string, committed: object, replayed: object): Difference | null {
  const one: Record<string, unknown> = { ...committed };
  const other: Record<string, unknown> = { ...replayed };
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const found = differs(path === '' ? key : `${path}.${key}`, one[key], other[key]);
    if (found) return found;
  }
  return null;
}
