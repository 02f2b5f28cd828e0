/**
 * The composition root: builds every adapter and actor in the order in which they depend on one
 * another, and stops them in the reverse order. No other file constructs an adapter.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UnknownZoneError } from '../actors/errors.js';
import { type PlayerId, parseUuid, type ZoneId } from '../actors/ids.js';
import type { Log } from '../actors/telemetry.js';
import { buildWorld } from '../actors/wiring.js';
import type { World } from '../actors/world.js';
import type { Settings } from '../config/settings.js';
import type { GameModule, JsonObject } from '../games/contract.js';
import { PlayerAccounts } from './auth/accounts.js';
import { warnOfUnregisteredDebugUsers } from './auth/debug-users.js';
import { AddressLimit } from './auth/guess-limits.js';
import { BcryptHasher } from './auth/hashing.js';
import { CONSOLE_PATH, ConsoleEdge } from './console/edge.js';
import { blamingGame, checkGame, findGame, loadGame } from './games/load.js';
import { buildHttpApp } from './http/app.js';
import { mountable } from './http/game-mount.js';
import { collectGameRoutes, type GameCalls } from './http/game-routes.js';
import { createHttpServer } from './http/server.js';
import { limitSockets, openFilesLimit, socketRoom } from './http/socket-room.js';
import { SystemClock } from './observe/clock.js';
import { Metrics } from './observe/metrics.js';
import { GameSource } from './reload/game-source.js';
import { LiveGame } from './reload/live-game.js';
import { watchGame } from './reload/watching.js';
import type { RunningServer } from './running-server.js';
import { initGame, unfoldedZones } from './setup.js';
import { type HostedGame, hostGame } from './simulation/hosting.js';
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

/** Sessions that have expired are deleted this often; they are refused from the moment they have. */
const EXPIRE_EVERY_MS = 600_000;
/** A new version of a watched game is on trial for so many ticks, and at least for so long. */
const TRIAL_TICKS = 10;
const SHORTEST_TRIAL_MS = 1_000;

/** A server that listens. What was opened is closed again when it rejects. */
export async function startServer(deps: ComposeDeps): Promise<RunningServer> {
  const opened: (() => Promise<void> | void)[] = [];
  try {
    return await build(deps, opened);
  } catch (error) {
    for (const close of opened.reverse()) await close();
    throw error;
  }
}

async function build(deps: ComposeDeps, opened: (() => Promise<void> | void)[]): Promise<RunningServer> {
  const { settings, log, strays } = deps;
  // Before anything is open: the report that has the limit also looks at every socket.
  const openFiles = openFilesLimit();
  const clock = new SystemClock();
  const { cwd, gamesDir } = deps;
  const places = { cwd, gamesDir };
  const watched = await watchedSource(deps);
  if (watched) opened.push(() => watched.clean());
  const source = watched ? await blamingGame(settings.game, 'compiling it', () => watched.build()) : settings.game;
  const game = deps.game ? checkGame(deps.game, source) : await loadGame(source, places);
  const telemetry = new Metrics(game.name);
  opened.push(() => telemetry.stop());
  const { databaseUrl, databasePoolMax: poolMax } = settings;
  const { resumeWindowMs } = settings;
  const store = await openStore({ databaseUrl, poolMax, clock, log, telemetry, resumeWindowMs });
  opened.push(() => store.close());
  const hasher = new BcryptHasher();
  opened.push(() => hasher.close());
  const accounts = new PlayerAccounts({ store: store.accounts, hasher, clock, settings, telemetry });
  const authenticate = (token: string) => accounts.authenticate(token);

  let declared: GameModule = game;
  let checks = gameChecks(game);
  const currentChecks: GameChecks = {
    checkIntent: (data) => checks.checkIntent(data),
    checkMessage: (type, message) => checks.checkMessage(type, message),
  };
  // The world that answers a route's questions comes later than the threads that may ask.
  const calls: GameCalls = gameCalls((call) => strays.outside(() => call(world)), currentChecks);
  strays.listen((zone, error) => {
    telemetry.count('game_strays_total');
    // One that comes with each tick would drown every other line.
    if (zone !== null && world.strayOf(zone, error) > 1) return;
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
    onHostLost: (zone, error) => world.hostLost(zone, error),
    onHang: deps.hung,
  });
  opened.push(() => hosting.stop());
  const unfolded = await unfoldedZones({ ...store, clock, log });
  const setup = { zones: store.zones, catalog: store.catalog, unfolded, clock, maxZoneBytes: settings.maxZoneBytes };
  await blamingGame(settings.game, 'init', () => initGame(game, setup));
  await hosting.ready();
  const live = new LiveGame<HostedGame>(first, {
    load: async (from) => hosted(await loadGame(from, places), from),
    run: async (next) => {
      await hosting.switchTo(next);
      checks = gameChecks(next.module);
      declared = next.module;
    },
    trialMs: Math.max(TRIAL_TICKS * settings.tickIntervalMs, SHORTEST_TRIAL_MS),
    clock,
    log,
  });

  const world = buildWorld(
    {
      settings,
      zones: store.zones,
      links: game.border === undefined ? [] : await store.catalog.links(),
      catalog: store.catalog,
      unfolded,
      places: store.places,
      worldStore: store.world,
      storeHealthy: () => store.healthy(),
      simulation: hosting.simulation,
      clock,
      telemetry,
      log,
      authenticate,
      sessionLives: (session) => store.accounts.sessionLives(session, clock.epochMs()),
      gameFailed: (zone, error) => live.failed(zone, error),
      fatal: deps.fatal,
    },
    await store.catalog.list(),
  );
  gauges(telemetry, world, store);

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
      version: deps.version,
      declared: () => declared,
      history: store.history,
      game: { source: settings.game, hasBorder: game.border !== undefined },
      killServer: () => process.kill(process.pid, 'SIGKILL'),
      pagesDir: deps.pagesDir,
    }),
  );
  const facts = { loopDelay: telemetry.loopDelay(), game: () => (watched ? live.view() : null) };
  const consoles = new ConsoleEdge({ world, authenticate, facts, clock, log, helloTimeoutMs: settings.helloTimeoutMs });
  const others = new Map([[CONSOLE_PATH, consoles.upgrade.bind(consoles)]]);
  const sockets = { host: world.sockets, authenticate, game: currentChecks, others };
  const edge = new WebSocketEdge({ ...sockets, settings, clock, telemetry, log });
  edge.attach(server);
  await warnOfUnregisteredDebugUsers(settings.debugUsers, store.accounts, log);
  // The port first: a world that nobody can reach must not tick.
  await listen(server, settings);
  const databasePool = store.kind === 'postgres' ? poolMax : 0;
  limitSockets(server, socketRoom(openFiles, { zoneWorkers: settings.zoneWorkers, databasePool }), { telemetry, log });
  opened.push(() => closeServer(server));
  await world.start();
  const stopExpiring = expireSessions(accounts, clock, log);
  const stopWatching = watched ? watchGame(watched, live, log) : async () => {};

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

