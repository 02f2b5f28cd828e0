/**
 * Who listens to what. One listener that throws takes nothing from the others: its error comes up as one
 * that nobody caught, as it would from any event of a browser.
 */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();

  /** Calls `listener` at each event of that type from now on. Answers the function that ends it. */
  on<Type extends keyof Events>(type: Type, listener: (event: Events[Type]) => void): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** The next event of that type that passes the test. Waits for ever where none comes. */
  once<Type extends keyof Events>(type: Type, test: (event: Events[Type]) => boolean = () => true): Promise<Events[Type]> {
    return new Promise((resolve) => {
      const off = this.on(type, (event) => {
        if (!test(event)) return;
        off();
        resolve(event);
      });
    });
  }

  emit<Type extends keyof Events>(type: Type, event: Events[Type]): void {
    for (const listener of this.#listeners.get(type) ?? []) {
      try {
        // Only `on` adds to this set, and it knows the type of its events.
        (listener as (event: Events[Type]) => void)(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
