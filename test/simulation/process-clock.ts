/**
 * The clock of one process: its part of the timeline. With the process its timers end; while it is frozen (as by a
 * SIGSTOP) they wait, and all come at once when it goes on.
 */
import type { Clock } from '../../actors/ports.js';
import type { Timeline } from './timeline.js';

export class ProcessClock implements Clock {
  readonly #startedMs: number;
  #state: 'running' | 'frozen' | 'ended' = 'running';
  #held: (() => void)[] = [];
  #waiting = 0;

  /** `epochMs`: what the wall says when the timeline stands at 0. */
  constructor(
    private readonly timeline: Timeline,
    private epochMsAtZero: number,
  ) {
    this.#startedMs = timeline.nowMs;
  }

  monotonicMs(): number {
    return this.timeline.nowMs - this.#startedMs;
  }

  epochMs(): number {
    return this.epochMsAtZero + this.timeline.nowMs;
  }

  /** Timers that wait; 0 after a clean stop. */
  get pendingTimers(): number {
    return this.#waiting;
  }

  after(delayMs: number, call: () => void): () => void {
    let isOpen = true;
    this.#waiting += 1;
    const close = () => {
      if (isOpen) this.#waiting -= 1;
      isOpen = false;
    };
    const fire = () => {
      if (!isOpen || this.#state === 'ended') return;
      if (this.#state === 'frozen') {
        this.#held.push(fire);
        return;
      }
      close();
      call();
    };
    const cancel = this.timeline.after(delayMs, fire);
    return () => {
      cancel();
      close();
    };
  }

  /** Sets the wall clock: what an operator or a time server does. */
  jump(byMs: number): void {
    this.epochMsAtZero += byMs;
  }

  freeze(): void {
    if (this.#state === 'running') this.#state = 'frozen';
  }

  thaw(): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'running';
    for (const fire of this.#held.splice(0)) this.timeline.after(0, fire);
  }

  end(): void {
    this.#state = 'ended';
    this.#held = [];
  }
}
