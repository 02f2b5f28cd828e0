/**
 * A list as the first parameter of a statement: `asList` writes the text, and `listed` reads it, within the statement.
 */
import type { Dialect, ListType } from './dialect.js';

export function asList<T>(items: readonly T[], columns: (item: T, index: number) => object): string {
  return JSON.stringify(items.map(columns));
}

/** The rows that it says, called `m`, with these columns. */
export function listed(dialect: Dialect, columns: Readonly<Record<string, ListType>>): string {
  return dialect.list('$1', 'm', columns);
}
