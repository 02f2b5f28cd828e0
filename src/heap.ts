/**
 * How V8 collects the garbage of a server's process, where its own choice does not fit one. Only for a process that is a
 * server and nothing else; `npm run serve` adds `--max-semi-space-size`, which cannot be set once a process runs.
 */
import { setFlagsFromString } from 'node:v8';

/**
 * Buffers that came from workers and sockets count as growth, young as they are, and V8 collects everything when the
 * little that a small heap may grow by is used up: every two seconds, with a thousand players. Three times what was in use is
 * within the range from which V8 chooses (1.1 to 4).
 */
const GROWTH_PERCENT = 200;

/**
 * Of threads that start from now on. A worker keeps little, so that V8 would leave its young generation small, and collect it several
 * times a second.
 */
const LEAST_SEMI_SPACE_MB = 16;

/**
 * What is made for a tick lives until the tick is shown. When a young collection comes in the middle of one, V8 takes it for what stays, and
 * makes all that follows in the old space, where only a full collection finds it: twenty megabytes a minute with a thousand players.
 */
const NO_PRETENURING = '--no-allocation-site-pretenuring';

export const HEAP_FLAGS: readonly string[] = [
  NO_PRETENURING,
  `--heap-growing-percent=${GROWTH_PERCENT}`,
  `--min-semi-space-size=${LEAST_SEMI_SPACE_MB}`,
];

/** Before any worker is started. */
export function tuneHeaps(): void {
  for (const flag of HEAP_FLAGS) setFlagsFromString(flag);
}
