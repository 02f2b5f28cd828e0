/**
 * Passers-by: so many that no live cell is empty, and never so many that it is full. They wander, over borders too, as long
 * as somebody may see it: else bots would keep waking zones for one another.
 */
import type { Entity } from '../contract.js';
import type { Heading } from './movement.js';
import { AT_REST, isKind } from './things.js';
import type { Turn } from './turn.js';
import { metadataOf, walk, walkerOf } from './walking.js';

/** `players`: how many of the living here are theirs. */
export function passBy(turn: Turn, players: number): void {
  const bots = [...turn.tick.entities].filter((entity) => isKind(entity, 'bot'));
  const gone = keepDensity(turn, bots, players);
  if (bots.length === 0 || !isWatched(turn)) return;
  for (const bot of bots) if (bot !== gone) wander(turn, bot);
}

/** Some come at once, and they go one by one; answers the one that goes. */
function keepDensity(turn: Turn, bots: readonly Entity[], players: number): Entity | undefined {
  const { min, max, spawnsPerTick, removeEveryTicks } = turn.rules.settings.bots;
  const living = bots.length + players;
  for (let i = 0; i < Math.min(min - living, spawnsPerTick); i++) spawn(turn);
  if (living <= max || turn.tick.tickNumber % removeEveryTicks !== 0) return undefined;
  const last = bots.at(-1);
  if (!last) return undefined;
  turn.result.deletes.push(last.id);
  turn.count('bots_removed');
  return last;
}

function spawn(turn: Turn): void {
  const { tick, rules, cell } = turn;
  const { cellCm } = rules.grid;
  const somewhere = () => Math.floor(tick.random() * cellCm);
  const at = { x: cell.column * cellCm + somewhere(), z: cell.row * cellCm + somewhere() };
  const id = tick.newId();
  const nature = { kind: 'bot', name: `passer-by ${id.slice(0, 4)}` };
  const metadata = metadataOf({ nature, motion: { ...AT_REST, heading: anyHeading(turn) } });
  turn.result.creates.push({ id, ...rules.grid.toZone(cell, at), width: 0, height: 0, metadata });
  turn.count('bots_spawned');
}

/** Goes on, and turns now and then, and where it came no further. */
function wander(turn: Turn, entity: Entity): void {
  const { speedCmPerS, turnEveryTicks } = turn.rules.settings.bots;
  const walker = walkerOf(turn, entity);
  const isStuck = walker.motion.vx === 0 && walker.motion.vz === 0;
  if (turn.tick.random() * turnEveryTicks < 1 || isStuck) walker.heading = anyHeading(turn);
  if (walk(turn, walker, speedCmPerS)) turn.count('bot_handovers');
}

function anyHeading({ tick }: Turn): Heading {
  return { x: 2 * tick.random() - 1, z: 2 * tick.random() - 1 };
}

function isWatched({ tick }: Turn): boolean {
  if (tick.players.length > 0) return true;
  for (const entity of tick.border) if (isKind(entity, 'player')) return true;
  return false;
}
