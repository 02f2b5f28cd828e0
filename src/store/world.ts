/**
 * The world's one row: its epoch, the tick numbers that are reserved, the time it was last known alive, and the
 * secret of its seeds. A start raises the epoch; from then on whatever an earlier server writes is refused.
 */
import { randomBytes } from 'node:crypto';
import type { TickNumber } from '../../actors/ids.js';
import type { WorldStore } from '../../actors/ports.js';
import type { Backend, CoveredRow, StartTables, Tables, WorldRow } from './tables.js';

/** Tick numbers that a start reserves; the scheduler asks for more in time. */
const FIRST_BLOCK = 1_000;
/** Journal rows deleted in one transaction: history is in no hurry, and a tick's commit waits behind each. */
const TRIM_ROWS_AT_ONCE = 500;

/** What a start has made its own. */
export interface OwnedWorld {
  readonly epoch: number;
  readonly firstTick: TickNumber;
  readonly secret: string;
  readonly beganAtMs: number;
}

/** Takes the world over: with the owner's lock held, and before anything is read for use. */
export async function beginWorld(tables: StartTables, nowMs: number, resumeWindowMs: number): Promise<OwnedWorld> {
  const old: WorldRow = (await tables.world()) ?? {
    epoch: 0,
    reservedTicks: 0,
    aliveAtMs: nowMs,
    secret: randomBytes(32).toString('hex'),
  };
  const epoch = old.epoch + 1;
  await tables.putWorld({ ...old, epoch, reservedTicks: old.reservedTicks + FIRST_BLOCK, aliveAtMs: nowMs });
  await tables.endLiveZones(old.aliveAtMs);
  // Time in which no server was up does not count against those who want to come back.
  await tables.dropPlayers(nowMs, old.aliveAtMs - resumeWindowMs);
  return { epoch, firstTick: old.reservedTicks + 1, secret: old.secret, beganAtMs: nowMs };
}

export class World implements WorldStore {
  readonly firstTick: TickNumber;
  readonly secret: string;
  readonly beganAtMs: number;

  constructor(
    private readonly backend: Backend,
    owned: OwnedWorld,
    /** Rejects when the database is not the one that was opened. */
    private readonly checkGround: () => Promise<void>,
  ) {
    this.firstTick = owned.firstTick;
    this.secret = owned.secret;
    this.beganAtMs = owned.beganAtMs;
  }

  reserveTicks(upTo: TickNumber): Promise<void> {
    return this.backend.touchWorld({ reservedTicks: upTo });
  }

  async heartbeat(nowMs: number): Promise<void> {
    await this.checkGround();
    await this.backend.touchWorld({ aliveAtMs: nowMs });
  }

  async trimJournal(nowMs: number, keepMs: number, maxBytes: number): Promise<void> {
    let surplus = (await this.backend.read((rows) => rows.journalBytes())) - maxBytes;
    for (;;) {
      const before = surplus;
      const trimmed = await this.backend.write(async (tables) => {
        const rows = await trimmable(tables, nowMs - keepMs, before);
        await tables.deleteJournal(rows);
        return rows;
      });
      surplus -= trimmed.reduce((sum, row) => sum + row.bytes, 0);
      if (trimmed.length < TRIM_ROWS_AT_ONCE) return;
    }
  }
}

/** The oldest rows that are too old, or beyond the bytes that may stand. */
async function trimmable(tables: Tables, cutoffMs: number, surplus: number): Promise<CoveredRow[]> {
  const chosen: CoveredRow[] = [];
  for (const row of await tables.oldestCovered(TRIM_ROWS_AT_ONCE)) {
    if (row.atMs >= cutoffMs && surplus <= 0) break;
    surplus -= row.bytes;
    chosen.push(row);
  }
  return chosen;
}
