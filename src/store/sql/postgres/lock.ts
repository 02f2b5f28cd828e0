/**
 * The owner's lock on Postgres: an advisory lock of a session, on a connection of its own.
 * When that connection breaks, the lock is gone, and the world is not: what fences an earlier owner off is the
 * epoch in every write. So the lock is taken again when it can be; if another server was quicker, its start has
 * raised the epoch, and the next write or heartbeat says so.
 */
import pg from 'pg';
import { StoreOpenError } from '../../errors.js';
import { connectionConfig, PostgresSession, postgresError } from './engine.js';

/**
 * A machine that is switched off says nobody goodbye: by default Postgres would keep its lock for two hours. Like this it
 * asks a silent peer after ten seconds, and gives it up after fifteen more.
 */
const ASK_SILENT_PEERS = `SELECT set_config('tcp_keepalives_idle', '10', false),
  set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '3', false)`;

/** One lock for each schema of a database; the first number says that it is ours. */
const TAKE = "SELECT pg_try_advisory_lock(hashtext('gridstead'), hashtext(current_schema())) AS taken";

export class PostgresLock {
  #client: pg.Client | null = null;

  constructor(
    private readonly url: string,
    private readonly name: string,
  ) {}

  /** Rejects with `StoreOpenError`: another server has it; or with `SqlError`. */
  async take(): Promise<void> {
    const client = new pg.Client(connectionConfig(this.url));
    client.on('error', () => this.#forget(client));
    client.on('end', () => this.#forget(client));
    try {
      await client.connect().catch((error: unknown) => {
        throw postgresError(error);
      });
      const session = new PostgresSession(client);
      await session.all(ASK_SILENT_PEERS);
      const rows = await session.all(TAKE);
      if (rows[0]?.taken !== true) throw new StoreOpenError(75, `another server owns the database ${this.name}`);
      this.#client = client;
    } catch (error) {
      await end(client);
      throw error;
    }
  }

  /** Takes it again if its connection broke. That it cannot be had is no error: the epoch decides who owns the world. */
  async keep(): Promise<void> {
    if (!this.#client) await this.take().catch(() => {});
  }

  async release(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    if (client) await end(client);
  }

  #forget(client: pg.Client): void {
    if (this.#client === client) this.#client = null;
  }
}

async function end(client: pg.Client): Promise<void> {
  await client.end().catch(() => {});
}
