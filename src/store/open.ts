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
export function openStore({
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
  if (/^postgres(ql)?:\/\//.test(databaseUrl)) return openPostgres(databaseUrl, poolMax, options);
  const [, location] = /^sqlite:(?:\/\/)?(.+)$/.exec(databaseUrl) ?? [];
  if (location) return openSqlite(location, options);
  return Promise.reject(
    new StoreOpenError(78, 'DATABASE_URL takes sqlite:PATH, sqlite::memory: or postgres://USER:PASSWORD@HOST:PORT/DB'),
  );
}
