/**
 * A database in memory, as the rules use it: one write after the other, each with the world's epoch checked,
 * done whole or taken back whole. Reads wait their turn too, so that they see only what is committed.
 */
import { OwnershipLostError, StoreUnavailableError } from '../../../actors/errors.js';
import type { ZoneInfo } from '../../../actors/records.js';
import { WriteQueue } from '../queue.js';
import type { Backend, JournalEntry, Reads, Tables, ZoneRecords } from '../tables.js';
import { MemoryTables } from './tables.js';
import { UndoLog } from './undo.js';
import type { MemoryWorld } from './world.js';

const MAX_WAITING = 10_000;

export class MemoryBackend implements Backend {
  readonly zoneRecords: ZoneRecords = {
    insert: (zone) => this.change((undo) => this.#insertZone(zone, undo)),
  };
  readonly #queue = new WriteQueue({ width: 1, bound: MAX_WAITING });
  #healthy = true;
  #lost = false;

  constructor(
    private readonly world: MemoryWorld,
    private readonly epoch: number,
  ) {}

  write<T>(job: (tables: Tables) => Promise<T>): Promise<T> {
    return this.#queue.run(() => this.#transaction((undo) => job(new MemoryTables(this.world, undo))));
  }

  /** A write of a few lines. */
  change<T>(job: (undo: UndoLog) => T): Promise<T> {
    return this.#queue.run(() => this.#transaction(async (undo) => job(undo)));
  }

  read<T>(job: (rows: Reads) => Promise<T>): Promise<T> {
    return this.#queue.run(() => job(new MemoryTables(this.world, new UndoLog())));
  }

  look<T>(job: () => T): Promise<T> {
    return this.#queue.run(async () => job());
  }

  append(rows: readonly JournalEntry[]): Promise<number> {
    return this.write((tables) => tables.appendJournal(rows));
  }

  touchWorld({ aliveAtMs, reservedTicks }: { readonly aliveAtMs?: number; readonly reservedTicks?: number }): Promise<void> {
    return this.change(() => {
      const row = this.world.world;
      if (!row) return;
      const reserved = Math.max(row.reservedTicks, reservedTicks ?? 0);
      this.world.world = { ...row, reservedTicks: reserved, aliveAtMs: aliveAtMs ?? row.aliveAtMs };
    });
  }

  healthy(): boolean {
    return this.#healthy && !this.#lost;
  }

  queued(): number {
    return this.#queue.waiting();
  }

  close(): Promise<void> {
    return this.#queue.close();
  }

  async #transaction<T>(job: (undo: UndoLog) => Promise<T>): Promise<T> {
    const undo = new UndoLog();
    try {
      this.#proveOwnership();
      this.world.fault?.('before');
      const value = await job(undo);
      this.#healthy = true;
      // Past the point of no return: an error from here on leaves the outcome unknown to the caller.
      undo.keep();
      this.world.fault?.('after');
      return value;
    } catch (error) {
      undo.backTo(0);
      if (error instanceof StoreUnavailableError) this.#healthy = false;
      throw error;
    }
  }

  #proveOwnership(): void {
    if (this.world.world?.epoch !== this.epoch) this.#lost = true;
    if (this.#lost) throw new OwnershipLostError('another server has taken over the database');
  }

  #insertZone(zone: ZoneInfo, undo: UndoLog): boolean {
    const isTaken = [...this.world.zones.values()].some(({ info }) => info.name === zone.name || info.id === zone.id);
    if (isTaken) return false;
    const fresh = { epoch: 0, live: false, quarantined: false, wakeAtMs: null, tickedUntilMs: null };
    undo.set(this.world.zones, zone.id, { info: structuredClone(zone), ...fresh });
    return true;
  }
}
