/**
 * How each server is started: script, flags, environment. All get the same flags of V8, and Gridstead runs as
 * `npm run serve` runs it, with a database in a file of its own. What a server does is in the files beside this one.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Form, ServerName } from '../contestants.js';
import { OPERATOR } from '../generator/voices/gridstead.js';
import { BENCH_ROOT, COMPILED, hasScript, PROJECT_ROOT } from '../project.js';
import { peerArguments } from './arguments.js';

export interface Launch {
  /** Arguments of node. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface LaunchOptions {
  readonly form: Form;
  readonly zones: number;
  readonly tickIntervalMs: number;
  /** A folder that Gridstead's database may be put into; removed by whoever made it. */
  readonly folder: string;
  /** For Gridstead, over the benchmark's own. */
  readonly settings: Readonly<Record<string, string>>;
  /** Garbage can be collected on request: for memory figures, not for times. */
  readonly exposeGc: boolean;
}

/** V8's young generation, for every server: it is worth a thousand players. */
export const NODE_FLAGS: readonly string[] = ['--max-semi-space-size=64'];

/** Finds packages as the project's own code finds them. */
const FROM_PROJECT = createRequire(join(PROJECT_ROOT, 'package.json'));
const LEASH = pathToFileURL(join(COMPILED, 'src/processes/leash.js')).href;

export function launchOf(server: ServerName, options: LaunchOptions): Launch {
  const flags = [...NODE_FLAGS, ...(options.exposeGc ? ['--expose-gc'] : []), '--import', LEASH];
  if (server === 'gridstead') return launchGridstead(flags, options);
  const script = join(COMPILED, 'src/servers', `${PEERS[server]}.js`);
  return { args: [...flags, script, ...peerArguments(options)], env: { NODE_ENV: 'production' }, cwd: BENCH_ROOT };
}

const PEERS = { limit: 'limit', colyseus: 'colyseus', 'socket.io': 'socketio' } as const;

/** What Gridstead is started from, under the project's folder: built output where there is a build (`project.ts` has just run it). */
export function gridsteadEntry(): string {
  const built = hasScript('build') ? BUILT_ENTRIES.find((file) => existsSync(join(PROJECT_ROOT, file))) : undefined;
  return built ?? 'src/main.ts';
}
const BUILT_ENTRIES = ['dist/src/main.js', 'dist/main.js'];

/** What the benchmark sets, besides port, database and game. Everything else is as it comes. */
export const GRIDSTEAD_SETTINGS: Readonly<Record<string, string>> = {
  // Thousands of accounts are made before each run; none of this is used while it is measured.
  AUTH_PER_MINUTE: '0',
  BCRYPT_COST: '4',
  DEBUG_USER: OPERATOR,
  LOG_LEVEL: 'warn',
  // Said because the default counts the cores that the process may use, and it is pinned to one.
  ZONE_WORKERS: '1',
};

/** Runs in a folder of its own, where no `.env` of somebody's can change what is measured. */
function launchGridstead(flags: readonly string[], { form, tickIntervalMs, folder, settings }: LaunchOptions): Launch {
  const entry = gridsteadEntry();
  const loader = entry.endsWith('.ts') ? ['--import', pathToFileURL(FROM_PROJECT.resolve('tsx')).href] : [];
  return {
    args: [...flags, ...loader, join(PROJECT_ROOT, entry)],
    env: {
      ...GRIDSTEAD_SETTINGS,
      HOST: '127.0.0.1',
      PORT: '0',
      GAME: join(COMPILED, 'games/arena', form === 'fog' ? 'fog.js' : 'index.js'),
      TICK_INTERVAL_MS: String(tickIntervalMs),
      DATABASE_URL: `sqlite:${join(folder, 'world.db')}`,
      TSX_TSCONFIG_PATH: join(PROJECT_ROOT, 'tsconfig.json'),
      ...settings,
    },
    cwd: folder,
  };
}
