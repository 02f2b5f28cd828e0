/** new-game: everybody walks about in a field, and sees five cells far. A small thing that runs, to be changed. */
import Joi from 'joi';
import type { Entity, EntitySet, EntityUpdate, GameModule, Player, PlayerView, Tick, TickResult, Zone } from '../contract.js';

type Move = { readonly type: 'move'; readonly dx: number; readonly dy: number };

/** How far a player sees, in cells. */
const SIGHT = 5;
/** Where one comes in for the first time. */
const START = { x: 4, y: 8 };

const step = Joi.number().integer().min(-1).max(1).required();

const game: GameModule<Move> = {
  name: 'new-game',
  async init(world) {
    const field = await world.createZone({ name: 'field', width: 24, height: 16 });
    await world.createEntities(field.id, [{ x: 12, y: 4, width: 1, height: 8, metadata: { kind: 'wall' } }]);
  },
  place: (_player, zones) => zones.find(({ name }) => name === 'field')?.id ?? null,
  intents: { move: Joi.object({ type: Joi.any(), dx: step, dy: step }) },
  onTick,
  getPlayerState,
};
export default game;

function onTick(tick: Tick<Move>): TickResult {
  const { players, left, entities } = tick;
  const gone = left.flatMap(({ id }) => walkerOf(entities, id) ?? []);
  return {
    creates: players
      .filter(({ id }) => !walkerOf(entities, id))
      .map((player) => ({ ...placeOf(player), width: 0, height: 0, metadata: walkerFor(player) })),
    updates: walk(tick),
    deletes: gone.map(({ id }) => id),
    // Who was away, or killed with the server, comes back to where it was.
    playerStates: gone.map(({ x, y, metadata }) => ({ playerId: String(metadata.player), state: { x, y } })),
  };
}

function placeOf({ state }: Player): { x: number; y: number } {
  return { x: Number(state?.x ?? START.x), y: Number(state?.y ?? START.y) };
}

function walkerFor({ id, username }: Player): object {
  return { kind: 'walker', player: id, name: username };
}

/** One step a tick for each walker, and none into a wall or over the edge. */
function walk({ zone, entities, intents }: Tick<Move>): EntityUpdate[] {
  const moved = new Set<string>();
  return intents.flatMap(({ playerId, data }) => {
    const walker = walkerOf(entities, playerId);
    if (!walker || moved.has(playerId)) return [];
    moved.add(playerId);
    const [x, y] = [walker.x + data.dx, walker.y + data.dy];
    return isFree(zone, entities, x, y) ? [{ id: walker.id, x, y }] : [];
  });
}

function isFree({ width, height }: Zone, entities: EntitySet, x: number, y: number): boolean {
  if (x < 0 || y < 0 || x >= width || y >= height) return false;
  return !entities.at(x, y).some(({ metadata }) => metadata.kind === 'wall');
}

/** Who sees nothing yet is somebody whose walker comes with the next tick. */
function getPlayerState({ player, entities, state }: PlayerView): object {
  const walker = walkerOf(entities, player.id);
  if (!walker) return { ...state, entities: [], you: null };
  const sight = { x: walker.x - SIGHT, y: walker.y - SIGHT, width: 2 * SIGHT + 1, height: 2 * SIGHT + 1 };
  return {
    ...state,
    entities: entities.inArea(sight),
    sight: SIGHT,
    you: { id: walker.id, x: walker.x, y: walker.y, items: [] },
  };
}

function walkerOf(entities: EntitySet, playerId: string): Entity | undefined {
  return [...entities].find((entity) => isWalker(entity) && entity.metadata.player === playerId);
}

function isWalker({ metadata }: Entity): boolean {
  return metadata.kind === 'walker';
}
