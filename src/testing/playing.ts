/** Plays a history in a world of its own, and writes down what each tick left. */
import { loadGame } from '../games/load.js';
import { type Happening, happen } from './history.js';
import { createTestWorld, type TestWorld } from './test-world.js';

/** Everything that can be seen of a world after a tick. */
export interface Played {
  readonly tick: number;
  readonly zones: Readonly<Record<string, unknown>>;
  readonly players: Readonly<Record<string, unknown>>;
}

/** `file`: the module of the game. */
export async function playFrom(order: {
  readonly file: string;
  readonly history: readonly Happening[];
  readonly seed: string;
}): Promise<readonly Played[]> {
  const game = await loadGame(order.file, { cwd: process.cwd(), gamesDir: '' });
  const world = await createTestWorld(game, { seed: order.seed });
  const played: Played[] = [];
  for (const happening of order.history.flatMap(tickByTick)) {
    await happen(world, happening);
    // As it comes out of the other process.
    if (happening.type === 'tick') played.push(JSON.parse(JSON.stringify(lookAt(world))));
  }
  return played;
}

function tickByTick(happening: Happening): readonly Happening[] {
  return happening.type === 'tick' ? Array.from({ length: happening.count ?? 1 }, () => ({ type: 'tick' })) : [happening];
}

function lookAt(world: TestWorld): Played {
  const zones = world
    .zones()
    .map((zone) => [zone.name, { zone, entities: world.entities(zone.name), wakeAt: world.wakeAt(zone.name) }]);
  const players = world
    .connected()
    .map((name) => [name, { document: world.player(name).state, messages: world.messages(name), view: world.viewOf(name) }]);
  return { tick: world.tickNumber, zones: Object.fromEntries(zones), players: Object.fromEntries(players) };
}
