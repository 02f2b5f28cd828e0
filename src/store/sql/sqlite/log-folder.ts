/**
 * Folds the write-ahead log into the database's file, on a connection of its own and just after a commit: the next one is a tick away. A
 * commit that folded it itself would take longer than a tick may.
 */
import type { Clock } from '../../../../actors/ports.js';
import type { SqlRow, SqlSession } from '../engine.js';

/** Every page that changed meanwhile is written once, however often it did; but what a fold writes is read and flushed at once. */
const FOLD_EVERY_MS = 2_000;

/** `synchronous`: the log is on disk before any page of it is in the file, and the file before the log begins anew. */
export const FOLDER_PRAGMAS = 'PRAGMA busy_timeout = 0; PRAGMA synchronous = FULL;';

export class LogFolder {
  #foldedAtMs: number;
  #folding: Promise<void> | null = null;

  constructor(
    private readonly session: Pick<SqlSession, 'all'>,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {
    this.#foldedAtMs = clock.monotonicMs();
  }

  /** Something was committed: folds what there is, if the last time is long enough ago. */
  committed(): void {
    if (this.#folding || this.clock.monotonicMs() - this.#foldedAtMs < FOLD_EVERY_MS) return;
    this.#folding = this.#fold().finally(() => {
      this.#folding = null;
    });
  }

  /** Resolves when nothing is being folded. */
  async settled(): Promise<void> {
    await this.#folding;
  }

  async #fold(): Promise<void> {
    try {
      const [{ log = 0, checkpointed = 0 }] = (await this.session.all('PRAGMA wal_checkpoint(PASSIVE)')) as [SqlRow]; // one row, by SQLite's documentation
      // The log begins anew only when all of it is in the file: what was committed meanwhile is little, and goes with the next commit.
      if (log === checkpointed) this.#foldedAtMs = this.clock.monotonicMs();
    } catch {
      // It is asked again with the next commit. What keeps the file from being written keeps commits too, and those say so.
    }
  }
}
