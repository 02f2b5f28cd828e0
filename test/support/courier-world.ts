/**
 * A `TestWorld` with the courier game, and what tests of zones and players ask of it: what each tick was given,
 * zones that fail when they are told to, and what is kept of a player.
 */
import type { JsonObject } from '../../games/contract.js';
import { courierGame, notesOf, type TickSeen } from './courier-game.js';
import type { TestClient } from './test-client.js';
import { INTERVAL_MS, TestWorld, type TestWorldOptions } from './world.js';

export async function courierWorld(options: TestWorldOptions = {}) {
  const seen: TickSeen[] = [];
  const failing = new Set<string>();
  const world = await TestWorld.create(courierGame({ seen, failing }), options);
  /** Every tick of the zone fails for so long: one, unless told otherwise. */
  const fail = async (zone: string, ms = INTERVAL_MS) => {
    failing.add(zone);
    await world.pass(ms);
    failing.delete(zone);
  };
  /** Fails a tick of the zone so many times, with time to restart in between. The fifth puts it in quarantine. */
  const failAgain = async (zone: string, times: number) => {
    for (let i = 1; i <= times; i += 1) {
      await fail(zone);
      if (i < times) await world.pass(800);
    }
  };
  return { world, seen, failing, fail, failAgain };
}

/** What the ticks of all zones said about a player's coming and going, in order. */
export function pathOf(seen: readonly TickSeen[], name: string): readonly string[] {
  return seen.flatMap(({ zone, joined, left }) => [
    ...(left.includes(name) ? [`left ${zone}`] : []),
    ...(joined.includes(name) ? [`joined ${zone}`] : []),
  ]);
}

/** What a client was sent, by type; errors by their code. */
export function storyOf(client: TestClient): readonly string[] {
  return client.messages.map(({ type, code }) => (type === 'error' ? `error ${code}` : type));
}

/** The stored row that says where the player is. */
export function placeOf(world: TestWorld, name: string) {
  const place = world.stored.places.get(world.player(name));
  if (!place) throw new Error(`${name} has no place`);
  return place;
}

/** What is written down in the player's document, once the player has gone and its row has it. */
export async function notesAfterLeaving(world: TestWorld, client: TestClient): Promise<readonly string[]> {
  await client.drop();
  await world.tick(2);
  const document: JsonObject | null = placeOf(world, client.name).document;
  return notesOf(document);
}
