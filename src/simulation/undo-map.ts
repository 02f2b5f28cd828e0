/**
 * A map in order of creation that remembers what one tick did to it, so that the tick can be taken back.
 * Keeping what was replaced costs as much as the tick changed; a copy would cost as much as the zone holds.
 */

/** One key that a tick touched; undefined: not there. */
export interface Change<Key, Value> {
  readonly key: Key;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

/** `orderOf` rises with creation; a value that replaces another keeps its order, unless it came anew. */
export class UndoMap<Key, Value> {
  readonly #live = new Map<Key, Value>();
  readonly #orderOf: (value: Value) => number;
  #before: Map<Key, Value | undefined> | null = null;

  constructor(orderOf: (value: Value) => number) {
    this.#orderOf = orderOf;
  }

  /** As it is now, what is staged included. Always this object. */
  get live(): ReadonlyMap<Key, Value> {
    return this.#live;
  }

  /** From now on it remembers, until `forget` or `undo`. */
  begin(): void {
    if (this.#before) throw new Error('a tick is staged already');
    this.#before = new Map();
  }

  set(key: Key, value: Value): void {
    this.#note(key);
    this.#live.set(key, value);
  }

  /** As `set`, where the caller knows what is there. */
  replace(key: Key, before: Value, after: Value): void {
    if (this.#before && !this.#before.has(key)) this.#before.set(key, before);
    this.#live.set(key, after);
  }

  delete(key: Key): void {
    this.#note(key);
    this.#live.delete(key);
  }

  /** What the staged tick changed so far, by first touch; what it made and removed again is not in it. */
  changes(): readonly Change<Key, Value>[] {
    const changes: Change<Key, Value>[] = [];
    for (const [key, before] of this.#before ?? []) {
      const after = this.#live.get(key);
      if (before !== after) changes.push({ key, before, after });
    }
    return changes;
  }

  /** The tick stands. */
  forget(): void {
    this.#before = null;
  }

  /** Takes the staged tick back and answers it. */
  undo(): readonly Change<Key, Value>[] {
    const changes = this.changes();
    this.#before = null;
    this.#put(changes, (change) => change.before);
    return changes;
  }

  /** Stages again what `undo` took back. */
  redo(changes: readonly Change<Key, Value>[]): void {
    this.#before = new Map(changes.map(({ key, before }) => [key, before]));
    this.#put(changes, (change) => change.after);
  }

  #note(key: Key): void {
    if (this.#before && !this.#before.has(key)) this.#before.set(key, this.#live.get(key));
  }

  #put(changes: readonly Change<Key, Value>[], side: (change: Change<Key, Value>) => Value | undefined): void {
    let hasMoved = false;
    for (const change of changes) {
      const value = side(change);
      if (value === undefined) this.#live.delete(change.key);
      else this.#live.set(change.key, value);
      hasMoved ||= this.#place(change.before) !== this.#place(change.after);
    }
    if (hasMoved) this.#sort();
  }

  #place(value: Value | undefined): number | null {
    return value === undefined ? null : this.#orderOf(value);
  }

  /** A key that comes back is at the end of a `Map`, and must be where it was. */
  #sort(): void {
    const entries = [...this.#live].sort(([, a], [, b]) => this.#orderOf(a) - this.#orderOf(b));
    this.#live.clear();
    for (const [key, value] of entries) this.#live.set(key, value);
  }
}
