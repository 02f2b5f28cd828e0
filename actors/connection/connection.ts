/**
 * One socket of one client: who it is, what it is subscribed to, and what it is still owed. Messages
 * are handled one at a time, in order; what zones tell it are plain calls. Its state chart is
 * `machine.ts`, the texts are `messages.ts`, intents are `intents.ts`.
 */
import { type ActorRefFrom, createActor } from 'xstate';
import type { ClientMessage, ConnectionInput, ConnectionView, Identity, Refusal } from '../control.js';
import { unreachable } from '../errors.js';
import { type ConnectionId, newUuid, type TickNumber, type ZoneId } from '../ids.js';
import type { Joined, Joiner } from '../players/joining.js';
import type { Presence } from '../players/presence.js';
import type { CloseCode, Wire, ZoneInfo } from '../ports.js';
import { xstateClock } from '../xstate-clock.js';
import type { ConnectionDeps } from './deps.js';
import { offerIntent } from './intents.js';
import { connectionMachine } from './machine.js';
import * as messages from './messages.js';
import { LAG_LIMIT_MS, pressure } from './outbox.js';
import { subscribeTo } from './subscribing.js';

/** Messages that wait while one before them is being answered. */
const MAX_DEFERRED = 256;
/** So many malformed messages within so long close the socket. */
const MALFORMED_LIMIT = 10;
const MALFORMED_WINDOW_MS = 10_000;

export interface Subscription {
  zone: ZoneId;
  readonly acks: 'each' | 'tick';
  readonly sync: 'snapshot' | 'delta';
  /** Frames of earlier ticks were made for another subscription. */
  fromTick: TickNumber;
  /** Events of later ticks have not been shown. */
  sinceTick: TickNumber;
}

export interface JoinedState {
  readonly identity: Identity;
  readonly presence: Presence;
  subscription: Subscription | null;
  /** When `subscribe` and `resync` were last accepted; one each tick. */
  readonly lastAccepted: Map<string, { readonly tick: TickNumber; readonly atMs: number }>;
}

type Inbound =
  | { readonly type: 'message'; readonly message: ClientMessage }
  | { readonly type: 'refused'; readonly refusal: Refusal };

export class Connection implements ConnectionInput, Joiner {
  readonly id: ConnectionId = newUuid();
  run = 0;
  readonly connectedAtMs: number;
  rttMs: number | null = null;
  #droppedSnapshots = 0;
  #closed = false;
  #joined: JoinedState | null = null;
  #identity: Identity | null = null;
  #spoke = false;
  /** The highest number applied that no tick has told yet. */
  #ack: number | null = null;
  #malformedAtMs: number[] = [];
  /** A handover whose first view has not come yet. */
  #crossedAtMs: number | null = null;
  readonly #deferred: Inbound[] = [];
  #working = false;
  #lagging = false;
  #giveUpEntry: () => void = () => {};
  readonly #actor: ActorRefFrom<typeof connectionMachine>;

