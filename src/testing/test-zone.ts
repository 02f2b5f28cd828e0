/** A zone of a test world, with everything that the server would keep of it. */
import type { Effect, Entity, ReceivedIntent, ReturnedTransfer, Zone } from '../../games/contract.js';

export interface TestZone {
  zone: Zone;
  entities: ReadonlyMap<string, Entity>;
  /** Who was here at the last tick, and who is here now. */
  present: ReadonlySet<string>;
  subscribed: Set<string>;
  waiting: ReceivedIntent[];
  inbox: Parcel[];
  effects: Effect[];
  /** What left in its last tick, as it is to arrive: it is seen there until the next one. */
  departed: readonly { readonly toZone: string; readonly entity: Entity }[];
  events: readonly object[];
  extras: object;
  wakeAt: number | null;
  tickedAt: number;
}

/** What is on its way from one zone to another. */
export interface Parcel {
  readonly entity: Entity;
  readonly followers: readonly string[];
  readonly from: TestZone;
  /** Set on the way back. */
  readonly returned?: ReturnedTransfer;
}

export function emptyZone(zone: Zone, now: number): TestZone {
  return {
    zone,
    entities: new Map(),
    present: new Set(),
    subscribed: new Set(),
    waiting: [],
    inbox: [],
    effects: [],
    departed: [],
    events: [],
    extras: {},
    wakeAt: null,
    tickedAt: now,
  };
}

/** As it comes back after a kill: what the last tick left, and nothing that was only in memory. */
export function afterKill(zone: TestZone): void {
  zone.subscribed = new Set();
  zone.waiting = [];
  zone.departed = [];
  zone.events = [];
  zone.extras = {};
}
