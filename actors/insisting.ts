/**
 * Asking a store until it answers. An attempt that failed may have been done all the same, and what it did is known to nobody: to go
 * on without the answer would be to go on with a world that is another one in the store. Only what may be repeated is asked so.
 */
import { StoreUnavailableError } from './errors.js';
import type { Clock } from './ports.js';

const RETRY_MS = 500;

/** `isOver`: nobody needs the answer any more; then it rejects with what the last attempt did. What is no lack of a store rejects at once. */
export async function insist<Answer>(
  clock: Pick<Clock, 'after'>,
  ask: () => Promise<Answer>,
  isOver: () => boolean,
): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || isOver()) throw error;
    }
    await new Promise<void>((resolve) => clock.after(RETRY_MS, resolve));
  }
}
