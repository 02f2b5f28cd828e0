/**
 * The composition root: builds every adapter and actor in the order in which they depend on one
 * another, and stops them in the reverse order. No other file constructs an adapter.
 */
import type { Server } from 'node:http';
import type { Authenticate } from '../actors/control.js';
import type { ZoneId } from '../actors/ids.js';
import type { Log } from '../actors/telemetry.js';
import { buildWorld } from '../actors/wiring.js';
import type { World } from '../actors/world.js';
import type { Settings } from '../config/settings.js';
import type { GameModule } from '../games/contract.js';
import { PlayerAccounts } from './auth/accounts.js';
import { warnOfUnregisteredDebugUsers } from './auth/debug-users.js';
import { expireSessions } from './auth/expiring.js';
import { AddressLimit } from './auth/guess-limits.js';
import { BcryptHasher } from './auth/hashing.js';
import { CONSOLE_PATH, ConsoleEdge } from './console/edge.js';
import { blamingGame, checkGame, findGame, loadGame } from './games/load.js';
import { buildHttpApp } from './http/app.js';
import { gameCalls } from './http/game-calls.js';
import { mountable } from './http/game-mount.js';
import { collectGameRoutes } from './http/game-routes.js';
import { closeServer, createHttpServer, listen, urlOf } from './http/server.js';
import { limitSockets, openFilesLimit, socketRoom } from './http/socket-room.js';
import { SystemClock } from './observe/clock.js';
import { Metrics } from './observe/metrics.js';
import { GameSource } from './reload/game-source.js';
import { LiveGame } from './reload/live-game.js';
import { watchGame } from './reload/watching.js';
import type { RunningServer } from './running-server.js';
import { initGame, unfoldedZones } from './setup.js';
import { type HostedGame, type Hosting, hostGame } from './simulation/hosting.js';
import type { Strays } from './simulation/strays.js';
import { openStore, type Store } from './store/open.js';
import { type GameChecks, gameChecks } from './ws/checks.js';
import { WebSocketEdge } from './ws/edge.js';

export interface ComposeDeps {
  readonly settings: Settings;
  /** null: the one that the settings name. One that is given can run on the main thread only. */
  readonly game: GameModule | null;
  readonly log: Log;
  /** Asked by the process about each error that nobody caught. */
  readonly strays: Strays;
  readonly version: string;
  readonly cwd: string;
  readonly gamesDir: string;
  /** Where games are written, to take up what is saved there; null: the game stays as it is. */
  readonly watchedGamesDir: string | null;
  readonly pagesDir: string;
  /** This process cannot go on: another server owns the world, or a part that nothing supervises has failed. */
  fatal(error: unknown): void;
  /** Game code on this thread has not come back for ten budgets. */
  hung(zone: ZoneId): void;
}

/** A new version of a watched game is on trial for so many ticks, and at least for so long. */
const TRIAL_TICKS = 10;
const SHORTEST_TRIAL_MS = 1_000;

/** How to close what is open, in the order in which it was opened. */
type Opened = (() => Promise<void> | void)[];

/** A server that listens. What was opened is closed again when it rejects. */
export async function startServer(deps: ComposeDeps): Promise<RunningServer> {
  const opened: Opened = [];
  try {
    return await build(deps, opened);
  } catch (error) {
    for (const close of opened.reverse()) await close();
    throw error;
  }
}

async function build(deps: ComposeDeps, opened: Opened): Promise<RunningServer> {
  const { settings, log } = deps;
  // Before anything is open: the report that has the limit also looks at every socket.
  const openFiles = openFilesLimit();
  const loaded = await load(deps, opened);
  const base = await openBase(deps, loaded.module.name, opened);
  const { clock, telemetry, store, hasher, accounts } = base;
  // The world that answers a route's questions comes later than the threads that may ask.
  const played = await play(deps, base, loaded, () => world, opened);
  const { hosting, live } = played;
  const world: World = await openWorld(deps, base, loaded, played);
  const { server, consoles, edge } = openEdges(deps, base, loaded, played, world);
  await warnOfUnregisteredDebugUsers(settings.debugUsers, store.accounts, log);
  // The port first: a world that nobody can reach must not tick.
  await listen(server, settings);
  const databasePool = store.kind === 'postgres' ? settings.databasePoolMax : 0;
  limitSockets(server, socketRoom(openFiles, { zoneWorkers: settings.zoneWorkers, databasePool }), { telemetry, log });
  opened.push(() => closeServer(server));
  await world.start();
  const stopExpiring = expireSessions(accounts, clock, log);
  const stopWatching = loaded.watched ? watchGame(loaded.watched, live, log) : async () => {};

  return {
    url: urlOf(server, settings.host),
    async stop() {
      edge.stopAccepting();
      await stopWatching();
      stopExpiring();
      server.close();
      await world.stop();
      consoles.close();
      await edge.close();
      await closeServer(server);
      await hosting.stop();
      await hasher.close();
      await store.close();
      telemetry.stop();
    },
  };
}

