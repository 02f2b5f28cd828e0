/** The actor library's timers, on our clock: so that a test turns them by hand. */
import type { Clock } from './ports.js';

export interface XstateClock {
  setTimeout(call: (...args: unknown[]) => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
}

export function xstateClock(clock: Clock): XstateClock {
  return {
    setTimeout: (call, delayMs) => clock.after(delayMs, call),
    clearTimeout: (timer) => {
      if (typeof timer === 'function') timer();
    },
  };
}
