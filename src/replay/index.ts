/** Playing kept ticks again: what tests that were exported from a history import. */
export type { Difference } from './difference.js';
export { type ReplayedTick, type ReplayOptions, replay } from './replay.js';
export type { Stretch } from './stretch.js';
