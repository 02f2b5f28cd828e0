/**
 * Finds the game that a server is to run, imports it, and sees that it is one.
 * Everything wrong with it is said in one line for whoever starts the server. What its functions do is never
 * tried here. `.ts` needs no build: a loader that reads it is set up for the thread that loads such a game.
 */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { OwnershipLostError, StoreUnavailableError, WorldError } from '../../actors/errors.js';
import { RESERVED_MESSAGE_TYPES } from '../../actors/protocol.js';
import type { GameModule } from '../../games/contract.js';
import { placeOf, syntaxPlaceIn } from './whereabouts.js';

export interface GamePlaces {
  /** What a relative path starts from. */
  readonly cwd: string;
  /** The folder whose folders are games by name. */
  readonly gamesDir: string;
}

/** The server cannot start with this game. The message is one line, for the operator, and names the setting. */
export class GameLoadError extends WorldError {
  readonly code = 'GAME_LOAD_FAILED';
  constructor(nameOrPath: string, problem: string, options?: ErrorOptions) {
    super(`GAME is ${JSON.stringify(nameOrPath)}: ${problem}`, options);
  }
}

/** The game of this name under `gamesDir`, or at this path. Rejects with `GameLoadError`. */
export async function loadGame(nameOrPath: string, places: GamePlaces): Promise<GameModule> {
  const file = await findGame(nameOrPath, places);
  return checkGame(await importDefault(file, nameOrPath), nameOrPath);
}

/** Runs a part of the game that makes the start fail when it throws: `what` names it. Trouble with the database is not the game's. */
export async function blamingGame<Answer>(nameOrPath: string, what: string, run: () => Answer): Promise<Awaited<Answer>> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof StoreUnavailableError || error instanceof OwnershipLostError) throw error;
    throw new GameLoadError(nameOrPath, `${what} failed: ${lineOf(error)}${at(placeOf(error))}`, { cause: error });
  }
}

const ENTRY_FILES = ['index.ts', 'index.js', 'index.mjs'];
const FUNCTIONS = ['init', 'getPlayerState', 'routes', 'place', 'admit'];
/** `games/contract.ts` lies beside the games and is none. */
const NO_GAME = 'contract';

/** The file to import for the game of this name, or at this path. Rejects with `GameLoadError`. */
export async function findGame(nameOrPath: string, { cwd, gamesDir }: GamePlaces): Promise<string> {
  if (nameOrPath === '') throw new GameLoadError(nameOrPath, 'no game is named; give a folder under games/, or a path');
  if (nameOrPath === NO_GAME) throw new GameLoadError(nameOrPath, 'that is not a game, but what games are written against');
  const byName = isPath(nameOrPath) ? null : await entryOf(path.join(gamesDir, nameOrPath));
  const file = byName ?? (await entryOf(path.resolve(cwd, nameOrPath)));
  if (file) return file;
  const names = await gamesIn(gamesDir);
  const known = names.length > 0 ? names.join(', ') : 'none';
  throw new GameLoadError(
    nameOrPath,
    `that is neither a folder under games/ with an index.ts, .js or .mjs, nor a path to one (games there: ${known})`,
  );
}

function isPath(nameOrPath: string): boolean {
  return path.isAbsolute(nameOrPath) || /^\.|[/\\]/.test(nameOrPath);
}

/** The file to import for a file or folder; null: there is none. */
async function entryOf(place: string): Promise<string | null> {
  const kind = await kindOf(place);
  if (kind !== 'folder') return kind === 'file' ? place : null;
  for (const name of ENTRY_FILES) {
    const file = path.join(place, name);
    if ((await kindOf(file)) === 'file') return file;
  }
  return null;
}

async function kindOf(place: string): Promise<'file' | 'folder' | null> {
  try {
    const stats = await stat(place);
    return stats.isDirectory() ? 'folder' : 'file';
  } catch {
    return null;
  }
}

