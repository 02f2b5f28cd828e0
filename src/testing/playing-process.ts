/** The fresh process of a determinism check: plays the history that it is sent, answers what came of it, and ends. */
import { playFrom } from './playing.js';

process.once('message', async (order: Parameters<typeof playFrom>[0]) => {
  const answer = await playFrom(order).then(
    (played) => ({ played }),
    (error: unknown) => ({ failure: error instanceof Error ? error.message : String(error) }),
  );
  process.send?.(answer, () => process.disconnect());
});
