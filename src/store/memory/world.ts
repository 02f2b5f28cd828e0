/**
 * A database in memory: what outlives the stores that are opened on it, one after the other.
 * A test keeps it over a "crash", hands it to the next store, and may look in or make the next writes fail.
 */
import type { EntityId, PlayerId, SessionId, TickNumber, ZoneId } from '../../../actors/ids.js';
import type { InboxRow, JournalRow, Place, StoredEntity, ZoneLink } from '../../../actors/records.js';
import type { Account, Session } from '../../auth/ports.js';
import type { WorldRow, ZoneRow } from '../tables.js';

export interface MemoryJournalRow extends JournalRow {
  readonly epoch: number;
  readonly atMs: number;
}
export interface MemoryCheckpoint {
  readonly tick: TickNumber;
  readonly epoch: number;
  readonly body: Uint8Array;
}
export interface MemoryEntity {
  readonly zone: ZoneId;
  readonly tick: TickNumber;
  readonly entity: StoredEntity;
}
export interface MemoryInboxRow extends InboxRow {
  readonly sentBy: ZoneId;
}

export class MemoryWorld {
  world: WorldRow | null = null;
  readonly zones = new Map<ZoneId, ZoneRow>();
  readonly journal = new Map<ZoneId, Map<TickNumber, MemoryJournalRow>>();
  readonly checkpoints = new Map<ZoneId, MemoryCheckpoint>();
  /** Checkpoints that were replaced. */
  readonly history = new Map<ZoneId, ReadonlyMap<TickNumber, Uint8Array>>();
  readonly entities = new Map<EntityId, MemoryEntity>();
  readonly inbox = new Map<number, MemoryInboxRow>();
  /** By zone, then by neighbor. */
  readonly links = new Map<ZoneId, Map<ZoneId, ZoneLink>>();
  readonly places = new Map<PlayerId, Place>();
  readonly accounts = new Map<PlayerId, Account>();
  readonly sessions = new Map<SessionId, Session>();
  /** The highest number given so far; never given again. */
  lastInboxId = 0;
  lastPlayerNumber = 0;
  /** The store that has it open. */
  owner: object | null = null;
  /** Called around each write; what it throws is what the database says. `after`: the write is done all the same. */
  fault: ((when: 'before' | 'after') => void) | null = null;
}