async function gamesIn(gamesDir: string): Promise<readonly string[]> {
  const entries = await readdir(gamesDir, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const found = await Promise.all(folders.map(async (name) => ((await entryOf(path.join(gamesDir, name))) ? [name] : [])));
  return found.flat().sort();
}

async function importDefault(file: string, nameOrPath: string): Promise<unknown> {
  try {
    if (file.endsWith('.ts')) await readTypeScript();
    const module: { readonly default?: unknown } = await import(pathToFileURL(file).href);
    return defaultOf(module.default);
  } catch (error) {
    const place = placeOf(error) ?? (error instanceof SyntaxError ? await syntaxPlaceIn(file) : null);
    throw new GameLoadError(nameOrPath, `it cannot be imported: ${lineOf(error)}${at(place)}`, { cause: error });
  }
}

/** A server that runs from source has the loader already, and would go through it twice. */
async function readTypeScript(): Promise<void> {
  if (import.meta.url.endsWith('.ts')) return;
  const [commonJs, modules] = await Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')]);
  // Both: where no package.json says otherwise, a TypeScript file counts as CommonJS.
  commonJs.register();
  modules.register();
}

/** A compiler that writes CommonJS puts the default export into a member, and says so. */
function defaultOf(exported: unknown): unknown {
  return isRecord(exported) && exported.__esModule === true ? exported.default : exported;
}

/** A compiler counts its errors in the first line; which they are, and where, begins in the next. */
function lineOf(error: unknown): string {
  const [first = '', second = ''] = String(error instanceof Error ? error.message : error).split('\n', 2);
  return first.endsWith(':') ? `${first} ${second}`.trimEnd() : first;
}

function at(place: string | null): string {
  return place === null ? '' : ` (${place})`;
}

/** The value as a game. Throws `GameLoadError`. */
export function checkGame(value: unknown, nameOrPath: string): GameModule {
  const problem = problemOf(value);
  if (problem !== null) throw new GameLoadError(nameOrPath, problem);
  return value as GameModule; // each member was looked at
}

/** The first thing about a default export that makes it no game; null: it is one. */
function problemOf(game: unknown): string | null {
  if (game === undefined) return 'it has no default export';
  if (!isRecord(game)) return `its default export is ${nameOf(game)}, not an object`;
  if (typeof game.name !== 'string' || game.name === '') return `name is ${nameOf(game.name)}, not a non-empty text`;
  if (typeof game.onTick !== 'function') return `onTick is ${nameOf(game.onTick)}, not a function`;
  if (isAsync(game.onTick)) return 'onTick is async; it must answer at once';
  if (isAsync(game.getPlayerState)) return 'getPlayerState is async; it must answer at once';
  const wrong = FUNCTIONS.find((name) => game[name] !== undefined && typeof game[name] !== 'function');
  if (wrong) return `${wrong} is ${nameOf(game[wrong])}, not a function`;
  const reserved = Object.keys(game.messages ?? {}).find((type) => RESERVED_MESSAGE_TYPES.has(type));
  if (reserved) return `messages has "${reserved}", a type of the protocol`;
  return problemOfBorder(game.border) ?? problemOfSchemas('intents', game.intents) ?? problemOfSchemas('messages', game.messages);
}

function problemOfBorder(cells: unknown): string | null {
  if (cells === undefined) return null;
  const isRight = typeof cells === 'number' && Number.isInteger(cells) && cells >= 1 && cells <= 1_000_000;
  return isRight ? null : `border is ${typeof cells === 'number' ? cells : nameOf(cells)}, not whole cells from 1 to 1000000`;
}

function problemOfSchemas(member: string, schemas: unknown): string | null {
  if (schemas === undefined) return null;
  if (!isRecord(schemas)) return `${member} is ${nameOf(schemas)}, not an object of schemas by type`;
  const wrong = Object.keys(schemas).find((type) => !isSchema(schemas[type]));
  return wrong === undefined ? null : `${member}.${wrong} is no schema: it has no function validate`;
}

function isSchema(value: unknown): boolean {
  return isRecord(value) && typeof value.validate === 'function';
}

function isAsync(member: unknown): boolean {
  return typeof member === 'function' && member.constructor.name === 'AsyncFunction';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (value === '') return 'empty';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
