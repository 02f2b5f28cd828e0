/**
 * What zones tell one client: views of the zone it is subscribed to, and what is never skipped. A frame
 * belongs to the subscription it was made for, and is thrown away here when that is over.
 */
import type { TickNumber, ZoneId } from '../ids.js';
import type { Listener } from '../players/presence.js';
import type { Clock } from '../ports.js';
import type { ZoneInfo } from '../records.js';
import type { Viewing } from '../steps.js';
import type { Telemetry } from '../telemetry.js';
import * as messages from './messages.js';
import type { Outbox } from './outbox.js';

/** What a client may choose. */
export interface SubscriptionOptions {
  readonly acks: 'each' | 'tick';
  readonly sync: 'snapshot' | 'delta';
}

export interface Subscription extends SubscriptionOptions {
  readonly zone: ZoneId;
  /** Frames of earlier ticks were made for another subscription. */
  readonly fromTick: TickNumber;
}

export interface FeedDeps {
  readonly outbox: Pick<Outbox, 'send' | 'sendParts' | 'lagging' | 'encoding'>;
  readonly scheduler: { readonly next: TickNumber };
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly telemetry: Telemetry;
  /** Subscribed to nothing any more, by no wish of the client. */
  lost(): void;
}

export class Feed implements Listener {
  run = 0;
  droppedSnapshots = 0;
  #subscription: Subscription | null = null;
  /** What the next message is to build on; one object for ever, because it is looked at for each tick. */
  readonly #viewing: { -readonly [Field in keyof Viewing]: Viewing[Field] };
  /** No view has been begun since the client asked for everything. */
  #asksAgain = false;
  /** The highest number applied that no tick has told yet. */
  #ack: number | null = null;
  /** How far the join said that they are. */
  #joinedAt = 0;
  /** The one told last, in the binary encoding: it says by how much it rises. */
  #lastAck = 0;
  /** A handover whose first view has not come yet. */
  #crossedAtMs: number | null = null;

  constructor(private readonly deps: FeedDeps) {
    const { encoding } = deps.outbox;
    this.#viewing = { sinceTick: 0, lastTick: null, encoding, sync: 'snapshot', base: null };
  }

  get subscription(): Subscription | null {
    return this.#subscription;
  }

  /** From the next tick on. */
  subscribe(zone: ZoneInfo, options: SubscriptionOptions): void {
    this.#follow(zone.id, options);
    this.#viewing.lastTick = null;
    this.deps.outbox.send(messages.subscribedText(zone));
  }

  unsubscribe(): void {
    this.#subscription = null;
  }

  #follow(zone: ZoneId, { acks, sync }: SubscriptionOptions): void {
    const fromTick = this.deps.scheduler.next;
    this.#subscription = { zone, acks, sync, fromTick };
    this.#viewing.sinceTick = fromTick - 1;
    this.#viewing.sync = sync;
    this.#viewing.base = null;
  }

  // ─── ticks ───

  viewing(zone: ZoneId, tick: TickNumber): Viewing | null {
    if (!this.#isFor(zone, tick)) return null;
    if (!this.deps.outbox.lagging) {
      this.#asksAgain = false;
      return this.#viewing;
    }
    this.droppedSnapshots += 1;
    this.#viewing.sinceTick = tick;
    this.#viewing.base = null;
    this.deps.telemetry.count('snapshots_skipped_total');
    return null;
  }

  tick(zone: ZoneId, tick: TickNumber, body: Uint8Array, isDelta: boolean): void {
    if (!this.#isFor(zone, tick)) return;
    // It was under way when the client asked for a whole one: its events and its ack come with that.
    if (isDelta && this.#viewing.base === null) return;
    const { outbox, telemetry, clock } = this.deps;
    this.#viewing.sinceTick = tick;
    this.#viewing.base = tick;
    if (!this.#asksAgain) this.#viewing.lastTick = tick;
    telemetry.count('snapshots_total');
    if (this.#crossedAtMs !== null) telemetry.observe('handover_ms', clock.monotonicMs() - this.#crossedAtMs);
    this.#crossedAtMs = null;
    outbox.sendParts(outbox.encoding === 'json' ? messages.jsonHead(isDelta, this.#ack) : this.#binaryHead(isDelta), body);
    this.#ack = null;
  }

  #binaryHead(isDelta: boolean): string {
    if (this.#ack === null) return messages.binaryHead(isDelta, 0);
    const steps = this.#ack - this.#lastAck;
    this.#lastAck = this.#ack;
    return messages.binaryHead(isDelta, steps);
  }

  /** The next message of the zone is whole, and has what the game sends only when it changed. */
  resync(): void {
    this.#viewing.base = null;
    this.#viewing.lastTick = null;
    this.#asksAgain = true;
  }

  viewFailed(zone: ZoneId): void {
    if (this.#subscription?.zone !== zone) return;
    this.deps.outbox.send(messages.errorText('internal', 'your view of this tick could not be made'));
  }

  #isFor(zone: ZoneId, tick: TickNumber): boolean {
    return this.#subscription?.zone === zone && tick >= this.#subscription.fromTick;
  }

  // ─── never skipped ───

  gameMessage(zone: ZoneId, text: string): void {
    if (this.#subscription?.zone === zone) this.deps.outbox.send(text);
  }

  /** The join has told how far intents are applied. A commit that was read where it was written may be answered only after that. */
  joined(lastSeq: number): void {
    this.#joinedAt = lastSeq;
    if (this.#ack !== null && this.#ack <= lastSeq) this.#ack = null;
  }

  applied(seq: number): void {
    if (seq > this.#joinedAt) this.#ack = Math.max(this.#ack ?? 0, seq);
  }

  dropped(seq: number | null, reason?: string): void {
    this.deps.outbox.send(messages.errorText('intent_dropped', 'the intent was not applied', { seq, reason }));
  }

  handedOver(from: ZoneId, to: ZoneId, x: number, y: number): void {
    if (this.#subscription?.zone !== from) return;
    this.#follow(to, this.#subscription);
    this.#crossedAtMs = this.deps.clock.monotonicMs();
    this.deps.outbox.send(messages.handoverText(from, to, x, y));
  }

  zoneUnavailable(zone: ZoneId): void {
    this.deps.outbox.send(messages.errorText('zone_unavailable', `zone ${zone} cannot run now`));
  }

  zoneDeleted(_zone: ZoneId): void {
    this.deps.outbox.send(messages.errorText('zone_deleted', 'the zone was deleted'));
    this.#lose();
  }

  cannotLeave(zone: ZoneId): void {
    this.zoneUnavailable(zone);
    this.#lose();
  }

  #lose(): void {
    this.#subscription = null;
    this.deps.lost();
  }
}
