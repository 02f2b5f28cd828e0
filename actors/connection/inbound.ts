/**
 * What one client has sent and nobody has answered yet. One after the other: what comes while a
 * message is being answered waits for it, so that answers keep the order of the questions.
 */

/** Messages that wait. A client that sends more meanwhile is told that there are too many. */
const MAX_WAITING = 256;

export interface InboundSteps<Item> {
  /** Answers at once (undefined), or resolves when it has. */
  handle(item: Item): Promise<void> | undefined;
  /** Handling something did not work out; the next one is handled all the same. */
  failed(error: unknown): void;
  /** Something waited, and nothing does any more. */
  emptied(): void;
}

export class Inbound<Item> {
  readonly #waiting: Item[] = [];
  #working = false;

  constructor(private readonly steps: InboundSteps<Item>) {}

  /** Items behind the one that is being handled. */
  get length(): number {
    return this.#waiting.length;
  }

  /** 'full': it was not taken. */
  push(item: Item): 'taken' | 'full' {
    // Nearly always nothing is under way, and it need not stand in line.
    if (!this.#working && this.#waiting.length === 0) this.#handle(item);
    else if (this.#waiting.length >= MAX_WAITING) return 'full';
    else this.#waiting.push(item);
    return 'taken';
  }

  /** All that comes from now on waits for this. */
  waitFor(work: Promise<void>): void {
    this.#working = true;
    work
      .catch((error: unknown) => this.steps.failed(error))
      .then(() => {
        this.#working = false;
        this.#proceed();
      });
  }

  clear(): void {
    this.#waiting.length = 0;
  }

  #proceed(): void {
    while (!this.#working) {
      const item = this.#waiting.shift();
      if (item === undefined) return this.steps.emptied();
      this.#handle(item);
    }
  }

  /** What it throws at once is no different from what it rejects with later. */
  #handle(item: Item): void {
    try {
      const work = this.steps.handle(item);
      if (work) this.waitFor(work);
    } catch (error) {
      this.steps.failed(error);
    }
  }
}