// ─── the game, before anything runs ───

interface LoadedGame {
  readonly module: GameModule;
  readonly source: string;
  /** Its files; null: they are not watched. */
  readonly watched: GameSource | null;
}

async function load(deps: ComposeDeps, opened: Opened): Promise<LoadedGame> {
  const { settings, cwd, gamesDir } = deps;
  const watched = await watchedSource(deps);
  if (watched) opened.push(() => watched.clean());
  const source = watched ? await blamingGame(settings.game, 'compiling it', () => watched.build()) : settings.game;
  const module = deps.game ? checkGame(deps.game, source) : await loadGame(source, { cwd, gamesDir });
  return { module, source, watched };
}

/** The game's files, where they are watched. */
async function watchedSource({ settings, watchedGamesDir, cwd }: ComposeDeps): Promise<GameSource | null> {
  if (watchedGamesDir === null) return null;
  return new GameSource(await findGame(settings.game, { cwd, gamesDir: watchedGamesDir }));
}

// ─── what the rest is built on ───

interface Base {
  readonly clock: SystemClock;
  readonly telemetry: Metrics;
  readonly store: Store;
  readonly hasher: BcryptHasher;
  readonly accounts: PlayerAccounts;
  readonly authenticate: Authenticate;
}

async function openBase({ settings, log }: ComposeDeps, gameName: string, opened: Opened): Promise<Base> {
  const clock = new SystemClock();
  const telemetry = new Metrics(gameName);
  opened.push(() => telemetry.stop());
  const { databaseUrl, databasePoolMax: poolMax, resumeWindowMs } = settings;
  const store = await openStore({ databaseUrl, poolMax, clock, log, telemetry, resumeWindowMs });
  opened.push(() => store.close());
  const hasher = new BcryptHasher();
  opened.push(() => hasher.close());
  const accounts = new PlayerAccounts({ store: store.accounts, hasher, clock, settings, telemetry });
  return { clock, telemetry, store, hasher, accounts, authenticate: (token) => accounts.authenticate(token) };
}

// ─── the game, where its code runs ───

interface PlayedGame {
  readonly hosting: Hosting;
  readonly live: LiveGame<HostedGame>;
  /** Of the version that runs now, as is `declared`. */
  readonly checks: GameChecks;
  declared(): GameModule;
}

async function play(
  { settings, log, strays, cwd, gamesDir, hung }: ComposeDeps,
  { clock, telemetry, store }: Base,
  { module: game, source }: LoadedGame,
  worldOf: () => World,
  opened: Opened,
): Promise<PlayedGame> {
  let declared = game;
  let checks = gameChecks(game);
  const currentChecks: GameChecks = {
    checkIntent: (data) => checks.checkIntent(data),
    checkMessage: (type, message) => checks.checkMessage(type, message),
  };
  const calls = gameCalls((call) => strays.outside(() => call(worldOf().door)), currentChecks);
  strays.listen((zone, error) => {
    telemetry.count('game_strays_total');
    // One that comes with each tick would drown every other line.
    if (zone !== null && worldOf().strayOf(zone, error) > 1) return;
    log.warn({ zone, err: error }, 'game code left something behind that failed: a promise or a timer');
  });
  const hosted = async (module: GameModule, from: string): Promise<HostedGame> => ({
    ...{ module, source: from },
    routes: await blamingGame(settings.game, 'routes', () => mountable(collectGameRoutes(module.routes?.bind(module), calls))),
  });
  const first = await hosted(game, source);
  const hosting = hostGame({
    settings,
    game: first,
    calls,
    secret: store.world.secret,
    cwd,
    gamesDir,
    clock,
    log,
    strays,
    onHostLost: (zone, error) => worldOf().hostLost(zone, error),
    onHang: hung,
  });
  opened.push(() => hosting.stop());
  const live = new LiveGame<HostedGame>(first, {
    load: async (from) => hosted(await loadGame(from, { cwd, gamesDir }), from),
    run: async (next, runs) => {
      await hosting.switchTo(next, runs);
      checks = gameChecks(next.module);
      declared = next.module;
    },
    trialMs: Math.max(TRIAL_TICKS * settings.tickIntervalMs, SHORTEST_TRIAL_MS),
    clock,
    log,
  });
  return { hosting, live, checks: currentChecks, declared: () => declared };
}

