/**
 * Where the game's code runs: in worker threads, or on the main thread with `ZONE_WORKERS=0`. Either
 * way the rest of the server sees a simulation, and routes that it can call.
 */
import type { ZoneId } from '../../actors/ids.js';
import type { Clock, Simulation } from '../../actors/ports.js';
import type { Log } from '../../actors/telemetry.js';
import type { Settings } from '../../config/settings.js';
import type { GameModule } from '../../games/contract.js';
import type { GameCalls, GameRouteSpec } from '../http/game-routes.js';
import { InlineSimulation } from './inline-simulation.js';
import { PooledSimulation } from './pool/pool.js';
import type { Strays } from './strays.js';

export interface HostingOptions {
  readonly settings: Pick<
    Settings,
    'game' | 'zoneWorkers' | 'zoneWorkerHeapMb' | 'zoneTickBudgetMs' | 'tickIntervalMs' | 'maxZoneBytes'
  >;
  readonly game: GameModule;
  /** The game's routes, as they were named on the main thread. */
  readonly routes: readonly GameRouteSpec[];
  /** What route handlers may ask of the world. */
  readonly calls: GameCalls;
  readonly secret: string;
  readonly cwd: string;
  readonly gamesDir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of what game code leaves behind, on whichever thread. */
  readonly strays: Strays;
  /** A zone is resident nowhere any more. */
  onHostLost(zone: ZoneId, error: Error): void;
  /** Game code on the main thread has not come back for ten budgets: nothing can stop it there. */
  onHang(zone: ZoneId): void;
}

export interface Hosting {
  readonly simulation: Simulation;
  /** The game's routes, with their handlers where game code runs. */
  readonly routes: readonly GameRouteSpec[];
  /** Resolves when game code can run. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

export function hostGame(options: HostingOptions): Hosting {
  return options.settings.zoneWorkers === 0 ? inline(options) : pooled(options);
}

function inline({ settings, game, routes, secret, clock, log, strays, onHang }: HostingOptions): Hosting {
  const { maxZoneBytes, zoneTickBudgetMs: tickBudgetMs } = settings;
  const simulation = new InlineSimulation({ game, secret, maxZoneBytes, tickBudgetMs, clock, log, strays, onHang });
  return {
    simulation,
    routes: routes.map((route) => ({ ...route, call: (request) => simulation.callRoute(() => route.call(request)) })),
    ready: async () => {},
    stop: async () => {},
  };
}

function pooled({
  settings,
  game,
  routes,
  calls,
  secret,
  cwd,
  gamesDir,
  clock,
  log,
  strays,
  onHostLost,
}: HostingOptions): Hosting {
  const { maxZoneBytes, zoneTickBudgetMs: tickBudgetMs, tickIntervalMs } = settings;
  const simulation = new PooledSimulation({
    game,
    start: { game: settings.game, cwd, gamesDir, secret, maxZoneBytes, tickBudgetMs },
    workers: settings.zoneWorkers,
    heapMb: settings.zoneWorkerHeapMb,
    tickIntervalMs,
    clock,
    log,
    onHostLost,
    onStray: (zone, error) => strays.report(zone, error),
    ask: (question) =>
      question.type === 'view'
        ? calls.view(question.zoneId, question.player)
        : calls.intent(question.zoneId, question.player, question.data),
  });
  return {
    simulation,
    routes: routes.map((route, index) => ({
      ...route,
      ready: () => simulation.routesReady(),
      call: (request) => simulation.callRoute(index, request),
    })),
    ready: () => simulation.ready(),
    stop: () => simulation.stop(),
  };
}
