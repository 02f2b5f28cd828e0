/**
 * Animals wander about and stay in their zone: to them a gate is a wall. They keep no zone awake. Where
 * no player is they stand still, and go on when somebody comes.
 */
import { ofKind } from './things.js';
import type { Turn } from './turn.js';

/** How likely an animal is to try a step in a tick. */
const RESTLESSNESS = 0.3;

export function roam(turn: Turn): void {
  for (const { id, x, y } of ofKind(turn.tick.entities, 'animal')) {
    if (turn.tick.random() >= RESTLESSNESS) continue;
    const to = { x: x + oneOfThree(turn), y: y + oneOfThree(turn) };
    if (turn.claimCell(to.x, to.y)) turn.result.updates.push({ id, ...to });
  }
}

/** -1, 0 or 1. */
function oneOfThree({ tick }: Turn): number {
  return Math.floor(tick.random() * 3) - 1;
}
