/**
 * Intents waiting for a zone's next tick.
 * An actor's own mailbox has no bound and runs each event at once. A player must not be able to fill
 * one or hurry one, so intents wait here, a bounded number each, until a tick takes them. A tick
 * *leases* what it takes: settled when it is committed, abandoned when it failed, given back when
 * nobody's fault ended it. The mailbox belongs to the zone's address and outlives its actor.
 */
import type { PlayerId } from '../ids.js';
import type { QueuedIntent } from '../steps.js';

export class IntentMailbox {
  #waiting: QueuedIntent[] = [];
  #leased: readonly QueuedIntent[] = [];
  /**
   * Replaced, never cleared: what a cleared map had is kept with it until the next full collection, and with it
   * every map that came after.
   */
  #waitingOf = new Map<PlayerId, number>();

  /** `perPlayerLimit`: how many intents of one player may wait; 1 and more. */
  constructor(private readonly perPlayerLimit: number) {}

  /** Intents waiting, those of a running tick not counted. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Behind all others. 'full': this player has as many waiting as it may have. */
  offer(intent: QueuedIntent): 'queued' | 'full' {
    const waiting = this.#waitingOf.get(intent.player) ?? 0;
    if (waiting >= this.perPlayerLimit) return 'full';
    this.#waitingOf.set(intent.player, waiting + 1);
    this.#waiting.push(intent);
    return 'queued';
  }

  /** What waits and is this tick's business, in order of arrival: now the running tick's. The rest goes on waiting. */
  take(isOf: (intent: QueuedIntent) => boolean): readonly QueuedIntent[] {
    const all = this.clear();
    this.#leased = all.filter(isOf);
    if (this.#leased.length < all.length) this.bring(all.filter((intent) => !isOf(intent)));
    return this.#leased;
  }

  /** The tick is committed: answers what was applied. */
  settle(): readonly QueuedIntent[] {
    return this.#endLease();
  }

  /** The tick failed: answers the intents nobody will see, so that their senders can be told. */
  abandon(): readonly QueuedIntent[] {
    return this.#endLease();
  }

  /** The tick ended through no fault of its own: its intents wait again, before all others. */
  giveBack(): void {
    const behind = this.#waiting;
    this.#waiting = [];
    this.#waitingOf = new Map();
    for (const intent of [...this.#endLease(), ...behind]) this.#append(intent);
  }

  /** Takes out one that waits. */
  remove(intent: QueuedIntent): void {
    const others = this.#waiting.filter((waiting) => waiting !== intent);
    this.#waiting = [];
    this.#waitingOf = new Map();
    for (const other of others) this.#append(other);
  }

  /** Takes out what waits of one player, in order: to go along with it, or to be dropped. */
  withdraw(player: PlayerId): readonly QueuedIntent[] {
    if (!this.#waitingOf.delete(player)) return [];
    const out = this.#waiting.filter((intent) => intent.player === player);
    this.#waiting = this.#waiting.filter((intent) => intent.player !== player);
    return out;
  }

  /** What came along with a player: it was within the bound where it was first queued. */
  bring(intents: readonly QueuedIntent[]): void {
    for (const intent of intents) this.#append(intent);
  }

  /** Takes out everything that waits: the zone cannot apply it any more. */
  clear(): readonly QueuedIntent[] {
    const out = this.#waiting;
    this.#waiting = [];
    this.#waitingOf = new Map();
    return out;
  }

  #append(intent: QueuedIntent): void {
    this.#waiting.push(intent);
    this.#waitingOf.set(intent.player, (this.#waitingOf.get(intent.player) ?? 0) + 1);
  }

  #endLease(): readonly QueuedIntent[] {
    const leased = this.#leased;
    this.#leased = [];
    return leased;
  }
}
