/**
 * One direction of a connection: what is sent arrives in order, after a while. It can be held up, and cut at any
 * byte's border between two messages: some of what is on the way still arrives, the rest never does.
 */
import type { Timeline } from './timeline.js';

interface OnTheWay {
  readonly arrive: () => void;
  cancel: () => void;
}

export class Pipe {
  #onTheWay: OnTheWay[] = [];
  #lastMs = 0;
  #heldUntilMs = 0;
  #isCut = false;

  constructor(
    private readonly timeline: Timeline,
    private readonly delayMs: () => number,
  ) {}

  /** Is somebody not reading? */
  get isHeld(): boolean {
    return this.#heldUntilMs > this.timeline.nowMs;
  }

  send(arrive: () => void): void {
    if (this.#isCut) return;
    const message: OnTheWay = { arrive, cancel: () => {} };
    this.#onTheWay.push(message);
    this.#lastMs = Math.max(this.#lastMs, this.timeline.nowMs + this.delayMs(), this.#heldUntilMs);
    this.#schedule(message, this.#lastMs);
  }

  #schedule(message: OnTheWay, atMs: number): void {
    message.cancel = this.timeline.after(atMs - this.timeline.nowMs, () => {
      if (this.isHeld) return this.#schedule(message, this.#heldUntilMs);
      this.#onTheWay = this.#onTheWay.filter((other) => other !== message);
      message.arrive();
    });
  }

  /** Nothing arrives for so long. */
  hold(ms: number): void {
    this.#heldUntilMs = Math.max(this.#heldUntilMs, this.timeline.nowMs + ms);
  }

  /** What was held up arrives now. */
  release(): void {
    if (!this.isHeld) return;
    this.#heldUntilMs = this.timeline.nowMs;
    this.#lastMs = this.timeline.nowMs;
    for (const message of this.#onTheWay) {
      message.cancel();
      this.#schedule(message, this.#lastMs);
    }
  }

  /** Of what is on the way so many still arrive (`part`: 0 to 1 of them), then `after`; nothing that is sent later. */
  cut(part: number, after: () => void): void {
    if (this.#isCut) return;
    const kept = Math.floor(part * (this.#onTheWay.length + 1));
    for (const { cancel } of this.#onTheWay.slice(kept)) cancel();
    this.#onTheWay = this.#onTheWay.slice(0, kept);
    this.send(after);
    this.#isCut = true;
  }
}
