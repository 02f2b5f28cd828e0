/**
 * One socket of one client: who it is, and what becomes of what it says. Messages are handled one at a
 * time, in order. Its state chart is `machine.ts`, what it is told of zones `feed.ts`, intents are
 * `intents.ts`, what is not taken is `refusals.ts`, the way into a zone is `subscribing.ts`, and the texts are `messages.ts`.
 */
import { type ActorRefFrom, createActor } from 'xstate';
import type { ClientMessage, ConnectionInput, ConnectionView, Identity, Refusal } from '../control.js';
import { unreachable } from '../errors.js';
import { type ConnectionId, newUuid } from '../ids.js';
import type { Joiner } from '../players/joining.js';
import type { Presence } from '../players/presence.js';
import type { CloseCode, Wire } from '../ports.js';
import type { ZoneInfo } from '../records.js';
import { xstateClock } from '../xstate-clock.js';
import type { ConnectionDeps } from './deps.js';
import { Feed, type SubscriptionOptions } from './feed.js';
import { Inbound } from './inbound.js';
import { offerIntent } from './intents.js';
import { connectionMachine } from './machine.js';
import * as messages from './messages.js';
import { LAG_LIMIT_MS, Outbox } from './outbox.js';
import { TickPace } from './pace.js';
import { Refusals } from './refusals.js';
import { goToFirstZone, subscribeTo } from './subscribing.js';

type FromClient =
  | { readonly type: 'message'; readonly message: ClientMessage }
  | { readonly type: 'refused'; readonly refusal: Refusal };

export class Connection implements ConnectionInput, Joiner {
  readonly id: ConnectionId = newUuid();
  readonly listener: Feed;
  readonly #connectedAtMs: number;
  readonly #actor: ActorRefFrom<typeof connectionMachine>;
  readonly #inbound: Inbound<FromClient>;
  readonly #outbox: Outbox;
  readonly #pace: TickPace;
  readonly #refusals: Refusals;
  #identity: Identity | null = null;
  /** The player it speaks for; null: not joined yet. */
  #presence: Presence | null = null;
  /** Joined, and in its first zone, if it has one. */
  #arrived = false;
  #spoke = false;
  #closed = false;
  #rttMs: number | null = null;
  #giveUpEntry: () => void = () => {};

