/** A change to some fields of one row. */

/** Without the fields that say nothing: an absent one stays as it was. */
export function defined<T extends object>(patch: T): Partial<T> {
  // Object.fromEntries forgets the names that went in.
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as Partial<T>;
}
