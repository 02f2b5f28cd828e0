/**
 * The events of a zone's recent ticks, for viewers who were not shown each tick: between two snapshots, or while
 * they lagged. Bounded: who was away for longer gets the newest. It lives as long as the zone is resident; one that is restored
 * goes on with what not everybody had been shown.
 */
import type { TickNumber } from '../../actors/ids.js';
import type { UnseenEvents } from '../../actors/records.js';
import type { JsonObject } from '../../games/contract.js';
import { deepFreeze } from './plain-json.js';

/** Ticks with events that are kept, and events in all of them together; the newest tick is kept whole. */
const MAX_TICKS = 64;
const MAX_EVENTS = 10_000;

interface TickEvents {
  readonly tick: TickNumber;
  readonly events: readonly JsonObject[];
}

/** The events that one viewer has not seen. Viewers who missed the same ones share one object. */
export interface EventSlice {
  readonly events: readonly JsonObject[];
  /** Their JSON, without the brackets. */
  readonly text: string;
}

/** Immutable: a staged tick makes another log, and an abandoned one leaves this as it is. */
export class EventLog {
  readonly #ticks: readonly TickEvents[];
  readonly #slices = new Map<number, EventSlice>();

  constructor(ticks: readonly TickEvents[] = []) {
    this.#ticks = ticks;
  }

  /** That of a zone that is restored while somebody is there. */
  static of(unseen: readonly UnseenEvents[]): EventLog {
    const log = new EventLog();
    // Our own text of what was checked when the tick was played.
    return unseen.reduce((all, { tick, events }) => all.plus(tick, deepFreeze(JSON.parse(events) as JsonObject[])), log);
  }

  /** With the events of one more tick. */
  plus(tick: TickNumber, events: readonly JsonObject[]): EventLog {
    if (events.length === 0) return this;
    const ticks = [...this.#ticks, { tick, events }];
    let total = ticks.reduce((sum, kept) => sum + kept.events.length, 0);
    while (ticks.length > MAX_TICKS || (ticks.length > 1 && total > MAX_EVENTS)) total -= ticks.shift()?.events.length ?? 0;
    return new EventLog(ticks);
  }

  /** The events of the ticks after this one. */
  since(tick: TickNumber): EventSlice {
    const found = this.#ticks.findIndex((kept) => kept.tick > tick);
    const first = found < 0 ? this.#ticks.length : found;
    const known = this.#slices.get(first);
    if (known) return known;
    const events = Object.freeze(this.#ticks.slice(first).flatMap((kept) => kept.events));
    const slice = { events, text: events.map((event) => JSON.stringify(event)).join(',') };
    this.#slices.set(first, slice);
    return slice;
  }
}