  constructor(
    private readonly wire: Wire,
    private readonly deps: ConnectionDeps,
  ) {
    this.connectedAtMs = deps.clock.epochMs();
    const chart = connectionMachine.provide({
      actions: {
        helloTimedOut: () => this.close(4408, 'no hello'),
        tooSlow: () => this.#closeSlow(),
      },
    });
    const input = { helloTimeoutMs: deps.helloTimeoutMs, lagLimitMs: LAG_LIMIT_MS };
    this.#actor = createActor(chart, { input, clock: xstateClock(deps.clock) });
    this.#actor.subscribe({
      error: (error) => {
        deps.log.error({ err: error, connection: this.id }, 'a connection failed');
        this.close(1011, 'internal error');
      },
    });
    this.#actor.start();
  }

  // ─── joining ───

  /** What the upgrade request already proved. */
  begin(proof: { readonly identity: Identity | null; readonly badToken: boolean }): void {
    if (proof.badToken) this.#unauthorized();
    else if (proof.identity) this.#work(this.#join(proof.identity, null));
  }

  async #hello(token: string, resume: string | null): Promise<void> {
    if (this.#identity) return this.#badRequest('already authenticated');
    const identity = await this.deps.authenticate(token);
    if (!identity) return this.#unauthorized();
    await this.#join(identity, resume);
  }

  async #join(identity: Identity, resume: string | null): Promise<void> {
    this.#identity = identity;
    this.#actor.send({ type: 'AUTHENTICATED' });
    const joined = await this.deps.joining.join(identity, resume, this);
    if (!joined) return;
    if (this.#closed) return this.deps.joining.detach(joined.presence, this);
    this.#joined = { identity, presence: joined.presence, subscription: null, lastAccepted: new Map() };
    this.deps.telemetry.count('connections_total');
    this.#actor.send({ type: 'JOINED' });
    this.send(
      messages.joinAckText({
        playerId: identity.player,
        connectionId: this.id,
        resumeToken: joined.resumeToken,
        lastSeq: joined.lastSeq,
        dropped: joined.dropped,
        nowMs: this.deps.clock.epochMs(),
        tickIntervalMs: this.deps.tickIntervalMs,
      }),
    );
    await this.#goToFirstZone(joined);
  }

  /** After a resume, back to where it was; on a fresh join, where the game puts it. */
  async #goToFirstZone({ presence, resume, zone }: Joined): Promise<void> {
    const { presences, simulation, directory } = this.deps;
    if (resume === 'resumed' && zone) await subscribeTo(this, zone, { acks: 'each', sync: 'snapshot', back: true }, this.deps);
    if (resume !== 'fresh') return;
    const player = { id: presence.id, username: presence.username, document: await presences.document(presence) };
    const placed = await simulation.place(player, directory.all());
    if (placed) await subscribeTo(this, placed, { acks: 'each', sync: 'snapshot', back: false }, this.deps);
  }

  #unauthorized(): void {
    this.send(messages.errorText('unauthorized', 'the token is not valid'));
    this.close(4401, 'unauthorized');
  }

  // ─── messages of the client ───

  message(message: ClientMessage): void {
    if (this.#closed) return;
    if (this.#joined && !this.#spoke) {
      this.#spoke = true;
      this.deps.joining.spoke(this.#joined.presence);
    }
    // Measures the line, not the queue behind a subscribe.
    if (message.type === 'ping' && this.#joined) this.send(messages.pongText(message.t, this.deps.clock.epochMs()));
    else this.#queue({ type: 'message', message });
  }

  refused(refusal: Refusal): void {
    if (this.#closed) return;
    const { telemetry, clock } = this.deps;
    telemetry.count(refusal.code === 'rate_limited' ? 'messages_rate_limited_total' : 'messages_malformed_total');
    this.#queue({ type: 'refused', refusal });
    if (!refusal.malformed) return;
    const nowMs = clock.monotonicMs();
    this.#malformedAtMs = [...this.#malformedAtMs.filter((atMs) => nowMs - atMs < MALFORMED_WINDOW_MS), nowMs];
    if (this.#malformedAtMs.length >= MALFORMED_LIMIT) this.close(1008, 'too many malformed messages');
  }

  #queue(inbound: Inbound): void {
    if (!this.#working) return this.#work(this.#handle(inbound));
    if (this.#deferred.length < MAX_DEFERRED) this.#deferred.push(inbound);
    else this.#refuse({ code: 'rate_limited', message: 'too many messages are waiting', seq: seqOf(inbound), malformed: false });
  }

  /** One after the other: what comes while one is being answered waits for it. */
  #work(pending: Promise<void> | undefined): void {
    if (!pending) return this.#next();
    this.#working = true;
    pending
      .catch((error: unknown) => {
        this.deps.log.warn({ err: error, connection: this.id }, 'a message could not be answered');
        this.send(messages.errorText('internal', 'the server could not do that now'));
        if (!this.#joined) this.close(1011, 'not available');
      })
      .finally(() => {
        this.#working = false;
        this.#next();
      });
  }

  #next(): void {
    const inbound = this.#deferred.shift();
    if (inbound && !this.#closed) this.#work(this.#handle(inbound));
  }

  #handle(inbound: Inbound): Promise<void> | undefined {
    if (inbound.type === 'refused') {
      this.#refuse(inbound.refusal);
      return undefined;
    }
    const { message } = inbound;
    if (message.type === 'hello') return this.#hello(message.token, message.resume);
    const joined = this.#joined;
    if (!joined) {
      this.#unauthorized();
      return undefined;
    }
    switch (message.type) {
      case 'subscribe':
        return this.#subscribe(joined, message);
      case 'unsubscribe':
        this.#unsubscribe(joined);
        return undefined;
      case 'resync':
        this.#resync(joined);
        return undefined;
      case 'intent':
        offerIntent(this, joined, message, this.deps);
        return undefined;
      case 'ping':
        return undefined;
      default:
        return unreachable(message);
    }
  }

  async #subscribe(joined: JoinedState, message: Extract<ClientMessage, { type: 'subscribe' }>): Promise<void> {
    if (!this.#onceATick(joined, 'subscribe')) return this.#rateLimited();
    const { zoneId, acks, sync } = message;
    if (!zoneId) return this.send(messages.errorText('zone_not_found', 'there is no such zone'));
    if (await subscribeTo(this, zoneId, { acks, sync, back: false }, this.deps)) this.#accepted(joined, 'subscribe');
  }

  #unsubscribe(joined: JoinedState): void {
    const { subscription, presence } = joined;
    if (!subscription) return this.send(messages.errorText('not_subscribed', 'no zone is subscribed'));
    joined.subscription = null;
    presence.zone = null;
    this.deps.presences.leave(presence);
    this.deps.places.note(presence.id, { zone: null }).catch(() => this.deps.telemetry.count('store_errors_total'));
    this.#actor.send({ type: 'UNSUBSCRIBED' });
    this.send(messages.unsubscribedText(subscription.zone));
  }

  /** Every message of a zone is whole as long as no deltas are sent. */
  #resync(joined: JoinedState): void {
    if (!joined.subscription) return this.send(messages.errorText('not_subscribed', 'no zone is subscribed'));
    if (!this.#onceATick(joined, 'resync')) return this.#rateLimited();
    this.#accepted(joined, 'resync');
  }

  /** While the world is paused, time stands in for ticks. */
  #onceATick({ lastAccepted }: JoinedState, what: string): boolean {
    const last = lastAccepted.get(what);
    if (!last || last.tick !== this.deps.scheduler.next) return true;
    return this.deps.clock.monotonicMs() - last.atMs >= this.deps.tickIntervalMs;
  }

  #accepted({ lastAccepted }: JoinedState, what: string): void {
    lastAccepted.set(what, { tick: this.deps.scheduler.next, atMs: this.deps.clock.monotonicMs() });
  }

  #rateLimited(): void {
    this.send(messages.errorText('rate_limited', 'one each tick'));
  }

  #badRequest(message: string): void {
    this.refused({ code: 'bad_request', message, seq: null, malformed: true });
  }

  /** A number that was refused counts as dropped; one that was taken before is answered with its fate. */
  #refuse({ code, message, seq }: Refusal): void {
    const ledger = this.#joined?.presence.ledger;
    if (seq !== null && ledger && ledger.fate(seq) === 'fresh') ledger.refuse(seq);
    this.send(messages.errorText(code, message, { seq }));
  }

  // ─── what subscribing does ───

  get joined(): JoinedState | null {
    return this.#joined;
  }

  /** Subscribed from the next tick on. */
  enterZone(zone: ZoneInfo, options: { readonly acks: 'each' | 'tick'; readonly sync: 'snapshot' | 'delta' }): void {
    if (!this.#joined) return;
    const fromTick = this.deps.scheduler.next;
    this.#joined.subscription = { zone: zone.id, ...options, fromTick, sinceTick: fromTick - 1 };
    this.#actor.send({ type: 'SUBSCRIBED' });
    this.send(messages.subscribedText(zone));
  }

  /** Called, once, when the zone that is being entered is gone, or the connection is. */
  whenGone(giveUp: () => void): void {
    this.#giveUpEntry = giveUp;
  }

  /** Subscribed to nothing any more, by no wish of the client. */
  #loseZone(): void {
    if (!this.#joined) return;
    this.#joined.subscription = null;
    this.#actor.send({ type: 'UNSUBSCRIBED' });
    this.#giveUpEntry();
  }

  // ─── what zones tell it ───

  viewSince(zone: ZoneId, tick: TickNumber): TickNumber | null {
    const subscription = this.#joined?.subscription;
    if (!subscription || subscription.zone !== zone || tick < subscription.fromTick) return null;
    if (!this.#lagging) return subscription.sinceTick;
    this.#droppedSnapshots += 1;
    subscription.sinceTick = tick;
    this.deps.telemetry.count('snapshots_skipped_total');
    return null;
  }

  tick(zone: ZoneId, tick: TickNumber, openText: string): void {
    const subscription = this.#joined?.subscription;
    if (!subscription || subscription.zone !== zone || tick < subscription.fromTick) return;
    subscription.sinceTick = tick;
    this.deps.telemetry.count('snapshots_total');
    if (this.#crossedAtMs !== null) this.deps.telemetry.observe('handover_ms', this.deps.clock.monotonicMs() - this.#crossedAtMs);
    this.#crossedAtMs = null;
    this.send(messages.tickText(openText, this.#ack));
    this.#ack = null;
  }

  viewFailed(zone: ZoneId): void {
    if (this.#joined?.subscription?.zone === zone)
      this.send(messages.errorText('internal', 'your view of this tick could not be made'));
  }

  gameMessage(zone: ZoneId, text: string): void {
    if (this.#joined?.subscription?.zone === zone) this.send(text);
  }

  applied(seq: number): void {
    this.#ack = Math.max(this.#ack ?? 0, seq);
  }

  dropped(seq: number | null, reason?: string): void {
    this.send(messages.errorText('intent_dropped', 'the intent was not applied', { seq, reason }));
  }

  handedOver(from: ZoneId, to: ZoneId, x: number, y: number): void {
    const subscription = this.#joined?.subscription;
    if (!subscription || subscription.zone !== from) return;
    const fromTick = this.deps.scheduler.next;
    Object.assign(subscription, { zone: to, fromTick, sinceTick: fromTick - 1 });
    this.#crossedAtMs = this.deps.clock.monotonicMs();
    this.send(messages.handoverText(from, to, x, y));
  }

  zoneUnavailable(zone: ZoneId): void {
    this.send(messages.errorText('zone_unavailable', `zone ${zone} cannot run now`));
  }

  zoneDeleted(_zone: ZoneId): void {
    this.send(messages.errorText('zone_deleted', 'the zone was deleted'));
    this.#loseZone();
  }

  // ─── the socket ───

  send(text: string): void {
    if (this.#closed) return;
    this.wire.send(text);
    const level = pressure(this.wire.bufferedBytes());
    if (level === 'too_slow') this.#closeSlow();
    else if (level === 'lagging' && !this.#lagging) {
      this.#lagging = true;
      this.#actor.send({ type: 'FELL_BEHIND' });
    }
  }

  drained(): void {
    if (this.#closed || !this.#lagging || pressure(this.wire.bufferedBytes()) !== 'none') return;
    this.#lagging = false;
    this.#actor.send({ type: 'OUTBOX_DRAINED' });
  }

  roundTrip(ms: number): void {
    this.rttMs = ms;
    this.deps.telemetry.observe('rtt_ms', ms);
  }

  /** About once a second: how the line and the world are; and a session that has expired ends. */
  beat(): void {
    if (!this.#joined) return;
    const { expiresAtMs } = this.#joined.identity;
    if (expiresAtMs !== null && expiresAtMs <= this.deps.clock.epochMs()) return this.close(4401, 'session ended');
    if (!this.#lagging) this.send(messages.telemetryText(1000 / this.deps.tickIntervalMs, this.rttMs));
  }

  takenOver(): void {
    this.close(4409, 'taken over by a newer connection');
  }

  close(code: CloseCode, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#actor.send({ type: 'CLOSING' });
    this.wire.close(code, reason);
    this.#leave();
  }

  closed(): void {
    const first = !this.#closed;
    this.#closed = true;
    this.#actor.send({ type: 'SOCKET_GONE' });
    if (first) this.#leave();
    this.deps.gone(this);
  }

  #closeSlow(): void {
    this.deps.telemetry.count('connections_slow_total');
    this.close(1013, 'too slow');
  }

  #leave(): void {
    this.#deferred.length = 0;
    this.#giveUpEntry();
    if (this.#joined) this.deps.joining.detach(this.#joined.presence, this);
  }

  get open(): boolean {
    return !this.#closed;
  }

  get identity(): Identity | null {
    return this.#identity;
  }

  /** Messages behind the one that is being answered. */
  get waiting(): number {
    return this.#deferred.length;
  }

  get state(): unknown {
    return this.#actor.getSnapshot().value;
  }

  view(): ConnectionView | null {
    if (!this.#joined) return null;
    return {
      connection_id: this.id,
      player_id: this.#joined.presence.id,
      username: this.#joined.presence.username,
      zone_id: this.#joined.subscription?.zone ?? null,
      connected_at: new Date(this.connectedAtMs).toISOString(),
      rtt_ms: this.rttMs,
      buffered_bytes: this.wire.bufferedBytes(),
      dropped_snapshots: this.#droppedSnapshots,
    };
  }
}

function seqOf(inbound: Inbound): number | null {
  if (inbound.type === 'refused') return inbound.refusal.seq;
  return inbound.message.type === 'intent' ? inbound.message.seq : null;
}
