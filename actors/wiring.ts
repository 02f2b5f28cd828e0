/**
 * The parts of the running world, built and handed to one another. What each does is its own matter, and what is asked of
 * them together is the world's (`world.ts`). Called once, by `src/compose.ts`.
 */
import { Committer } from './committer.js';
import { Connections } from './connection/connections.js';
import { CostMeter } from './costs.js';
import { GameDoor } from './game-door.js';
import { Crossings } from './players/crossings.js';
import { Joining } from './players/joining.js';
import { Presences, type Slots } from './players/presences.js';
import { Reads } from './reads.js';
import { Recorder } from './recorder.js';
import type { ZoneInfo } from './records.js';
import { Scheduler } from './scheduler/scheduler.js';
import { Creations } from './supervisor/creation.js';
import { Supervisor } from './supervisor/supervisor.js';
import { WakeAlarm } from './supervisor/wake-alarm.js';
import { ZoneDirectory } from './supervisor/zone-directory.js';
import { ZoneLinks } from './supervisor/zone-links.js';
import { Witnessing } from './witnessing.js';
import { World, type WorldDeps, type WorldParts } from './world.js';

/** Somebody who looks waits for the next view of a player at least so long, and for more ticks than come between two views. */
const SHORTEST_WITNESS_MS = 5_000;

/** What ticks. */
type Core = Omit<WorldParts, keyof Doors>;
/** By what it is asked from outside, and players get in. */
type Doors = Pick<WorldParts, 'reads' | 'witnessing' | 'door' | 'joining' | 'sockets'>;

/** `zones`: all there are, as the catalog has them. */
export function buildWorld(deps: WorldDeps, zones: readonly ZoneInfo[]): World {
  const core = buildCore(deps, zones);
  return new World(deps, { ...core, ...buildDoors(deps, core) });
}

/** These need one another: what one asks of another that is built after it, it asks when it runs. */
function buildCore(deps: WorldDeps, zones: readonly ZoneInfo[]): Core {
  const { settings, simulation, catalog, clock, telemetry, log } = deps;
  const directory = new ZoneDirectory(zones);
  const costs = new CostMeter();
  const recorder = new Recorder();
  const committer = new Committer({ store: deps.zones, clock, telemetry, costs, log });
  const slots: Slots = {
    find: (zone) => supervisor.find(zone),
    open: (zone) => supervisor.open(zone),
    ticks: (slot) => supervisor.ticks(slot),
  };
  const presences = new Presences({ slots, places: deps.places, committer, clock, telemetry, log });
  const crossings = new Crossings({ slots, presences, clock, telemetry, recorder });
  const supervisor: Supervisor = new Supervisor({
    simulation,
    committer,
    store: deps.zones,
    catalog,
    presences,
    crossings,
    directory,
    links: new ZoneLinks(deps.links),
    clock,
    telemetry,
    costs,
    recorder,
    log,
    persistEveryTicks: settings.persistEveryTicks,
    snapshotEveryTicks: settings.snapshotEveryTicks,
    graceMs: settings.zoneGraceMs,
    intentsPerPlayer: settings.maxIntentsPerTick,
    isPaused: () => scheduler.paused,
    slept: (wakeAtMs) => alarm.consider(wakeAtMs),
    gameFailed: (zone, error) => deps.gameFailed?.(zone, error),
    fatal: deps.fatal,
  });
  const creations = new Creations({ catalog, directory, clock, log });
  const scheduler = new Scheduler({
    clock,
    store: deps.worldStore,
    telemetry,
    log,
    tickIntervalMs: settings.tickIntervalMs,
    send: (tick) => {
      costs.begin();
      return supervisor.tick(tick);
    },
  });
  const alarm = new WakeAlarm({
    catalog,
    clock,
    wake: (due) => {
      for (const zone of due) supervisor.open(zone);
    },
  });
  return { directory, costs, recorder, committer, presences, crossings, supervisor, creations, scheduler, alarm };
}

function buildDoors(deps: WorldDeps, { supervisor, presences, crossings, directory, scheduler }: Core): Doors {
  const { settings, simulation, places, clock, telemetry, log } = deps;
  const { catalog, unfolded } = deps;
  const reads = new Reads({ supervisor, crossings, catalog, unfolded, simulation, clock });
  const witnessing = new Witnessing({
    zones: supervisor,
    presences,
    reads,
    simulation,
    clock,
    patienceMs: Math.max(SHORTEST_WITNESS_MS, 3 * settings.tickIntervalMs * settings.snapshotEveryTicks),
  });
  const door = new GameDoor({ zones: supervisor, presences, reads, simulation, clock, telemetry });
  const { resumeWindowMs } = settings;
  const joining = new Joining({ ...deps, presences, resumeWindowMs, beganAtMs: deps.worldStore.beganAtMs });
  const sockets = new Connections({
    joining,
    presences,
    places,
    simulation,
    directory,
    scheduler,
    clock,
    telemetry,
    log,
    authenticate: deps.authenticate,
    helloTimeoutMs: settings.helloTimeoutMs,
    tickIntervalMs: settings.tickIntervalMs,
    slots: supervisor,
  });
  return { reads, witnessing, door, joining, sockets };
}
