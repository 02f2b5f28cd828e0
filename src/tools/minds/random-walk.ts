/** The movement game, for bots: some steps in each tick, each in any of four directions. */
import type { IntentOf } from '../../../client/index.js';
import type movement from '../../../games/movement/index.js';
import type { Mind, Wish } from './mind.js';

const DIRECTIONS = [
  { dx: 0, dy: -1 },
  { dx: 1, dy: 0 },
  { dx: 0, dy: 1 },
  { dx: -1, dy: 0 },
] as const;

export class RandomWalk implements Mind {
  /** `random`: [0, 1), its own for each bot. */
  constructor(
    private readonly movesPerTick: number,
    private readonly random: () => number,
  ) {}

  wishes(): readonly Wish[] {
    return Array.from({ length: this.movesPerTick }, () => {
      const { dx, dy } = DIRECTIONS[Math.floor(this.random() * DIRECTIONS.length)] ?? DIRECTIONS[0];
      const data: IntentOf<typeof movement> & { type: 'move' } = { type: 'move', dx, dy };
      return { form: 'intent', data: { ...data } };
    });
  }
}
