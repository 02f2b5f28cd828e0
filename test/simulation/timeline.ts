/**
 * The time of a simulation: one list of what happens next, for the server, its store, the network and the players
 * alike. Time stands still while something happens, and jumps to whatever is due next. What is due at the same
 * moment happens in the order in which it was asked for.
 */

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly call: () => void;
}

/** Turns of the event loop in which all that follows from one happening, without time passing, has happened: what a promise's end leads to, and what that leaves for the next turn. */
const TURNS = 2;

export class Timeline {
  /** Latest first: the next one is taken from the end. */
  readonly #dues: Due[] = [];
  #nowMs = 0;
  #asked = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Things that wait. */
  get length(): number {
    return this.#dues.length;
  }

  /** Calls once, so many milliseconds from now; the answer cancels it. */
  after(delayMs: number, call: () => void): () => void {
    const due = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#asked++, call };
    this.#dues.splice(this.#placeOf(due), 0, due);
    return () => {
      const at = this.#dues.indexOf(due);
      if (at >= 0) this.#dues.splice(at, 1);
    };
  }

  /** So much time has passed before anything that was due in it: what a process sees that was stopped. */
  stall(ms: number): void {
    this.#nowMs += ms;
  }

  /** Lets everything happen that is due by then, or until `isOver` says so after one of them. */
  async run(untilMs: number, isOver: () => boolean = () => false): Promise<void> {
    await settle();
    for (let due = this.#next(untilMs); due; due = this.#next(untilMs)) {
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.call();
      await settle();
      if (isOver()) return;
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  #next(untilMs: number): Due | undefined {
    const next = this.#dues.at(-1);
    return next && next.atMs <= untilMs ? this.#dues.pop() : undefined;
  }

  #placeOf({ atMs }: Due): number {
    let low = 0;
    let high = this.#dues.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#dues[middle]?.atMs ?? 0) > atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise(setImmediate);
}
