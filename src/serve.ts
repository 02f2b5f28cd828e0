/**
 * A server inside a program: what `main.ts` is to the command. It reads no environment, listens to no signal and
 * ends no process of its own accord.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSettings, refuseUnknown, SettingsError } from '../config/load.js';
import type { GameModule } from '../games/contract.js';
import { openLog } from './observe/log.js';
import type { RunningServer } from './running-server.js';
import { Strays } from './simulation/strays.js';
import { readDriver } from './store/sql/sqlite/driver.js';
import { versionOf } from './version.js';

export interface ServeOptions {
  /**
   * A module's path or URL, which each worker thread imports, or a game's name; or the game itself. Functions cannot be handed to
   * a thread, so that one runs on the main thread, where nothing stops a rule that never returns.
   */
  readonly game: string | URL | GameModule;
  /**
   * By their names in the environment: `{ PORT: 0, DATABASE_URL: 'sqlite::memory:' }`. What is missing is as by default; a
   * name that no setting has is refused, unless the process has it in its environment with that very value.
   */
  readonly settings?: Readonly<Record<string, string | number | undefined>>;
  /** What relative paths start from, and where a `.env` is read; the working directory unless said otherwise. */
  readonly cwd?: string;
  /** The server cannot go on: another one owns the world, say. Unless given, the error is thrown where nobody catches it. */
  onFatal?(error: unknown): void;
}

/** The folder with src/, games/ and web/ in it: a package is always built. */
const ROOT = join(import.meta.dirname, '..');

/**
 * A server that listens. Rejects with `SettingsError`, `GameLoadError` or `StoreOpenError` where the start is
 * refused, each with one line for whoever started it. Until it has stopped, errors that a game leaves behind are logged.
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  requireGame(options);
  const { cwd = process.cwd(), onFatal = throwLate } = options;
  const settings = loadSettings(variablesOf(options), cwd);
  const strays = new Strays();
  const heed = (error: unknown) => {
    if (!strays.take(error)) throw error;
  };
  process.on('uncaughtException', heed).on('unhandledRejection', heed);
  const release = () => process.off('uncaughtException', heed).off('unhandledRejection', heed);
  try {
    // Only now: where sqlite3 has no binary, an import of this package is not to fail.
    await readDriver();
    const { startServer } = await import('./compose.js');
    const running = await startServer({
      settings,
      game: typeof options.game === 'object' && !(options.game instanceof URL) ? options.game : null,
      log: await openLog(settings.logLevel, process.stderr.isTTY),
      strays,
      version: versionOf(ROOT),
      cwd,
      gamesDir: join(ROOT, 'games'),
      watchedGamesDir: null,
      pagesDir: join(ROOT, 'web'),
      fatal: onFatal,
      hung: (zone) => onFatal(new Error(`the game hung in zone ${zone}: nothing can stop it on the main thread`)),
    });
    return { url: running.url, stop: () => running.stop().finally(release) };
  } catch (error) {
    release();
    throw error;
  }
}

/** Whoever writes plain JavaScript has no compiler that asks for it. */
function requireGame(options: unknown): void {
  const game = typeof options === 'object' && options !== null && 'game' in options ? options.game : undefined;
  if (typeof game === 'string' || (typeof game === 'object' && game !== null)) return;
  const got = game === undefined ? 'missing' : game === null ? 'null' : `a ${typeof game}`;
  throw new SettingsError('GAME', `serve: game is ${got}; it takes a module's path or URL, a game's name, or the game itself`);
}

function variablesOf({ game, settings = {} }: ServeOptions): Record<string, string | undefined> {
  refuseUnknown(settings);
  const texts = Object.entries(settings).map(([name, value]) => [name, value === undefined ? undefined : String(value)]);
  const variables: Record<string, string | undefined> = Object.fromEntries(texts);
  if (typeof game === 'string') return { ...variables, GAME: game };
  if (game instanceof URL) return { ...variables, GAME: fileURLToPath(game) };
  const workers = variables.ZONE_WORKERS ?? '0';
  if (workers !== '0') {
    throw new SettingsError('ZONE_WORKERS', `ZONE_WORKERS is "${workers}"; with a game that is given as a value it takes 0`);
  }
  return { ...variables, GAME: game.name, ZONE_WORKERS: '0' };
}

function throwLate(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
