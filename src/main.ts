/**
 * The process: arguments, settings, signals and exit statuses. What a server is made of is `compose.ts`.
 * Exit statuses: 0 stopped cleanly, 1 stopped by force or failed, 70 a game hung, 75 another server
 * owns the database, 78 a setting (or the database it names) is bad, or sqlite3 has no binary.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { OwnershipLostError } from '../actors/errors.js';
import type { Log } from '../actors/telemetry.js';
import { helpText, processSettings, SettingsError } from '../config/load.js';
import { GameLoadError } from './games/load.js';
import { tuneHeaps } from './heap.js';
import { SystemClock } from './observe/clock.js';
import { openLog } from './observe/log.js';
import { Strays } from './simulation/strays.js';
import { Stopping } from './stopping.js';
import { StoreOpenError } from './store/errors.js';
import { explainedDriverError } from './store/sql/sqlite/driver.js';
import { versionOf } from './version.js';

/** The folder with src/ and games/ in it: the project's own, or the built one. */
const ROOT = join(import.meta.dirname, '..');
const RUNS_BUILT = import.meta.filename.endsWith('.js');
const OPTIONS_HELP = `npm run serve -- [options]
  --game NAME   which game to run: a folder under games/, or a path; wins over GAME
  --watch       take up the game's files whenever they are saved, and go back to the last good version when one fails
  --help        this
`;
const EXIT = { failed: 1, hung: 70, owned: 75, misconfigured: 78 } as const;

const options = readOptions();
if (options.help) process.stdout.write(`${OPTIONS_HELP}\n${helpText()}`);
else await serve(options);

async function serve({ game, watch }: ServeOptions): Promise<void> {
  const stopping = new Stopping({
    clock: new SystemClock(),
    exit: (error) => (error === null ? process.exit(0) : end(EXIT.failed, lineOf(error))),
  });
  // Before anything is opened: a signal during the start stops it as soon as it has ended.
  process.on('SIGINT', () => stopping.ask());
  process.on('SIGTERM', () => stopping.ask());
  try {
    const settings = { ...processSettings(), ...(game !== undefined && { game }) };
    const log = await openLog(settings.logLevel, process.stderr.isTTY);
    tuneHeaps();
    const strays = new Strays();
    watchForTheUnexpected(log, strays);
    // Only now: reading all of the server takes most of a second, in which a signal would end the process unheard.
    const { startServer } = await import('./compose.js');
    const running = await startServer({
      settings,
      game: null,
      log,
      strays,
      version: versionOf(ROOT),
      cwd: process.cwd(),
      gamesDir: join(ROOT, 'games'),
      watchedGamesDir: watch ? join(ROOT, RUNS_BUILT ? '../games' : 'games') : null,
      pagesDir: join(ROOT, RUNS_BUILT ? 'web' : 'dist/web'),
      fatal: (error) => endFatally(error, log),
      hung: (zone) => end(EXIT.hung, `the game hung in zone ${zone}: nothing can stop it on the main thread`),
    });
    if (stopping.started(() => running.stop())) process.stdout.write(`listening on ${running.url}\n`);
  } catch (thrown) {
    const error = explainedDriverError(thrown);
    end(statusOf(error), isListenError(error) ? `HOST and PORT: ${lineOf(error)}` : lineOf(error));
  }
}

interface ServeOptions {
  readonly help: boolean;
  readonly game: string | undefined;
  readonly watch: boolean;
}

function readOptions(): ServeOptions {
  try {
    const flag = { type: 'boolean', default: false } as const;
    const { values } = parseArgs({ options: { help: flag, watch: flag, game: { type: 'string' } } });
    return { help: values.help, watch: values.watch, game: values.game };
  } catch (error) {
    return end(EXIT.misconfigured, `${lineOf(error)} (--help lists the options)`);
  }
}

/** What nothing supervises has failed: the log says so, and whoever keeps the process alive starts it again. */
function watchForTheUnexpected(log: Log, strays: Strays): void {
  const watch = (error: unknown) => {
    if (!strays.take(error)) endFatally(error, log);
  };
  process.on('uncaughtException', watch);
  process.on('unhandledRejection', watch);
}

function endFatally(error: unknown, log: Log): void {
  log.error({ err: error }, 'the server ends');
  end(error instanceof OwnershipLostError ? EXIT.owned : EXIT.failed, lineOf(error));
}

function end(status: number, line: string): never {
  process.stderr.write(`gridstead: ${line}\n`);
  process.exit(status);
}

function statusOf(error: unknown): number {
  if (error instanceof StoreOpenError) return error.exitStatus;
  const misconfigured = error instanceof SettingsError || error instanceof GameLoadError || isListenError(error);
  return misconfigured ? EXIT.misconfigured : EXIT.failed;
}

/** The port is taken, or the host is none of this machine's. */
function isListenError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && (error.syscall === 'listen' || error.syscall === 'getaddrinfo');
}

function lineOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? text;
}
