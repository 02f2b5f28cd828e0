/**
 * Brings a database to this version, forward only, and keeps away from one that a newer version has made.
 * All pending migrations are one transaction together with their record, so a start that is killed half way
 * leaves nothing of them. The caller holds the owner's lock: two starts cannot be here at once.
 */
import type { UmzugStorage } from 'umzug';
import { StoreOpenError } from '../errors.js';
import { textOf, timeText } from './decode.js';
import type { Dialect } from './dialect.js';
import type { Engine, SqlSession } from './engine.js';

export interface Migration {
  /** Recorded in the database: four digits and a word, rising. */
  readonly name: string;
  up(session: SqlSession, dialect: Dialect): Promise<void>;
}

const TABLE = 'gridstead_migrations';

export async function migrate(engine: Engine, migrations: readonly Migration[], nowMs: number): Promise<void> {
  const { dialect } = engine;
  await engine.transaction(async (session) => {
    if (dialect.beforeMigrations) await session.run(dialect.beforeMigrations);
    await session.run(`CREATE TABLE IF NOT EXISTS ${TABLE} (name TEXT PRIMARY KEY, run_at ${dialect.types.time} NOT NULL)`);
    const storage = new MigrationTable(session, nowMs);
    const done = new Set(await storage.executed());
    if (migrations.every(({ name }) => done.has(name))) return;
    // Only here: umzug brings a command line with it that takes longer to read than most starts have to spare.
    const { Umzug } = await import('umzug');
    const steps = migrations.map(({ name, up }) => ({ name, up: () => up(session, dialect) }));
    await new Umzug({ migrations: steps, storage, logger: undefined }).up();
  });
}

/** Rejects with `StoreOpenError` when the database knows migrations that this version does not. Only reads. */
export async function refuseNewer(
  session: SqlSession,
  dialect: Dialect,
  migrations: readonly Migration[],
  databaseName: string,
): Promise<void> {
  if (!(await recordsMigrations(session, dialect))) return;
  const known = new Set(migrations.map(({ name }) => name));
  const recorded = await session.all(`SELECT name FROM ${TABLE} ORDER BY name`);
  const unknown = recorded.map((row) => textOf(row, 'name')).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new StoreOpenError(
    78,
    `the database ${databaseName} was made by a newer version (${unknown.join(', ')}): nothing was changed`,
  );
}

/** Has it been brought to exactly this version? Only reads. */
export async function isThisVersion(session: SqlSession, dialect: Dialect, migrations: readonly Migration[]): Promise<boolean> {
  if (!(await recordsMigrations(session, dialect))) return false;
  const recorded = (await session.all(`SELECT name FROM ${TABLE}`)).map((row) => textOf(row, 'name'));
  return recorded.length === migrations.length && migrations.every(({ name }) => recorded.includes(name));
}

/** Has any version of this program been here? */
export async function recordsMigrations(session: SqlSession, dialect: Dialect): Promise<boolean> {
  return (await session.all(dialect.tableExists(TABLE))).length > 0;
}

/** umzug's record, inside the transaction of the migrations that it records. */
class MigrationTable implements UmzugStorage {
  constructor(
    private readonly session: SqlSession,
    private readonly nowMs: number,
  ) {}

  async executed(): Promise<string[]> {
    return (await this.session.all(`SELECT name FROM ${TABLE} ORDER BY name`)).map((row) => textOf(row, 'name'));
  }

  async logMigration({ name }: { name: string }): Promise<void> {
    await this.session.run(`INSERT INTO ${TABLE} (name, run_at) VALUES ($1, $2)`, name, timeText(this.nowMs));
  }

  async unlogMigration(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
