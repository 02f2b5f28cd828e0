/**
 * Every event that an actor of the running world receives, one union a receiver: the protocol
 * between actors. What happens within one tick is plain calls (`zone/tick.ts`, `connection/`).
 */
import type { TickNumber } from './ids.js';
import type { ZoneSlot } from './zone/slot.js';

/** How a zone's actor begins: at once, after a pause, or in quarantine. Milliseconds. */
export interface Opening {
  readonly pauseMs: number;
  readonly quarantineMs: number;
}

export type ZoneEvent =
  | { readonly type: 'TICK'; readonly tick: TickNumber }
  /** Write the state as it is committed now; `written` is told whether that is done. */
  | { readonly type: 'CHECKPOINT'; written(done: Promise<boolean>): void }
  /** Nobody needs it: save and go. */
  | { readonly type: 'SLEEP' }
  /** The server stops, or the zone is deleted: finish the running tick and go. */
  | { readonly type: 'STOP' }
  | { readonly type: 'TICK_FAILED'; readonly error: unknown }
  /** The entities are gone from where they were: by the zone's own fault, or by its host's. */
  | { readonly type: 'HOST_LOST'; readonly error: unknown }
  /** An operator wants it read again from its last commit; one that waits for its restart does not wait any longer. */
  | { readonly type: 'RESTART' }
  /** An operator wants it out of the world for a while. */
  | { readonly type: 'QUARANTINE' }
  | { readonly type: 'STORE_AWAY' }
  | { readonly type: 'STORE_BACK' };

export interface GroupEvent {
  readonly type: 'OPEN';
  readonly slot: ZoneSlot;
  readonly opening: Opening;
}

export type SupervisorEvent = GroupEvent | { readonly type: 'DRAIN' } | { readonly type: 'STOPPED' };

export type SchedulerEvent = { readonly type: 'PAUSE' } | { readonly type: 'RESUME' } | { readonly type: 'STOP' };

export type ConnectionEvent =
  | { readonly type: 'AUTHENTICATED' }
  | { readonly type: 'JOINED' }
  | { readonly type: 'SUBSCRIBED' }
  | { readonly type: 'UNSUBSCRIBED' }
  /** The client reads slower than the world moves. */
  | { readonly type: 'FELL_BEHIND' }
  | { readonly type: 'OUTBOX_DRAINED' }
  | { readonly type: 'CLOSING' }
  | { readonly type: 'SOCKET_GONE' };
