/**
 * The store as the rest of the program gets it, whatever database is behind it.
 */
import type { PlaceStore, WorldStore, ZoneCatalog, ZoneHistory, ZoneStore } from '../../actors/ports.js';
import type { AccountStore } from '../auth/ports.js';

export interface Store {
  readonly kind: 'sqlite' | 'postgres' | 'memory';
  readonly zones: ZoneStore;
  readonly catalog: ZoneCatalog;
  readonly places: PlaceStore;
  readonly world: WorldStore;
  readonly history: ZoneHistory;
  readonly accounts: AccountStore;
  /** Did the last write, or heartbeat, work? */
  healthy(): boolean;
  /** Writes that wait for the database. */
  queued(): number;
  /** Ends what is being written and lets go of the database; whatever is asked later rejects. */
  close(): Promise<void>;
}
