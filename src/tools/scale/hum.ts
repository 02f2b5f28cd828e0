/**
 * A game for measuring how many zones a server holds: each zone keeps itself awake, and each of its ticks moves some
 * of its entities. What a zone does is in its metadata (`Hum`); one without any sleeps for good.
 */
import type { GameModule, Tick, TickResult } from '../../../games/contract.js';

/** A zone's metadata. */
export interface Hum {
  /** Entities that move in each tick. */
  readonly moves: number;
  /** The zone keeps itself awake by a wish in each tick whose number this divides. */
  readonly wishEvery: number;
}

const hum: GameModule = { name: 'hum', onTick };
export default hum;

function onTick(tick: Tick): TickResult {
  const { moves = 0, wishEvery } = tick.zone.metadata as Partial<Hum>; // only this tool makes zones for this game
  const wishes = wishEvery !== undefined && tick.tickNumber % wishEvery === 0;
  return { updates: walk(tick, moves), ...(wishes && { wakeAt: tick.now + 1 }) };
}

/** Another part of them in each tick, one step to the right and round again. */
function walk({ entities, tickNumber, zone }: Tick, moves: number): { id: string; x: number }[] {
  const all = [...entities];
  return Array.from({ length: Math.min(moves, all.length) }, (_, index) => {
    const { id = '', x = 0 } = all[(tickNumber * moves + index) % all.length] ?? {};
    return { id, x: (x + 1) % zone.width };
  });
}
