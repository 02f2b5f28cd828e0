/**
 * The store in memory: the same rules and refusals as on a database, for tests and for whoever needs no durability.
 */
import type { Clock } from '../../../actors/ports.js';
import type { Log } from '../../../actors/telemetry.js';
import { Catalog } from '../catalog.js';
import { StoreOpenError } from '../errors.js';
import { History } from '../history.js';
import { Places } from '../places.js';
import type { Store } from '../store.js';
import type { StartTables } from '../tables.js';
import { beginWorld, World } from '../world.js';
import { Zones } from '../zones.js';
import { MemoryAccounts } from './accounts.js';
import { MemoryBackend } from './backend.js';
import { MemoryWorld } from './world.js';

export { MemoryWorld } from './world.js';

export interface MemoryStoreOptions {
  readonly clock: Clock;
  readonly log?: Log;
  /** What was there before; a new one if absent. */
  readonly world?: MemoryWorld;
  readonly resumeWindowMs?: number;
}

/** Rejects with `StoreOpenError` while another store has the world open. Setting `world.owner` to null is a kill: the next store takes over. */
export async function openMemoryStore({
  clock,
  log = SILENT,
  world = new MemoryWorld(),
  resumeWindowMs = 60_000,
}: MemoryStoreOptions): Promise<Store> {
  if (world.owner) throw new StoreOpenError(75, 'another server owns the database in memory');
  const owner = {};
  world.owner = owner;
  const owned = await beginWorld(startTables(world), clock.epochMs(), resumeWindowMs);
  const backend = new MemoryBackend(world, owned.epoch);
  const places = new Places(backend);
  return {
    kind: 'memory',
    zones: new Zones(backend, log),
    catalog: new Catalog(backend, log),
    places,
    world: new World(backend, owned, async () => {}),
    history: new History(backend),
    accounts: new MemoryAccounts(backend, world),
    healthy: () => backend.healthy(),
    queued: () => backend.queued(),
    close: async () => {
      await places.idle();
      await backend.close();
      if (world.owner === owner) world.owner = null;
    },
  };
}

function startTables(world: MemoryWorld): StartTables {
  return {
    world: async () => world.world,
    putWorld: async (row) => {
      world.world = row;
    },
    endLiveZones: async (tickedUntilMs) => {
      for (const [id, row] of world.zones) if (row.live) world.zones.set(id, { ...row, live: false, tickedUntilMs });
    },
    dropPlayers: async (nowMs, sinceMs) => {
      for (const [player, place] of world.places) {
        const isRecent = place.droppedAtMs === null || place.droppedAtMs >= sinceMs;
        if ((place.newest || place.spoken) && isRecent) world.places.set(player, { ...place, droppedAtMs: nowMs });
      }
    },
  };
}

const SILENT: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
