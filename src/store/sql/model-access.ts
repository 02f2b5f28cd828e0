/**
 * Reads and writes through Sequelize's models, under the same rules as everything else: a turn in the
 * queue, a transaction that proves ownership first, and the store's own errors instead of Sequelize's.
 */
import { BaseError, ConnectionError, DatabaseError, QueryTypes, type Transaction, UniqueConstraintError } from 'sequelize';
import type { SqlBackend } from './backend.js';
import { type Engine, SqlError } from './engine.js';
import type { Models } from './models.js';

export class ModelAccess {
  constructor(
    private readonly backend: SqlBackend,
    private readonly engine: Engine,
    private readonly epoch: number,
    readonly models: Models,
  ) {}

  read<T>(job: () => Promise<T>): Promise<T> {
    return this.backend.answered(() => this.#translated(job));
  }

  /** Durable when it resolves. */
  write<T>(job: (transaction: Transaction) => Promise<T>): Promise<T> {
    const { sequelize } = this.models;
    return this.backend.guarded(() =>
      this.#translated(() =>
        sequelize.transaction(async (transaction) => {
          await this.#proveOwnership(transaction);
          return job(transaction);
        }),
      ),
    );
  }

  /** A write that may meet a name that is taken: then false, and nothing is written. */
  async insert(job: (transaction: Transaction) => Promise<unknown>): Promise<boolean> {
    try {
      await this.write(job);
      return true;
    } catch (error) {
      if (error instanceof UniqueConstraintError) return false;
      throw error;
    }
  }

  /** A statement that no model has. */
  async run(transaction: Transaction, sql: string, ...bind: readonly unknown[]): Promise<void> {
    await this.models.sequelize.query(sql, { bind: [...bind], transaction, type: QueryTypes.RAW });
  }

  async #proveOwnership(transaction: Transaction): Promise<void> {
    const { takeWriteLock } = this.engine.dialect;
    if (takeWriteLock) await this.run(transaction, takeWriteLock);
    const sql = `SELECT epoch FROM world WHERE epoch = $1 ${this.engine.dialect.hold.share}`;
    const rows = await this.models.sequelize.query(sql, { bind: [this.epoch], transaction, type: QueryTypes.SELECT });
    this.backend.ownershipLostUnless(rows.length > 0);
  }

  async #translated<T>(job: () => Promise<T>): Promise<T> {
    try {
      return await job();
    } catch (error) {
      if (error instanceof UniqueConstraintError) throw error;
      if (error instanceof DatabaseError || error instanceof ConnectionError) throw this.engine.errorOf(error.original);
      // Its pool gave up waiting, or the like: there is no error of the database in it.
      if (error instanceof BaseError) throw new SqlError('away', error.name, error.message);
      throw error;
    }
  }
}
