/**
 * One timer for all sockets: each sweep tells every one of them how much time has gone by. What is done about
 * it (a ping, an end to a silent socket) is the socket's. Without sockets there is no timer.
 */
import type { Clock } from '../../actors/ports.js';

export interface Beating {
  /** `elapsedMs` since the last call. */
  beat(elapsedMs: number): void;
}

/** A quarter of what is to be noticed, so that nothing is noticed much too late; and no busier than this. */
const SHORTEST_PERIOD_MS = 5;
const LONGEST_PERIOD_MS = 1000;

export class Heartbeat {
  readonly #clock: Clock;
  readonly #periodMs: number;
  readonly #beating = new Set<Beating>();
  #sweptAtMs = 0;
  #cancel: (() => void) | null = null;

  /** `noticeMs`: the shortest span of time that any socket has to notice. */
  constructor(clock: Clock, noticeMs: number) {
    this.#clock = clock;
    this.#periodMs = Math.min(LONGEST_PERIOD_MS, Math.max(SHORTEST_PERIOD_MS, noticeMs / 4));
  }

  add(socket: Beating): void {
    this.#beating.add(socket);
    if (this.#cancel) return;
    this.#sweptAtMs = this.#clock.monotonicMs();
    this.#arm();
  }

  remove(socket: Beating): void {
    this.#beating.delete(socket);
    if (this.#beating.size > 0) return;
    this.#cancel?.();
    this.#cancel = null;
  }

  #arm(): void {
    this.#cancel = this.#clock.after(this.#periodMs, () => this.#sweep());
  }

  #sweep(): void {
    this.#arm();
    const nowMs = this.#clock.monotonicMs();
    // A process that was stopped heard nobody: that time is no silence of theirs.
    const elapsedMs = Math.min(nowMs - this.#sweptAtMs, 2 * this.#periodMs);
    this.#sweptAtMs = nowMs;
    for (const socket of this.#beating) socket.beat(elapsedMs);
  }
}
