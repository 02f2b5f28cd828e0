/**
 * From an engine to a store: migrate, take the world over, build the parts. The owner's lock is held, and the
 * database has been looked at; from here on it is written.
 */
import type { Clock } from '../../../actors/ports.js';
import type { Log, Telemetry } from '../../../actors/telemetry.js';
import { Catalog } from '../catalog.js';
import { History } from '../history.js';
import { Places } from '../places.js';
import type { Store } from '../store.js';
import { beginWorld, World } from '../world.js';
import { Zones } from '../zones.js';
import { SqlAccounts } from './accounts.js';
import { SqlBackend } from './backend.js';
import type { Engine } from './engine.js';
import { type Migration, migrate } from './migrate.js';
import type { Models } from './models.js';
import { SqlStartTables } from './start-tables.js';

export interface SqlStoreParts {
  readonly engine: Engine;
  readonly models: Models;
  readonly migrations: readonly Migration[];
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly resumeWindowMs: number;
  /** Rejects when the database in use is not the one that was opened, or is not owned as it should be. */
  readonly checkGround: () => Promise<void>;
  /** Lets go of what was held beside the engine: the lock, a private folder. */
  readonly release: () => Promise<void>;
}

export async function startSqlStore(parts: SqlStoreParts): Promise<Store> {
  const { engine, models, clock, log, telemetry } = parts;
  await migrate(engine, parts.migrations, clock.epochMs());
  const owned = await engine.transaction((session) =>
    beginWorld(new SqlStartTables(session), clock.epochMs(), parts.resumeWindowMs),
  );
  const backend = new SqlBackend({ engine, models, epoch: owned.epoch, clock, telemetry });
  const places = new Places(backend);
  return {
    kind: engine.dialect.kind,
    zones: new Zones(backend, log),
    catalog: new Catalog(backend, log),
    places,
    world: new World(backend, owned, parts.checkGround),
    history: new History(backend),
    accounts: new SqlAccounts(backend.access),
    healthy: () => backend.healthy(),
    queued: () => backend.queued(),
    close: once(async () => {
      await places.idle();
      await backend.close();
      await models.sequelize.close();
      await engine.close();
      await parts.release();
    }),
  };
}

/** Closing twice is closing. */
function once(job: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => {
    done ??= job();
    return done;
  };
}
