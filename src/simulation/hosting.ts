/**
 * Where the game's code runs: in worker threads, or on the main thread with `ZONE_WORKERS=0`. Either
 * way the rest of the server sees a simulation, and routes that it can call.
 */
import { HostLostError } from '../../actors/errors.js';
import type { ZoneId } from '../../actors/ids.js';
import type { Clock, Simulation } from '../../actors/ports.js';
import type { Log } from '../../actors/telemetry.js';
import type { Settings } from '../../config/settings.js';
import type { GameModule } from '../../games/contract.js';
import type { GameCalls, GameRouteSpec } from '../http/game-routes.js';
import { InlineSimulation } from './inline-simulation.js';
import { PooledSimulation } from './pool/pool.js';
import type { Strays } from './strays.js';

/** A game and where it comes from. */
export interface HostedGame {
  readonly module: GameModule;
  /** What a worker thread loads: a name or a path, as `GAME` takes it. */
  readonly source: string;
  /** Its routes, as they were named on the main thread. */
  readonly routes: readonly GameRouteSpec[];
}

export interface HostingOptions {
  readonly settings: Pick<
    Settings,
    'debugFaults' | 'zoneWorkers' | 'zoneWorkerHeapMb' | 'zoneTickBudgetMs' | 'tickIntervalMs' | 'maxZoneBytes'
  >;
  readonly game: HostedGame;
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
  /** The routes of the game that runs now, with their handlers where its code runs. */
  routes(): readonly GameRouteSpec[];
  /** Runs this game from now on, with every zone as it was committed last; `runs` is called before any is. Rejects, and changes nothing, where it cannot start. */
  switchTo(game: HostedGame, runs: () => void): Promise<void>;
  /** Resolves when game code can run. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

export function hostGame(options: HostingOptions): Hosting {
  return options.settings.zoneWorkers === 0 ? inline(options) : pooled(options);
}

function inline({ settings, game, secret, clock, log, strays, onHang, onHostLost }: HostingOptions): Hosting {
  const { maxZoneBytes, zoneTickBudgetMs: tickBudgetMs, debugFaults: spoilable } = settings;
  const limits = { secret, maxZoneBytes, tickBudgetMs, spoilable };
  const simulation = new InlineSimulation({ game: game.module, ...limits, clock, log, strays, onHang });
  const here = ({ routes }: HostedGame): readonly GameRouteSpec[] =>
    routes.map((route) => ({ ...route, call: (request) => simulation.callRoute(() => route.call(request)) }));
  let routes = here(game);
  return {
    simulation,
    routes: () => routes,
    async switchTo(next, runs) {
      routes = here(next);
      const zones = simulation.switchGame(next.module);
      runs();
      for (const zone of zones) onHostLost(zone, new HostLostError(zone));
    },
    ready: async () => {},
    stop: async () => {},
  };
}

function pooled({ settings, game, calls, secret, cwd, gamesDir, clock, log, strays, onHostLost }: HostingOptions): Hosting {
  const { maxZoneBytes, zoneTickBudgetMs: tickBudgetMs, tickIntervalMs, debugFaults: spoilable } = settings;
  const simulation = new PooledSimulation({
    game: game.module,
    start: { game: game.source, cwd, gamesDir, secret, maxZoneBytes, tickBudgetMs, spoilable },
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
  const inWorkers = ({ routes }: HostedGame): readonly GameRouteSpec[] =>
    routes.map((route, index) => ({
      ...route,
      ready: () => simulation.routesReady(),
      call: (request) => simulation.callRoute(index, request),
    }));
  let routes = inWorkers(game);
  return {
    simulation,
    routes: () => routes,
    async switchTo(next, runs) {
      await simulation.switchGame(next.module, next.source, runs);
      routes = inWorkers(next);
    },
    ready: () => simulation.ready(),
    stop: () => simulation.stop(),
  };
}
