/**
 * Real time, for the composition to pass in. Tests pass `FakeClock`.
 */
import type { Clock } from '../../actors/ports.js';

/** Node fires a timer with a longer delay at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The process's own clocks and timers. A timer that waits keeps the process alive: cancel it. */
export class SystemClock implements Clock {
  monotonicMs(): number {
    return performance.now();
  }

  epochMs(): number {
    return Date.now();
  }

  after(delayMs: number, call: () => void): () => void {
    let leftMs = delayMs;
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const stepMs = Math.min(leftMs, LONGEST_TIMER_MS);
      leftMs -= stepMs;
      timer = setTimeout(leftMs > 0 ? wait : call, stepMs);
    };
    wait();
    return () => clearTimeout(timer);
  }
}
