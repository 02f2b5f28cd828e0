/**
 * Tiny games for tests of the framework: each shows one thing a game can do, or do wrong.
 * `scripted` is the one for a test that says itself what a tick answers.
 */
import type { Entity, GameModule, JsonObject, Tick, TickResult } from '../../games/contract.js';

/** A game whose ticks answer what `onTick` says; other members as given. */
export function scripted(onTick: (tick: Tick) => unknown, members: Omit<Partial<GameModule>, 'onTick'> = {}): GameModule {
  // What a game returns is the framework's to judge: a script may answer nonsense.
  return { name: 'scripted', ...members, onTick: (tick) => onTick(tick) as TickResult };
}

/** Nothing ever happens. */
export const stillGame: GameModule = { name: 'still', onTick: () => ({}) };

/** Everybody has a walker, an entity with `metadata.player`; `{type: 'move', dx, dy}` moves it as far as the zone goes. */
export const walkingGame: GameModule = {
  name: 'walking',
  onTick(tick) {
    const walkers = [...tick.entities];
    const moved = new Map<string, { id: string; x: number; y: number }>();
    for (const { playerId, data } of tick.intents) {
      const walker = walkers.find((entity) => entity.metadata.player === playerId);
      if (walker) moved.set(walker.id, step(tick, moved.get(walker.id) ?? walker, data));
    }
    return {
      creates: tick.joined
        .filter((player) => !walkers.some((entity) => entity.metadata.player === player.id))
        .map((player) => ({ x: 0, y: 0, metadata: { player: player.id } })),
      updates: [...moved.values()],
    };
  },
};

/** The walking game in fog: each sees its own walker and what is within two cells of it. */
export const foggyGame: GameModule = {
  ...walkingGame,
  name: 'foggy',
  getPlayerState({ player, entities, state }) {
    const own = state.entities.find((entity) => entity.metadata.player === player.id);
    return { zone_id: state.zone_id, entities: own ? around(own, entities.inArea.bind(entities)) : [] };
  },
};

/** Throws at every tick. */
export const throwingGame: GameModule = scripted(() => {
  throw new Error('this game is broken');
});

function step(tick: Tick, from: { id: string; x: number; y: number }, { dx, dy }: JsonObject) {
  const { width, height } = tick.zone;
  const clamp = (value: number, size: number) => Math.min(Math.max(value, 0), size - 1);
  return { id: from.id, x: clamp(from.x + Number(dx ?? 0), width), y: clamp(from.y + Number(dy ?? 0), height) };
}

function around({ x, y }: Entity, inArea: (area: { x: number; y: number; width: number; height: number }) => Entity[]): Entity[] {
  return inArea({ x: x - 2, y: y - 2, width: 5, height: 5 });
}
