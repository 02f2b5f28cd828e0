/**
 * The accounts of a world in memory, for tests of what stands on an `AccountStore`: with its rows to look at, a database that
 * can be away, and a moment between the check of a password and the login that follows.
 */
import { StoreUnavailableError } from '../../actors/errors.js';
import { MemoryAccounts as AccountsInMemory } from '../../src/store/memory/accounts.js';
import { MemoryBackend } from '../../src/store/memory/backend.js';
import type { UndoLog } from '../../src/store/memory/undo.js';
import { MemoryWorld } from '../../src/store/memory/world.js';

const OWNED = { epoch: 1, reservedTicks: 0, aliveAtMs: 0, secret: 'secret' };

export class MemoryAccounts extends AccountsInMemory {
  /** What happens before each login is written. */
  beforeLogIn: (() => Promise<unknown>) | null = null;
  readonly #backend: DistantBackend;
  readonly #rows: MemoryWorld;

  constructor() {
    const rows = new MemoryWorld();
    rows.world = OWNED;
    const backend = new DistantBackend(rows, OWNED.epoch);
    super(backend, rows);
    this.#backend = backend;
    this.#rows = rows;
  }

  get accounts(): MemoryWorld['accounts'] {
    return this.#rows.accounts;
  }

  get sessions(): MemoryWorld['sessions'] {
    return this.#rows.sessions;
  }

  /** Each call rejects as it does while the database is away. */
  set failing(away: boolean) {
    this.#backend.away = away;
  }

  override async logIn(...login: Parameters<AccountsInMemory['logIn']>): Promise<boolean> {
    await this.beforeLogIn?.();
    return super.logIn(...login);
  }
}

class DistantBackend extends MemoryBackend {
  away = false;

  override look<T>(job: () => T): Promise<T> {
    return this.away ? unreachable() : super.look(job);
  }

  override change<T>(job: (undo: UndoLog) => T): Promise<T> {
    return this.away ? unreachable() : super.change(job);
  }
}

function unreachable(): Promise<never> {
  return Promise.reject(new StoreUnavailableError('the database is away'));
}
