/**
 * Changes to maps that can be taken back: what a transaction is to the store in memory.
 */
export class UndoLog {
  #steps: (() => void)[] = [];

  set<K, V>(map: Map<K, V>, key: K, value: V): void {
    const before = map.get(key);
    const had = map.has(key);
    // `had` says that `before` is a V, which the compiler cannot see.
    this.#steps.push(() => (had ? map.set(key, before as V) : map.delete(key)));
    map.set(key, value);
  }

  delete<K, V>(map: Map<K, V>, key: K): boolean {
    const before = map.get(key);
    if (!map.delete(key)) return false;
    this.#steps.push(() => map.set(key, before as V));
    return true;
  }

  /** A point to go back to. */
  mark(): number {
    return this.#steps.length;
  }

  backTo(mark: number): void {
    while (this.#steps.length > mark) this.#steps.pop()?.();
  }

  /** There is no way back any more. */
  keep(): void {
    this.#steps = [];
  }
}