  constructor(
    private readonly wire: Wire,
    private readonly deps: ConnectionDeps,
  ) {
    this.#connectedAtMs = deps.clock.epochMs();
    this.#actor = this.#chart();
    this.#pace = new TickPace(deps);
    this.#refusals = new Refusals({
      clock: deps.clock,
      telemetry: deps.telemetry,
      send: (text) => this.send(text),
      ledger: () => this.#presence?.ledger,
      tooManyMalformed: () => this.close(1008, 'too many malformed messages'),
    });
    this.#inbound = new Inbound({
      handle: (item) => this.#handle(item),
      failed: (error) => this.#failed(error),
      emptied: () => this.#refusals.caughtUp(),
    });
    this.#outbox = new Outbox(wire, {
      fellBehind: () => this.#actor.send({ type: 'FELL_BEHIND' }),
      caughtUp: () => this.#actor.send({ type: 'OUTBOX_DRAINED' }),
      tooSlow: () => this.#closeSlow(),
    });
    // Written out: of a copy by spreading, every read for every tick is a lookup by name.
    const { scheduler, clock, telemetry } = deps;
    this.listener = new Feed({ outbox: this.#outbox, scheduler, clock, telemetry, lost: () => this.#zoneLost() });
    this.#actor.start();
  }

  #chart(): ActorRefFrom<typeof connectionMachine> {
    const { clock, helloTimeoutMs, log } = this.deps;
    const input = {
      helloTimeoutMs,
      lagLimitMs: LAG_LIMIT_MS,
      helloTimedOut: () => this.close(4408, 'no hello'),
      tooSlow: () => this.#closeSlow(),
    };
    const actor = createActor(connectionMachine, { input, clock: xstateClock(clock) });
    actor.subscribe({
      error: (error) => {
        log.error({ err: error, connection: this.id }, 'a connection failed');
        this.close(1011, 'internal error');
      },
    });
    return actor;
  }

  // ─── joining ───

  /** What the upgrade request already proved. */
  begin(proof: { readonly identity: Identity | null; readonly badToken: boolean }): void {
    if (proof.badToken) this.#unauthorized();
    else if (proof.identity) this.#inbound.waitFor(this.#join(proof.identity, null));
  }

  async #hello(token: string, resume: string | null): Promise<void> {
    if (this.#identity) return this.#refusals.senseless('already authenticated');
    const identity = await this.deps.authenticate(token);
    if (!identity) return this.#unauthorized();
    await this.#join(identity, resume);
  }

  async #join(identity: Identity, resume: string | null): Promise<void> {
    this.#identity = identity;
    this.#actor.send({ type: 'AUTHENTICATED' });
    const joined = await this.deps.joining.join(identity, resume, this);
    if (joined === 'socket_gone') return;
    if (joined === 'session_ended') return this.#unauthorized();
    if (this.#closed) return this.deps.joining.detach(joined.presence, this);
    this.#presence = joined.presence;
    this.deps.telemetry.count('connections_total');
    this.#actor.send({ type: 'JOINED' });
    this.listener.joined(joined.lastSeq);
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
    await goToFirstZone(this, joined, this.deps);
    this.#arrived = true;
  }

  #unauthorized(): void {
    this.send(messages.errorText('unauthorized', 'the token is not valid'));
    this.close(4401, 'unauthorized');
  }

  // ─── messages of the client ───

  message(message: ClientMessage): void {
    if (this.#closed) return;
    this.#hear();
    // Measures the line, not the queue behind a subscribe.
    if (message.type === 'ping' && this.#presence) this.#pong(message.t);
    else this.#queue({ type: 'message', message });
  }

  refused(refusal: Refusal): void {
    if (this.#closed) return;
    this.#hear();
    this.#refusals.count(refusal);
    this.#queue({ type: 'refused', refusal });
    if (refusal.malformed) this.#refusals.countMalformed();
  }

  /** Whoever says something, be it nonsense, has the token that it was sent. */
  #hear(): void {
    if (!this.#presence || this.#spoke) return;
    this.#spoke = true;
    this.deps.joining.spoke(this.#presence);
  }

  #queue(item: FromClient): void {
    if (this.#inbound.push(item) === 'full') this.#refusals.crowdedOut(seqOf(item));
  }

  #failed(error: unknown): void {
    this.deps.log.warn({ err: error, connection: this.id }, 'a message could not be answered');
    this.send(messages.errorText('internal', 'the server could not do that now'));
    // Half joined is of no use, and nobody would finish it: the client comes again.
    if (!this.#arrived) this.close(1011, 'not available');
  }

  #handle(item: FromClient): Promise<void> | undefined {
    if (item.type === 'refused') {
      this.#refusals.answer(item.refusal);
      return undefined;
    }
    const { message } = item;
    if (message.type === 'hello') return this.#hello(message.token, message.resume);
    const presence = this.#presence;
    if (!presence) {
      this.#unauthorized();
      return undefined;
    }
    switch (message.type) {
      case 'subscribe':
        return this.#subscribe(presence, message);
      case 'unsubscribe':
        return this.#unsubscribe(presence);
      case 'resync':
        this.#resync();
        return undefined;
      case 'intent':
        offerIntent(this, presence, message, this.deps);
        return undefined;
      case 'ping':
        this.#pong(message.t);
        return undefined;
      default:
        return unreachable(message);
    }
  }

  async #subscribe(presence: Presence, message: Extract<ClientMessage, { type: 'subscribe' }>): Promise<void> {
    const asked = this.#pace.ask('subscribe');
    if (!asked) return this.#rateLimited();
    const { zoneId, acks, sync } = message;
    if (!zoneId) return this.send(messages.errorText('zone_not_found', 'there is no such zone'));
    const subscribed = await subscribeTo(this, presence, zoneId, { acks, sync, back: false }, this.deps);
    if (subscribed) this.#pace.grant('subscribe', asked);
  }

  /** Durable before it is said: who is told so does not find itself back there after a kill. */
  async #unsubscribe(presence: Presence): Promise<void> {
    if (this.listener.subscription) await this.deps.places.note(presence.id, { zone: null });
    const { subscription } = this.listener;
    if (!subscription) return this.send(messages.errorText('not_subscribed', 'no zone is subscribed'));
    if (this.#closed) return;
    this.listener.unsubscribe();
    presence.zone = null;
    this.deps.presences.leave(presence);
    this.#actor.send({ type: 'UNSUBSCRIBED' });
    this.send(messages.unsubscribedText(subscription.zone));
  }

  #resync(): void {
    if (!this.listener.subscription) return this.send(messages.errorText('not_subscribed', 'no zone is subscribed'));
    const asked = this.#pace.ask('resync');
    if (!asked) return this.#rateLimited();
    this.#pace.grant('resync', asked);
    this.listener.resync();
  }

  #rateLimited(): void {
    this.send(messages.errorText('rate_limited', 'one each tick'));
  }

  #pong(t: unknown): void {
    this.send(messages.pongText(t, this.deps.clock.epochMs()));
  }

  // ─── zones ───

  /** It is present in the zone, and subscribed from the next tick on. */
  entered(zone: ZoneInfo, options: SubscriptionOptions): void {
    this.#actor.send({ type: 'SUBSCRIBED' });
    // It brings its arrears along.
    if (this.#outbox.lagging) this.#actor.send({ type: 'FELL_BEHIND' });
    this.listener.subscribe(zone, options);
  }

  /** Called, once, when the zone that is being entered is gone, or the connection is. */
  whenGone(giveUp: () => void): void {
    this.#giveUpEntry = giveUp;
  }

  #zoneLost(): void {
    this.#actor.send({ type: 'UNSUBSCRIBED' });
    this.#giveUpEntry();
  }

  // ─── the socket ───

  send(text: string): void {
    this.#outbox.send(text);
  }

  drained(): void {
    this.#outbox.drained();
  }

  roundTrip(ms: number): void {
    this.#rttMs = ms;
    this.deps.telemetry.observe('rtt_ms', ms);
  }

  /** About once a second: how the line and the world are; and a session that has expired ends. */
  beat(): void {
    if (!this.#identity) return;
    const { expiresAtMs } = this.#identity;
    if (expiresAtMs !== null && expiresAtMs <= this.deps.clock.epochMs()) return this.close(4401, 'session ended');
    if (!this.#presence || this.#outbox.lagging) return;
    const text = messages.telemetryText(1000 / this.deps.tickIntervalMs, this.#rttMs);
    this.#outbox.sendInNoHurry(text, this.listener.subscription !== null);
  }

  takenOver(): void {
    this.close(4409, 'taken over by a newer connection');
  }

  close(code: CloseCode, reason: string): void {
    if (this.#closed) return;
    this.#actor.send({ type: 'CLOSING' });
    this.wire.close(code, reason);
    this.#leave();
  }

  closed(): void {
    this.#actor.send({ type: 'SOCKET_GONE' });
    if (!this.#closed) this.#leave();
    this.deps.gone(this);
  }

  #closeSlow(): void {
    this.deps.telemetry.count('connections_slow_total');
    this.close(1013, 'too slow');
  }

  #leave(): void {
    this.#closed = true;
    this.#outbox.shut();
    this.#inbound.clear();
    this.#giveUpEntry();
    if (this.#presence) this.deps.joining.detach(this.#presence, this);
  }

  get open(): boolean {
    return !this.#closed;
  }

  // ─── for those who look at it ───

  get identity(): Identity | null {
    return this.#identity;
  }

  /** Messages behind the one that is being answered. */
  get waiting(): number {
    return this.#inbound.length;
  }

  get state(): unknown {
    return this.#actor.getSnapshot().value;
  }

  /** Bytes sent so far, by type of message. */
  get sentBytes(): Readonly<Record<string, number>> {
    return this.#outbox.sentBytes;
  }

  view(): ConnectionView | null {
    if (!this.#presence) return null;
    return {
      connection_id: this.id,
      player_id: this.#presence.id,
      username: this.#presence.username,
      zone_id: this.listener.subscription?.zone ?? null,
      connected_at: new Date(this.#connectedAtMs).toISOString(),
      rtt_ms: this.#rttMs,
      buffered_bytes: this.#outbox.bufferedBytes,
      dropped_snapshots: this.listener.droppedSnapshots,
    };
  }
}

function seqOf(item: FromClient): number | null {
  if (item.type === 'refused') return item.refusal.seq;
  return item.message.type === 'intent' ? item.message.seq : null;
}
