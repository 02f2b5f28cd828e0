/**
 * Calls that wait at the same moment go as one: the first goes at once, those that come while it is under way go
 * together behind it. So many zones that wake in one moment share a few transactions, and one alone waits for nobody.
 */
import { OwnershipLostError, StoreUnavailableError } from '../../actors/errors.js';

export interface TogetherOptions<Item, Answer> {
  /** Items of one call. */
  readonly atMost: number;
  /** Two items with the same key never go in one call. */
  key(item: Item): string;
  /** All or nothing; answers in the order of the items. */
  run(items: readonly Item[]): Promise<readonly Answer[]>;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

export class Together<Item, Answer> {
  #waiting: Waiting<Item, Answer>[] = [];
  #running = false;

  constructor(private readonly options: TogetherOptions<Item, Answer>) {}

  /** Resolves with the item's own answer. What spoils one item's call rejects that item alone. */
  call(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#running) return;
      this.#running = true;
      // In this turn: others of the same moment are about to call.
      queueMicrotask(() => void this.#work());
    });
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) await this.#run(this.#nextBatch());
    this.#running = false;
  }

  #nextBatch(): Waiting<Item, Answer>[] {
    const batch = new Map<string, Waiting<Item, Answer>>();
    const rest: Waiting<Item, Answer>[] = [];
    for (const waiting of this.#waiting) {
      const key = this.options.key(waiting.item);
      if (batch.size < this.options.atMost && !batch.has(key)) batch.set(key, waiting);
      else rest.push(waiting);
    }
    this.#waiting = rest;
    return [...batch.values()];
  }

  async #run(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.options.run(batch.map(({ item }) => item));
      // `run` answers in the order of the items, one for each.
      batch.forEach(({ resolve }, i) => void resolve(answers[i] as Answer));
    } catch (error) {
      if (batch.length === 1 || isEverybodys(error)) for (const { reject } of batch) reject(error);
      // One of them is to blame: each alone, so that it is the only one to fail.
      else for (const waiting of batch) await this.#run([waiting]);
    }
  }
}

/** The database's, not an item's. */
function isEverybodys(error: unknown): boolean {
  return error instanceof StoreUnavailableError || error instanceof OwnershipLostError;
}