/** The game's files, where they are watched. */
async function watchedSource({ settings, watchedGamesDir, cwd }: ComposeDeps): Promise<GameSource | null> {
  if (watchedGamesDir === null) return null;
  return new GameSource(await findGame(settings.game, { cwd, gamesDir: watchedGamesDir }));
}

function gauges(telemetry: Metrics, world: World, store: Store): void {
  telemetry.gauge('live_zones', 'Zones that are ticked', () => world.status().live_zones);
  telemetry.gauge('connections', 'Open sockets', () => world.status().connections);
  telemetry.gauge('intents_waiting', 'Intents that wait for a tick', () => world.status().queues.intents);
  telemetry.gauge('commits_waiting', 'Commits that wait for the store', () => world.status().queues.commits + store.queued());
  telemetry.gauge('tick_number', 'The last tick sent', () => world.status().tick.tick_number);
}

/** `ask`: of the world, where what follows is not the game's any more. */
function gameCalls(ask: <Answer>(call: (world: World) => Answer) => Answer, checks: GameChecks): GameCalls {
  const zoneOf = (zoneId: string) => parseUuid<ZoneId>(zoneId);
  // Ids of players come from the session that the route was called with.
  const asPlayer = (player: { id: string; username: string }) => ({ id: player.id as PlayerId, username: player.username });
  return {
    async view(zoneId: string, player: { id: string; username: string }): Promise<object> {
      const zone = zoneOf(zoneId);
      const view = zone && (await ask((world) => world.door.view(zone, asPlayer(player))));
      if (!view) throw new UnknownZoneError(`there is no zone ${zoneId}`);
      return view;
    },
    async intent(zoneId: string, player: { id: string; username: string }, data: object): Promise<'applied' | 'dropped'> {
      const zone = zoneOf(zoneId);
      const plain: JsonObject = JSON.parse(JSON.stringify(data));
      const checked = checks.checkIntent(plain);
      if (!checked.ok) throw new Error(`the intent of a route is not one of this game: ${checked.message}`);
      return zone ? ask((world) => world.door.intent(zone, asPlayer(player), plain)) : 'dropped';
    },
  };
}

function expireSessions(accounts: PlayerAccounts, clock: SystemClock, log: Log): () => void {
  let cancel = () => {};
  const arm = () => {
    cancel = clock.after(EXPIRE_EVERY_MS, () => {
      accounts.dropExpiredSessions().catch((error: unknown) => log.warn({ err: error }, 'expired sessions were not deleted'));
      arm();
    });
  };
  arm();
  return () => cancel();
}

function listen(server: Server, { host, port }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function urlOf(server: Server, host: string): string {
  // A server that listens on TCP has this kind of address.
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
