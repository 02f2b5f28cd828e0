/**
 * Tick numbers, reserved ahead in durable blocks: no number that anybody saw, or that marks a row,
 * is ever used again, and they jump over a crash. Beyond the reserved block there is no tick.
 */
import type { TickNumber } from '../ids.js';
import type { WorldStore } from '../ports.js';

/** Half of it is what a store may be away for before the world stops: 500 ticks. */
export const TICK_BLOCK = 1_000;

export class TickNumbers {
  #next: TickNumber;
  #reservedUpTo: TickNumber;
  #reserving = false;

  constructor(
    private readonly store: Pick<WorldStore, 'firstTick' | 'reserveTicks'>,
    private readonly onError: (error: unknown) => void,
  ) {
    this.#next = store.firstTick;
    this.#reservedUpTo = store.firstTick;
  }

  /** The number the next tick will have. */
  get next(): TickNumber {
    return this.#next;
  }

  /** The last one handed out; one below the first at a start. */
  get last(): TickNumber {
    return this.#next - 1;
  }

  /** Reserves the first block: once, before the first tick. */
  async start(): Promise<void> {
    await this.#reserve();
  }

  /** null: the block is used up and the next one is not durable yet. */
  take(): TickNumber | null {
    if (this.#reservedUpTo - this.#next < TICK_BLOCK / 2 && !this.#reserving) {
      this.#reserve().catch(this.onError);
    }
    if (this.#next >= this.#reservedUpTo) return null;
    this.#next += 1;
    return this.#next - 1;
  }

  async #reserve(): Promise<void> {
    this.#reserving = true;
    try {
      const upTo = this.#next + TICK_BLOCK;
      await this.store.reserveTicks(upTo);
      this.#reservedUpTo = upTo;
    } finally {
      this.#reserving = false;
    }
  }
}
