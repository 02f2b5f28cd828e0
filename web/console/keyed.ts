/**
 * Lists that are told anew again and again, and whose elements stay: what has the focus keeps it, what moves goes on
 * moving, and nothing is announced that did not change.
 */
export class Keyed<Item, Made extends { readonly element: HTMLElement }> {
  readonly #made = new Map<string, Made>();

  /** `keyOf`: no two items of a list have the same. */
  constructor(
    private readonly parent: HTMLElement,
    private readonly keyOf: (item: Item) => string,
    private readonly make: (item: Item) => Made,
    private readonly update: (made: Made, item: Item) => void,
  ) {}

  /** These, in this order, and no others. */
  show(items: readonly Item[]): void {
    const keys = new Set(items.map(this.keyOf));
    for (const [key, { element }] of this.#made) {
      if (keys.has(key)) continue;
      element.remove();
      this.#made.delete(key);
    }
    let next = this.parent.firstElementChild;
    for (const item of items) {
      const made = this.#of(item);
      if (made.element === next) next = next.nextElementSibling;
      else this.parent.insertBefore(made.element, next);
      this.update(made, item);
    }
  }

  #of(item: Item): Made {
    const key = this.keyOf(item);
    const made = this.#made.get(key) ?? this.make(item);
    this.#made.set(key, made);
    return made;
  }
}
