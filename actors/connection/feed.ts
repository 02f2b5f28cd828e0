/**
 * What zones tell one client: views of the zone it is subscribed to, and what is never skipped. A frame
 * belongs to the subscription it was made for, and is thrown away here when that is over.
 */
import type { TickNumber, ZoneId } from '../ids.js';
import type { Listener } from '../players/presence.js';
import type { Clock, ZoneInfo } from '../ports.js';
import type { Telemetry } from '../telemetry.js';
import * as messages from './messages.js';

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
  readonly outbox: { send(text: string): void; readonly lagging: boolean };
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
  /** Events of later ticks have not been shown. */
  #sinceTick: TickNumber = 0;
  /** The highest number applied that no tick has told yet. */
  #ack: number | null = null;
  /** A handover whose first view has not come yet. */
  #crossedAtMs: number | null = null;

  constructor(private readonly deps: FeedDeps) {}

  get subscription(): Subscription | null {
    return this.#subscription;
  }

  /** From the next tick on. */
  subscribe(zone: ZoneInfo, options: SubscriptionOptions): void {
    this.#follow(zone.id, options);
    this.deps.outbox.send(messages.subscribedText(zone));
  }

  unsubscribe(): void {
    this.#subscription = null;
  }

  #follow(zone: ZoneId, { acks, sync }: SubscriptionOptions): void {
    const fromTick = this.deps.scheduler.next;
    this.#subscription = { zone, acks, sync, fromTick };
    this.#sinceTick = fromTick - 1;
  }

  // ─── ticks ───

  viewSince(zone: ZoneId, tick: TickNumber): TickNumber | null {
    if (!this.#isFor(zone, tick)) return null;
    if (!this.deps.outbox.lagging) return this.#sinceTick;
    this.droppedSnapshots += 1;
    this.#sinceTick = tick;
    this.deps.telemetry.count('snapshots_skipped_total');
    return null;
  }

  tick(zone: ZoneId, tick: TickNumber, openText: string): void {
    if (!this.#isFor(zone, tick)) return;
    const { outbox, telemetry, clock } = this.deps;
    this.#sinceTick = tick;
    telemetry.count('snapshots_total');
    if (this.#crossedAtMs !== null) telemetry.observe('handover_ms', clock.monotonicMs() - this.#crossedAtMs);
    this.#crossedAtMs = null;
    outbox.send(messages.tickText(openText, this.#ack));
    this.#ack = null;
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

  applied(seq: number): void {
    this.#ack = Math.max(this.#ack ?? 0, seq);
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
