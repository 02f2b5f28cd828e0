/**
 * Making the world at a start, before anybody is let in: the game makes what is not there yet. And how a journal is folded
 * into its checkpoint; when, is `actors/supervisor/unfolded.ts`.
 */
import { type EntityId, newUuid, parseUuid, type ZoneId } from '../actors/ids.js';
import type { Clock, ZoneCatalog, ZoneStore } from '../actors/ports.js';
import type { ZoneInfo } from '../actors/records.js';
import { Unfolded } from '../actors/supervisor/unfolded.js';
import type { Log } from '../actors/telemetry.js';
import type { EntityCreate, GameModule, JsonObject, WorldSetup } from '../games/contract.js';
import { CorruptBodyError } from './simulation/body-reader.js';
import { foldZone } from './simulation/fold.js';
import { filledZone } from './simulation/zone-filling.js';

/** Two zones of the largest size can lie side by side. */
const MAX_OFFSET = 1_000_000;

export interface FoldingDeps {
  readonly zones: ZoneStore;
  readonly catalog: ZoneCatalog;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** What a kill left to be folded. */
export async function unfoldedZones({ zones, catalog, clock, log }: FoldingDeps): Promise<Unfolded> {
  return new Unfolded(await catalog.unfolded(), { fold: (zone) => fold(zone, zones, log), clock, log });
}

async function fold(zone: ZoneId, zones: ZoneStore, log: Pick<Log, 'warn'>): Promise<void> {
  const stored = await zones.claim(zone);
  if (!stored) return;
  // Several are read together, and each takes a while.
  await new Promise<void>((resolve) => setImmediate(resolve));
  try {
    const { players, ...checkpoint } = foldZone(stored);
    await zones.checkpoint([{ ...checkpoint, epoch: stored.epoch, live: players > 0 || stored.inbox.length > 0 }]);
  } catch (error) {
    if (!(error instanceof CorruptBodyError)) throw error;
    // That zone's trouble: it fails when somebody needs it, and says why. The others are not to wait for that.
    log.warn({ zone, err: error }, 'a journal could not be folded: its zone cannot be read');
  }
}

export interface SetupDeps {
  readonly zones: ZoneStore;
  readonly catalog: ZoneCatalog;
  readonly unfolded: Pick<Unfolded, 'settle'>;
  readonly clock: Clock;
  readonly maxZoneBytes: number;
}

/** Runs the game's `init`, alone. Rejects with what it throws. */
export async function initGame(game: GameModule, deps: SetupDeps): Promise<void> {
  if (!game.init) return;
  const setup = new GameSetup(deps, await deps.catalog.list());
  await game.init({
    zones: () => setup.zones(),
    createZone: (zone) => setup.createZone(zone),
    createEntities: (zoneId, entities) => setup.createEntities(zoneId, entities),
    connect: (a, b, offset) => setup.connect(a, b, offset),
  });
}

class GameSetup implements WorldSetup {
  readonly #zones: Map<string, ZoneInfo>;

  constructor(
    private readonly deps: SetupDeps,
    zones: readonly ZoneInfo[],
  ) {
    this.#zones = new Map(zones.map((zone) => [zone.name, zone]));
  }

  zones(): ZoneInfo[] {
    return [...this.#zones.values()];
  }

  async createZone(wanted: { name: string; width: number; height: number; metadata?: object }): Promise<ZoneInfo> {
    const standing = this.#zones.get(wanted.name);
    if (standing) return standing;
    const { name, width, height } = wanted;
    for (const [what, size] of Object.entries({ width, height })) {
      if (!Number.isInteger(size) || size < 1 || size > 1_000_000) {
        throw new Error(`createZone: ${what} of "${name}" is ${size}; it takes 1 to 1000000`);
      }
    }
    if (typeof name !== 'string' || name.length < 1 || name.length > 64)
      throw new Error('createZone: a name has 1 to 64 characters');
    const metadata: JsonObject = JSON.parse(JSON.stringify(wanted.metadata ?? {}));
    const nowMs = this.deps.clock.epochMs();
    const info = { id: newUuid<ZoneId>(), name, width, height, metadata, createdAtMs: nowMs, updatedAtMs: nowMs };
    const created = await this.deps.catalog.create(info);
    if (!created) throw new Error(`createZone: "${name}" is taken, although it was not there at the start`);
    this.#zones.set(name, created);
    return created;
  }

  async createEntities(zoneId: string, entities: readonly Omit<EntityCreate, 'id'>[]): Promise<string[]> {
    const zone = this.#known('createEntities', zoneId);
    const { clock, maxZoneBytes, catalog, zones, unfolded } = this.deps;
    await unfolded.settle(zone.id);
    if (entities.length === 0 || (await catalog.entities(zone.id)).length > 0) return [];
    const stored = await zones.claim(zone.id);
    const newId = () => newUuid<EntityId>();
    const filled = stored && filledZone(stored, entities, { nowMs: clock.epochMs(), maxZoneBytes, newId });
    if (!filled) return [];
    const { players, ids, ...checkpoint } = filled;
    const [written] = await zones.checkpoint([{ ...checkpoint, epoch: stored.epoch, live: players > 0 }]);
    if (!written) throw new Error(`createEntities: the entities of "${zone.name}" could not be written`);
    return [...ids];
  }

  async connect(a: string, b: string, { dx, dy }: { readonly dx: number; readonly dy: number }): Promise<void> {
    const [zone, neighbor] = [this.#known('connect', a), this.#known('connect', b)];
    if (zone.id === neighbor.id) throw new Error(`connect: "${zone.name}" cannot lie beside itself`);
    for (const [what, offset] of Object.entries({ dx, dy })) {
      if (!Number.isInteger(offset) || Math.abs(offset) > MAX_OFFSET) {
        throw new Error(`connect: ${what} is ${offset}; it takes whole cells, −${MAX_OFFSET} to ${MAX_OFFSET}`);
      }
    }
    await this.deps.catalog.connect({ zone: zone.id, neighbor: neighbor.id, dx: dx + 0, dy: dy + 0 });
  }

  #known(call: string, zoneId: string): ZoneInfo {
    const id = parseUuid<ZoneId>(zoneId);
    const zone = [...this.#zones.values()].find((known) => known.id === id);
    if (!zone) throw new Error(`${call}: there is no zone ${zoneId}`);
    return zone;
  }
}