// ─── the world ───

/** With what the game's `init` makes of it. It does not tick yet. */
async function openWorld(
  { settings, log, fatal }: ComposeDeps,
  { clock, telemetry, store, authenticate }: Base,
  { module: game }: LoadedGame,
  { hosting, live }: PlayedGame,
): Promise<World> {
  const { zones, catalog, places } = store;
  const unfolded = await unfoldedZones({ ...store, clock, log });
  const setup = { zones, catalog, unfolded, clock, maxZoneBytes: settings.maxZoneBytes };
  await blamingGame(settings.game, 'init', () => initGame(game, setup));
  await hosting.ready();
  const world = buildWorld(
    {
      settings,
      zones,
      links: game.border === undefined ? [] : await catalog.links(),
      catalog,
      unfolded,
      places,
      worldStore: store.world,
      storeHealthy: () => store.healthy(),
      simulation: hosting.simulation,
      clock,
      telemetry,
      log,
      authenticate,
      sessionLives: (session) => store.accounts.sessionLives(session, clock.epochMs()),
      gameFailed: (zone, error) => live.failed(zone, error),
      fatal,
    },
    await catalog.list(),
  );
  gauges(telemetry, world, store);
  return world;
}

function gauges(telemetry: Metrics, world: World, store: Store): void {
  telemetry.gauge('live_zones', 'Zones that are ticked', () => world.status().live_zones);
  telemetry.gauge('connections', 'Open sockets', () => world.status().connections);
  telemetry.gauge('intents_waiting', 'Intents that wait for a tick', () => world.status().queues.intents);
  telemetry.gauge('commits_waiting', 'Commits that wait for the store', () => world.status().queues.commits + store.queued());
  telemetry.gauge('tick_number', 'The last tick sent', () => world.status().tick.tick_number);
}

// ─── the edges ───

interface Edges {
  readonly server: Server;
  readonly consoles: ConsoleEdge;
  readonly edge: WebSocketEdge;
}

/** They do not listen yet. */
function openEdges(
  { settings, log, version, pagesDir }: ComposeDeps,
  { clock, telemetry, store, accounts, authenticate }: Base,
  { module: game, watched }: LoadedGame,
  { hosting, live, checks, declared }: PlayedGame,
  world: World,
): Edges {
  const server = createHttpServer(
    buildHttpApp({
      accounts,
      addressLimit: new AddressLimit(settings.authPerMinute, telemetry),
      world,
      gameRoutes: () => hosting.routes(),
      metricsText: async () => ({ contentType: telemetry.contentType, body: await telemetry.text() }),
      log,
      clock,
      settings: { ...settings, gameRouteBudgetMs: settings.zoneTickBudgetMs, database: store.kind },
      version,
      declared,
      history: store.history,
      game: { source: settings.game, hasBorder: game.border !== undefined },
      killServer: () => process.kill(process.pid, 'SIGKILL'),
      pagesDir,
    }),
  );
  const facts = { loopDelay: telemetry.loopDelay(), game: () => (watched ? live.view() : null) };
  const consoles = new ConsoleEdge({ world, authenticate, facts, clock, log, helloTimeoutMs: settings.helloTimeoutMs });
  const others = new Map([[CONSOLE_PATH, consoles.upgrade.bind(consoles)]]);
  const sockets = { host: world.sockets, authenticate, game: checks, others };
  const edge = new WebSocketEdge({ ...sockets, settings, clock, telemetry, log });
  edge.attach(server);
  return { server, consoles, edge };
}
