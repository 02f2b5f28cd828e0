/** Players who walk about in the seamless world, the same way whatever it is cut into and whichever thread has which zone. */
import { join } from 'node:path';
import type { GameModule } from '../../../../games/contract.js';
import { BUILT } from '../../../support/built.js';
import { type Pooled, pooled } from '../../../support/pooled.js';
import type { TestClient } from '../../../support/test-client.js';
import { TestWorld } from '../../../support/world.js';
import { type Glance, glances, headingOf, layingDown } from './seamless.js';

export const PLAYERS = ['ada', 'ben', 'cid', 'dot', 'eve'];
const TICKS = 165;
/** So long everybody walks one way. */
const LEG_TICKS = 80;

/** So often, everybody lays a piece of something down. */
const LITTER_TICKS = 7;

/** What everybody was shown, by name and then by tick. */
export type Played = ReadonlyMap<string, ReadonlyMap<number, Glance>>;

/** `file`: where two workers find the game, built; null: it is played on this thread. Everybody joins, then walks about: each turns now and then, by its own number, the same way in every world. */
export async function play(game: GameModule, file: string | null): Promise<Played> {
  const pool: Pooled | null = file ? await pooled(game, join(BUILT, 'test/games/frontier/seam', file), 2) : null;
  const elsewhere = pool && { lyingSimulation: () => pool.simulation, isBusy: () => pool.isBusy() };
  const world = await TestWorld.create(game, { zones: [], ...elsewhere });
  const clients: TestClient[] = [];
  for (const player of PLAYERS) clients.push(await world.join(player));
  await world.tick(3);
  for (let tick = 0; tick < TICKS; tick++) {
    for (const [index, client] of clients.entries()) {
      if (tick === 0 || (tick + 3 * index) % LEG_TICKS === 0) await client.intent(headingOf(...wayOf(index, tick)));
      if ((tick + index) % LITTER_TICKS === 0) await client.intent(layingDown(client));
    }
    await world.tick();
  }
  await world.stop();
  await pool?.stop();
  return new Map(clients.map((client) => [client.name, glances(client)]));
}

/** East, then south, over every cut; side by side at first, and further and further apart. */
function wayOf(index: number, tick: number): [x: number, z: number] {
  const angle = (Math.round(tick / LEG_TICKS) * Math.PI) / 2 + 0.15 * (index - 1);
  return [Math.cos(angle), Math.sin(angle)];
}

/** All of it as a text; without the ids of zones, which are another world's. */
export function plain(played: Played): string {
  const all = [...played].map(([name, own]) => {
    return [name, [...own].map(([tick, { at, seen, things }]) => [tick, at, [...seen].sort(), [...things].sort()])];
  });
  return JSON.stringify(all);
}
