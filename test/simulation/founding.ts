/**
 * The world before its first start: what the game's `init` makes, under ids that come from the seed. Every start
 * runs `init` again, as the server does, and finds all of it there.
 */
import type { EntityId, ZoneId } from '../../actors/ids.js';
import type { GameModule, WorldSetup } from '../../games/contract.js';
import { filledZone } from '../../src/simulation/zone-filling.js';
import { MemoryWorld, openMemoryStore } from '../../src/store/memory/open.js';
import type { Store } from '../../src/store/store.js';
import type { ProcessClock } from './process-clock.js';
import type { Seeds } from './seeds.js';

export async function foundWorld(game: Pick<GameModule, 'init'>, clock: ProcessClock, seeds: Seeds): Promise<MemoryWorld> {
  const world = new MemoryWorld();
  world.world = { epoch: 0, reservedTicks: 0, aliveAtMs: clock.epochMs(), secret: `the secret of ${seeds.seed}` };
  const store = await openMemoryStore({ clock, world });
  await game.init?.(new Founding(store, clock, seeds));
  await store.close();
  return world;
}

class Founding implements WorldSetup {
  #entities = 0;

  constructor(
    private readonly store: Store,
    private readonly clock: ProcessClock,
    private readonly seeds: Seeds,
  ) {}

  zones() {
    return [];
  }

  async createZone({ name, width, height }: Parameters<WorldSetup['createZone']>[0]) {
    const nowMs = this.clock.epochMs();
    const id = this.seeds.uuid<ZoneId>(`zone ${name}`);
    const zone = { id, name, width, height, metadata: {}, createdAtMs: nowMs, updatedAtMs: nowMs };
    await this.store.catalog.create(zone);
    return zone;
  }

  async createEntities(zoneId: string, entities: Parameters<WorldSetup['createEntities']>[1]) {
    const newId = () => this.seeds.uuid<EntityId>(`entity ${this.#entities++}`);
    const stored = await this.store.zones.claim(zoneId as ZoneId); // as `createZone` answered it
    const filled = stored && filledZone(stored, entities, { nowMs: this.clock.epochMs(), maxZoneBytes: 2 ** 20, newId });
    if (!filled) throw new Error(`zone ${zoneId} cannot be filled`);
    const { players, ids, ...checkpoint } = filled;
    await this.store.zones.checkpoint([{ ...checkpoint, epoch: stored.epoch, live: players > 0 }]);
    return [...ids];
  }

  async connect(a: string, b: string, offset: { readonly dx: number; readonly dy: number }) {
    await this.store.catalog.connect({ zone: a as ZoneId, neighbor: b as ZoneId, ...offset }); // as `createZone` answered them
  }
}
