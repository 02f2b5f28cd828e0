/**
 * The game that Gridstead runs in the benchmark: one walker for each player, one step for each intent, and
 * everybody sees the whole zone. Written as any game would be; `fog.ts` is the same with a view of its own.
 */
import Joi from 'joi';
import type { EntityCreate, EntityUpdate, GameModule, Player, Tick, TickResult } from '../../../games/contract.js';
import { type Cell, spawnOf, step } from './rules.js';

type Move = { readonly type: 'move'; readonly dx: number; readonly dy: number };

const oneStep = Joi.number().integer().min(-1).max(1).required();

const arena: GameModule<Move> = {
  name: 'arena',
  intents: { move: Joi.object({ type: Joi.valid('move').required(), dx: oneStep, dy: oneStep }) },
  onTick,
};
export default arena;

function onTick(tick: Tick<Move>): TickResult {
  const walking = { updates: walk(tick) };
  return tick.joined.length + tick.left.length === 0 ? walking : { ...walking, ...comeAndGo(tick) };
}

/** The id of this player's walker: its document says it. */
export function walkerOf({ state }: Player): string | null {
  return typeof state?.walker === 'string' ? state.walker : null;
}

function walk({ entities, players, intents }: Tick<Move>): EntityUpdate[] {
  const walkers = new Map(players.map((player) => [player.id, walkerOf(player)]));
  const cells = new Map<string, Cell>();
  for (const { playerId, data } of intents) {
    const id = walkers.get(playerId);
    const from = id ? (cells.get(id) ?? entities.get(id)) : undefined;
    if (id && from) cells.set(id, { x: step(from.x, data.dx), y: step(from.y, data.dy) });
  }
  return Array.from(cells, ([id, { x, y }]) => ({ id, x, y }));
}

function comeAndGo({ entities, joined, left, newId }: Tick<Move>): TickResult {
  const standing = (player: Player) => entities.get(walkerOf(player) ?? '');
  const newcomers = joined.filter((player) => !standing(player)).map((player) => ({ player, id: newId() }));
  return {
    creates: newcomers.map(({ player, id }): EntityCreate => ({ id, ...spawnOf(player.username), metadata: faceOf(player) })),
    playerStates: newcomers.map(({ player, id }) => ({ playerId: player.id, state: { walker: id } })),
    deletes: left.flatMap((player) => standing(player)?.id ?? []),
  };
}

function faceOf({ id }: Player): object {
  return { kind: 'walker', player: id };
}
