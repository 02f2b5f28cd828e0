/** A row of zones of 10×10 cells, west to east, with the lookout game in them; and what its players see. */
import type { JsonObject } from '../../../games/contract.js';
import lookout, { type LookoutIntent, type SeenThing } from '../../support/pool-games/lookout.js';
import type { TestClient } from '../../support/test-client.js';
import { TestWorld, type TestWorldOptions } from '../../support/world.js';

export const WIDTH = 10;

/** Each zone beside the next; `and`: further connections. */
export async function rowOfZones(
  zones: readonly string[],
  { links = [], ...options }: TestWorldOptions = {},
): Promise<TestWorld> {
  const row = zones.slice(1).map((zone, index) => [zones[index] ?? '', zone, WIDTH, 0] as const);
  return TestWorld.create(lookout, { zones, links: [...row, ...links], ...options });
}

/** Tells the game in the zone where this client is. */
export function tell(client: TestClient, ...intents: readonly LookoutIntent[]): Promise<unknown> {
  return Promise.all(intents.map((intent) => client.intent(intent as unknown as JsonObject))); // each is plain JSON
}

/** What the client saw last. */
export function sees(client: TestClient): LookoutView {
  return viewOf(client.last('tick')?.state);
}

/** What `getPlayerState` of the lookout game answers. */
export interface LookoutView {
  readonly here: readonly SeenThing[];
  readonly over: readonly SeenThing[];
  /** Names of the zones beside it. */
  readonly beside: readonly string[];
  /** What the tick itself saw, where it was told to look. */
  readonly ticked?: readonly SeenThing[];
}

export function viewOf(state: unknown): LookoutView {
  return state as LookoutView; // the game's own form
}

export function namesOf(things: readonly SeenThing[]): readonly string[] {
  return things.map(({ name }) => name);
}
