/**
 * The database as the rules use it: every write waits its turn, proves that the world is still ours, and ends
 * in one of three ways: done, `StoreUnavailableError` (nothing of it is lost: try the same again), or
 * `OwnershipLostError` (another server raised the world's epoch: never try again).
 */
import { OwnershipLostError, StoreUnavailableError } from '../../../actors/errors.js';
import type { Clock } from '../../../actors/ports.js';
import type { Telemetry } from '../../../actors/telemetry.js';
import { WriteQueue } from '../queue.js';
import type { Backend, JournalEntry, Reads, Tables, ZoneRecords } from '../tables.js';
import { wholeMs } from './decode.js';
import { type Engine, SqlError, type SqlSession } from './engine.js';
import { appendJournal } from './journal.js';
import { ModelAccess } from './model-access.js';
import type { Models } from './models.js';
import { SqlReads } from './reads.js';
import { SqlTables } from './tables.js';
import { SqlZoneRecords } from './zone-records.js';

/** Zones bound the writers of a tick; whatever else writes has no business being so far behind. */
const MAX_WAITING_WRITES = 10_000;
/** Two writers got in each other's way: the database stopped one, and that one goes again. */
const MAX_TRIES = 6;
const FIRST_PAUSE_MS = 5;

export interface SqlBackendOptions {
  readonly engine: Engine;
  readonly models: Models;
  readonly epoch: number;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

export class SqlBackend implements Backend {
  readonly zoneRecords: ZoneRecords;
  readonly access: ModelAccess;
  readonly #queue: WriteQueue;
  readonly #reads: SqlReads;
  #healthy = true;
  #lost = false;

  constructor(private readonly options: SqlBackendOptions) {
    this.#queue = new WriteQueue({ width: options.engine.width, bound: MAX_WAITING_WRITES });
    this.#reads = new SqlReads(options.engine.reader);
    this.access = new ModelAccess(this, options.engine, options.epoch, options.models);
    this.zoneRecords = new SqlZoneRecords(this.access);
  }

  write<T>(job: (tables: Tables) => Promise<T>): Promise<T> {
    const { engine, epoch } = this.options;
    return this.guarded(() =>
      engine.transaction(async (session) => {
        await this.#proveOwnership(session);
        return job(new SqlTables(session, engine.dialect, epoch));
      }),
    );
  }

  read<T>(job: (rows: Reads) => Promise<T>): Promise<T> {
    return this.answered(() => job(this.#reads));
  }

  async append(rows: readonly JournalEntry[]): Promise<number> {
    const { engine, epoch } = this.options;
    try {
      return await this.guarded(() => appendJournal(engine.single, engine.dialect, epoch, rows));
    } catch (error) {
      // One row that the database does not take spoils the statement: nothing is written, and the transaction finds out which.
      if (error instanceof SqlError && error.fault === 'rows') return 0;
      throw error;
    }
  }

  async touchWorld(patch: { readonly aliveAtMs?: number; readonly reservedTicks?: number }): Promise<void> {
    const { engine, epoch } = this.options;
    const sql = `UPDATE world SET alive_at_ms = COALESCE(CAST($1 AS BIGINT), alive_at_ms),
      reserved_ticks = CASE WHEN CAST($2 AS BIGINT) > reserved_ticks THEN CAST($2 AS BIGINT) ELSE reserved_ticks END WHERE epoch = $3`;
    const aliveAtMs = patch.aliveAtMs === undefined ? null : wholeMs(patch.aliveAtMs);
    const changed = await this.guarded(() => engine.single.run(sql, aliveAtMs, patch.reservedTicks ?? null, epoch));
    if (changed === 0) throw this.#ownershipLost();
  }

  healthy(): boolean {
    return this.#healthy && !this.#lost;
  }

  queued(): number {
    return this.#queue.waiting();
  }

  /** Ends what is being written; whatever comes later is refused. */
  close(): Promise<void> {
    return this.#queue.close();
  }

  /** For the models' writes: inside a transaction of theirs, before anything else. */
  ownershipLostUnless(holds: boolean): void {
    if (!holds) throw this.#ownershipLost();
  }

  /** Runs a write in its turn, with the errors of this interface, and again where the database asks for it. */
  async guarded<T>(job: () => Promise<T>): Promise<T> {
    if (this.#lost) throw this.#ownershipLost();
    try {
      const value = await this.#queue.run(() => this.answered(() => this.#again(job)));
      this.#healthy = true;
      return value;
    } catch (error) {
      if (error instanceof StoreUnavailableError) {
        this.#healthy = false;
        this.options.telemetry.count('store_errors_total');
      }
      throw error;
    }
  }

  /** Runs a job with the errors of this interface: what is the database's fault becomes `StoreUnavailableError`. */
  async answered<T>(job: () => Promise<T>): Promise<T> {
    try {
      return await job();
    } catch (error) {
      if (!(error instanceof SqlError) || error.fault === 'rows') throw error;
      throw new StoreUnavailableError(`the database did not do it: ${error.message}`, { cause: error });
    }
  }

  async #again<T>(job: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await job();
      } catch (error) {
        if (!(error instanceof SqlError) || error.fault !== 'again' || tries === MAX_TRIES) throw error;
      }
      // Different for each, or the same two meet again.
      const pauseMs = FIRST_PAUSE_MS * 2 ** tries * Math.random();
      await new Promise<void>((resolve) => this.options.clock.after(pauseMs, resolve));
    }
  }

  async #proveOwnership(session: SqlSession): Promise<void> {
    const { engine, epoch } = this.options;
    const rows = await session.all(`SELECT epoch FROM world WHERE epoch = $1 ${engine.dialect.hold.share}`, epoch);
    this.ownershipLostUnless(rows.length > 0);
  }

  #ownershipLost(): OwnershipLostError {
    this.#lost = true;
    return new OwnershipLostError('another server has taken over the database');
  }
}
