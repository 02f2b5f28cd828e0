/**
 * Opens the database that `DATABASE_URL` names. What is behind the address is in `sql/`; for tests there is a
 * model of it in `memory/`.
 */
import type { Clock } from '../../actors/ports.js';
import type { Log, Telemetry } from '../../actors/telemetry.js';
import { StoreOpenError } from './errors.js';
import { openPostgres } from './sql/postgres/open.js';
import { openSqlite } from './sql/sqlite/open.js';
import type { Store } from './store.js';

export { StoreOpenError } from './errors.js';
export type { Store } from './store.js';

export interface StoreOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  /** How long before the last sign of life a player may have dropped, and still be given the whole window anew. */
  readonly resumeWindowMs: number;
}

const DEFAULT_RESUME_WINDOW_MS = 60_000;

/**
 * Takes the database into possession: the owner's lock, migrations, a new epoch, a first block of tick numbers.
 * `databaseUrl`: `sqlite:PATH` (relative to the working directory), `sqlite::memory:`, or `postgres://…`.
 * Rejects with `StoreOpenError`, whose `exitStatus` is the process's.
 */
export async function openStore({
  databaseUrl,
  poolMax,
  resumeWindowMs = DEFAULT_RESUME_WINDOW_MS,
  ...rest
}: Omit<StoreOptions, 'resumeWindowMs'> & {
  readonly databaseUrl: string;
  readonly poolMax: number;
  readonly resumeWindowMs?: number;
}): Promise<Store> {
  const options = { ...rest, resumeWindowMs };
  const where = locate(databaseUrl);
  return where.kind === 'postgres' ? openPostgres(where.url, poolMax, options) : openSqlite(where.location, options);
}

/** Which kind of database an address names, and where it is. Throws `StoreOpenError`. */
export function locate(
  databaseUrl: string,
): { readonly kind: 'postgres'; readonly url: string } | { readonly kind: 'sqlite'; readonly location: string } {
  if (/^postgres(ql)?:\/\//.test(databaseUrl)) return { kind: 'postgres', url: databaseUrl };
  const [, location] = /^sqlite:(?:\/\/)?(.+)$/.exec(databaseUrl) ?? [];
  if (location) return { kind: 'sqlite', location };
  throw new StoreOpenError(78, 'DATABASE_URL takes sqlite:PATH, sqlite::memory: or postgres://USER:PASSWORD@HOST:PORT/DB');
}
