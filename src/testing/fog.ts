/** Looks whether what a player must not know reaches it all the same: the one door to clients, tried from outside. */
import type { GameModule } from '../../games/contract.js';
import { describe, firstDifference } from './difference.js';
import { createTestWorld, type TestWorld, type TestWorldOptions } from './test-world.js';

export interface FogScene extends TestWorldOptions {
  /** Who looks. */
  readonly player: string;
  /** Makes the scene: both worlds begin so. The player joins in it. */
  arrange(world: TestWorld): void | Promise<void>;
  /** Two worlds that the player may not tell apart: each puts something where it cannot see it. */
  readonly hidden: readonly [(world: TestWorld) => void, (world: TestWorld) => void];
  /** What happens before each tick, in both worlds alike; `index` from 0. */
  play?(world: TestWorld, index: number): void;
  /** How many ticks the player looks on; 10 unless said otherwise. */
  readonly ticks?: number;
}

/** A player was shown something that depends on what is hidden from it. */
export class FogLeakError extends Error {
  readonly code = 'FOG_LEAK';
  override readonly name = 'FogLeakError';
}

/**
 * Plays the scene twice, with the one and with the other thing hidden, and compares after each tick what the player is sent: its
 * view and its messages, byte for byte. Rejects with `FogLeakError`, which names the tick and the first difference.
 * Chance counts: a rule that draws more numbers for what is hidden gives different ones to what is in sight.
 */
export async function checkFog(game: GameModule, scene: FogScene): Promise<void> {
  const { player, hidden, play, ticks = 10 } = scene;
  const worlds = await Promise.all(hidden.map((hide) => setUp(game, scene, hide)));
  for (let index = 0; index < ticks; index++) {
    const [one, other] = worlds.map((world) => {
      play?.(world, index);
      world.tick();
      return JSON.stringify({ view: world.viewOf(player), messages: world.messages(player) });
    });
    if (one === other) continue;
    const difference = firstDifference(JSON.parse(one ?? ''), JSON.parse(other ?? ''));
    // Bytes can differ where values do not: keys come in another order.
    const what = difference ? describe(difference) : 'the order of the keys tells the worlds apart';
    throw new FogLeakError(`after ${index + 1} ticks ${player} is shown what it must not know: ${what}`);
  }
}

async function setUp(game: GameModule, scene: FogScene, hide: (world: TestWorld) => void): Promise<TestWorld> {
  const world = await createTestWorld(game, scene);
  await scene.arrange(world);
  hide(world);
  return world;
}
