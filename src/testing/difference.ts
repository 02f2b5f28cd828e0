/** Where two values that should be the same part for the first time. */
export interface Difference {
  /** `entities.3.x`; empty: the values themselves. */
  readonly path: string;
  readonly one: unknown;
  readonly other: unknown;
}

/** null: there is none. Keys are looked at in the first value's order. */
export function firstDifference(one: unknown, other: unknown, path = ''): Difference | null {
  if (Object.is(one, other)) return null;
  if (!isObject(one) || !isObject(other) || Array.isArray(one) !== Array.isArray(other)) return { path, one, other };
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const difference = firstDifference(one[key], other[key], path === '' ? key : `${path}.${key}`);
    if (difference) return difference;
  }
  return null;
}

/** `entities.3.x is 4, and then 5` */
export function describe({ path, one, other }: Difference): string {
  return `${path || 'all of it'} is ${show(one)}, and then ${show(other)}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
