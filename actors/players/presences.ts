/**
 * Moves players between zones. A player is let into a zone only when no other holds it: it leaves
 * by a committed tick of the old one, by a transfer it follows, or, where the old one cannot tick
 * now, by a commit of its own (a *release*). Whoever waits for one of these is asked again
 * (`reconcile`) whenever something about the player changes. Tokens and joining are in `joining.ts`.
 */
import type { JsonObject } from '../../games/contract.js';
import type { Committer } from '../committer.js';
import { StoreUnavailableError } from '../errors.js';
import type { PlayerId, ZoneId } from '../ids.js';
import type { Clock, PlaceStore } from '../ports.js';
import type { Recorder } from '../recorder.js';
import type { HeldPlayer, InboxRow, Place, PlaceMove, SeqMark } from '../records.js';
import type { QueuedIntent } from '../steps.js';
import type { CounterName, Log, Telemetry } from '../telemetry.js';
import type { ZoneSlot } from '../zone/slot.js';
import { Presence } from './presence.js';
import { SeqLedger } from './seq-ledger.js';
import { Strikes } from './strikes.js';

/** Zones by address, as players need them. */
export interface Slots {
  find(zone: ZoneId): ZoneSlot | undefined;
  /** Wakes the zone if it sleeps; undefined: there is no such zone. */
  open(zone: ZoneId): ZoneSlot | undefined;
  /** Will a tick of this zone come by itself? Not while paused, quarantined, or waiting for a restart. */
  ticks(slot: ZoneSlot): boolean;
}

/** A player that a zone gave back, with the stay it had there. */
export type LeftMove = Extract<PlaceMove, { type: 'left' }>;

/** A player that a zone took over, with the stay it had before. */
type JoinedMove = Extract<PlaceMove, { type: 'joined' }>;

export interface PresencesDeps {
  readonly slots: Slots;
  readonly places: PlaceStore;
  readonly committer: Committer;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly recorder: Recorder;
  readonly log: Log;
}

export class Presences {
  /** Against players whose intents fail their zone's ticks. */
  readonly strikes = new Strikes();
  /** How many rows have crossed a border so far. */
  crossings = 0;
  readonly #byId = new Map<PlayerId, Presence>();
  readonly #loading = new Map<PlayerId, Promise<Presence>>();
  readonly #fates = new WeakMap<QueuedIntent, (fate: 'applied' | 'dropped') => void>();

  constructor(private readonly deps: PresencesDeps) {}

  /** Players that are kept in memory: somebody speaks for them, or a zone that is awake holds them. */
  get size(): number {
    return this.#byId.size;
  }

  find(id: PlayerId): Presence | undefined {
    return this.#byId.get(id);
  }

  /** The player with all that its row says. Two calls at once get the same one. */
  load(id: PlayerId, username: string): Promise<Presence> {
    const known = this.#byId.get(id);
    if (known?.complete) return Promise.resolve(known);
    const loading = this.#loading.get(id);
    if (loading) return loading;
    const load = this.deps.places
      .place(id)
      .then((place) => this.#fromRow(place, username))
      .finally(() => this.#loading.delete(id));
    this.#loading.set(id, load);
    return load;
  }

  /** Of a player that a restored zone brought, the row only adds what a zone does not know. */
  #fromRow(place: Place, username: string): Presence {
    const known = this.#byId.get(place.player);
    if (known?.complete) return known;
    const presence = known ?? new Presence(place.player, username, place, new SeqLedger(place.run, place.mark));
    if (presence.ledger.run !== place.run) presence.ledger = new SeqLedger(place.run, presence.mark);
    const { zone, newest, spoken, droppedAtMs } = place;
    Object.assign(presence, { zone, newest, spoken, droppedAtMs, complete: true });
    this.#byId.set(place.player, presence);
    return presence;
  }

  /** A restored zone has this player in its state, or on its way in its inbox. */
  heldBy(zone: ZoneId, held: HeldPlayer): void {
    const known = this.#byId.get(held.id);
    if (known && known.stay > held.stay) return;
    if (known) {
      known.holder = zone;
      known.stay = held.stay;
      return;
    }
    const place = { ...held, holder: zone, zone, newest: null, spoken: null, droppedAtMs: null };
    this.#byId.set(held.id, new Presence(held.id, held.username, place, new SeqLedger(held.mark.run, held.mark)));
  }

  // ─── where players want to be ───

  /** `onEntered` is called, once, when the player has left where it is and is present in `zone`. */
  enter(presence: Presence, zone: ZoneId, onEntered: Presence['onEntered']): void {
    presence.wanted = zone;
    presence.zone = zone;
    presence.onEntered = onEntered;
    this.reconcile(presence);
  }

  leave(presence: Presence): void {
    presence.wanted = null;
    presence.onEntered = null;
    this.reconcile(presence);
  }

  /** Brings sets of present players in line with what is wanted and what is possible. Safe to call at any time. */
  reconcile(presence: Presence): void {
    const target = presence.listener ? presence.wanted : null;
    if (presence.presentIn !== null && presence.presentIn !== target) this.#stepOut(presence, presence.presentIn);
    if (target === null) return this.#forget(presence);
    if (presence.releasing || presence.presentIn === target) return;
    const elsewhere = [presence.holder, presence.claimedBy].find((zone) => zone !== null && zone !== target);
    if (elsewhere) return this.#leaveFirst(presence, elsewhere);
    this.#let(presence, target);
  }

  /** Where no tick has taken the player in yet, none will have it in `left` either: what waits of it goes no further. */
  #stepOut(presence: Presence, zone: ZoneId): void {
    presence.presentIn = null;
    const slot = this.deps.slots.find(zone);
    slot?.present.delete(presence.id);
    if (slot && presence.holder !== zone && presence.claimedBy !== zone) this.drop(slot.mailbox.withdraw(presence.id));
  }

  #let(presence: Presence, target: ZoneId): void {
    const slot = this.deps.slots.open(target);
    if (!slot) {
      presence.wanted = null;
      presence.onEntered = null;
      presence.listener?.zoneDeleted(target);
      return;
    }
    slot.present.set(presence.id, presence);
    presence.presentIn = target;
    const entered = presence.onEntered;
    presence.onEntered = null;
    entered?.(slot.info);
  }

  #leaveFirst(presence: Presence, holder: ZoneId): void {
    const slot = this.deps.slots.open(holder);
    // Its next tick has the player in `left`, and its commit asks again.
    if (presence.holder !== holder || (slot && (slot.busy || this.deps.slots.ticks(slot)))) return;
    presence.releasing = true;
    // A zone that is gone has given the player back; only the answer was lost.
    const released = slot ? slot.hold(() => this.#release(presence, slot)) : this.#learn(presence);
    released
      .catch((error: unknown) => this.#notReleased(presence, holder, error))
      .finally(() => {
        presence.releasing = false;
        this.reconcile(presence);
      });
  }

  /** Lets a player go from a zone that cannot tick: out of its committed state, or of the row that was bringing it. */
  async #release(presence: Presence, slot: ZoneSlot): Promise<void> {
    const held = slot.held(presence.id, presence.stay);
    if (!held) throw new Error('the zone that holds the player does not know it');
    const move = { type: 'left', player: presence.id, ...held } as const;
    const unwritten = slot.takeUnwritten();
    const outcome = await this.deps.committer.commit({
      ...unwritten,
      zone: slot.zone,
      epoch: slot.epoch,
      takes: [],
      sends: [],
      places: [move],
      nowMs: this.deps.clock.epochMs(),
    });
    if (outcome.type === 'committed') return this.left(slot, move);
    slot.giveBackUnwritten(unwritten);
    await this.#learn(presence);
  }

  /** Resolves when it is to be asked again: a zone that is about to be read anew will tick, and let the player go by that. */
  #notReleased(presence: Presence, holder: ZoneId, error: unknown): Promise<void> | undefined {
    const slot = this.deps.slots.find(holder);
    if (slot?.phase === 'pausing') return slot.nextPhase();
    if (slot && this.deps.slots.ticks(slot)) return undefined;
    this.deps.log.error({ err: error, zone: holder, player: presence.id }, 'a player could not be released');
    presence.wanted = null;
    presence.onEntered = null;
    presence.listener?.cannotLeave(holder);
    return undefined;
  }

  /** Somebody else has moved the player, and the row says where to. Rejects when it does not. */
  async #learn(presence: Presence): Promise<void> {
    const { holder, stay, document, mark } = await this.deps.places.place(presence.id);
    if (stay < presence.stay || holder === presence.holder) throw new Error('the store will not let the player go');
    Object.assign(presence, { holder, stay, document, mark });
  }

  /**
   * The tick that was to take this player in was refused, and may have been for its sake: what is known of it here is not what its row says.
   * Tried again as it is, it would keep the zone from ever ticking. A store that is away tells it the next time.
   */
  async learnAnew(presence: Presence): Promise<void> {
    try {
      const { holder, stay, document, mark } = await this.deps.places.place(presence.id);
      Object.assign(presence, { holder, stay, document, mark });
    } catch (error) {
      this.deps.log.warn({ err: error, player: presence.id }, 'the place of a player could not be read');
    }
  }

  /** Who waits to leave goes with the zone's next tick; where none will come by itself, without one. */
  tickEnded(slot: ZoneSlot): void {
    if (!this.deps.slots.ticks(slot)) this.recheck(slot);
  }

  /** The zone's way of ticking has changed: who waits to leave it may have to go without a tick. */
  recheck(slot: ZoneSlot): void {
    const onTheWay = [...slot.inbox.values()].flatMap((row) => row.followers.map(({ player }) => player));
    for (const id of [...slot.committed.keys(), ...onTheWay]) {
      const presence = this.#byId.get(id);
      if (presence?.listener && presence.wanted !== null && presence.wanted !== slot.zone) this.reconcile(presence);
    }
  }

  // ─── what commits did ───

  /** `stay`: the one it had before. Where the commit sent it on at once, a target that was restored meanwhile may have told of it already. */
  joined(zone: ZoneId, { player, stay }: JoinedMove): void {
    const presence = this.#byId.get(player);
    if (!presence) return;
    presence.claimedBy = null;
    if (presence.stay === stay) {
      presence.holder = zone;
      presence.stay = stay + 1;
    }
    this.reconcile(presence);
  }

  /** What waits of it in that zone's mailbox goes no further; of one who is back already it is for the tick that has it in `joined`. */
  left(slot: ZoneSlot, { player, stay, document, mark }: LeftMove): void {
    const presence = this.#byId.get(player);
    if (presence?.presentIn !== slot.zone) this.drop(slot.mailbox.withdraw(player));
    if (!presence || presence.stay !== stay) return;
    Object.assign(presence, { holder: null, stay: stay + 1, document, mark });
    this.reconcile(presence);
  }

  /** Rows that a commit of `from` made (or turned round): posted to where they go, with the players that follow. */
  dispatch(from: ZoneSlot, rows: readonly InboxRow[]): void {
    this.crossings += rows.length;
    for (const row of rows) {
      this.deps.telemetry.count(counterOf(row));
      if (row.kind === 'returned') from.inbox.delete(row.id);
      const target = this.deps.slots.open(row.to);
      target?.inbox.set(row.id, row);
      for (const { player, stay } of row.followers) this.#cross(from, target, row, player, stay);
    }
  }

  /** Of these rows, `turned` went back to where they came from; the others could not, because that is gone: the store gave their players to nobody. */
  dispatchBack(from: ZoneSlot, rows: readonly InboxRow[], turned: readonly InboxRow[]): void {
    this.dispatch(from, turned);
    const wentBack = new Set(turned.map(({ id }) => id));
    for (const row of rows) {
      if (wentBack.has(row.id)) continue;
      from.inbox.delete(row.id);
      for (const { player, stay } of row.followers) {
        const held = row.parcel.followers.find(({ id }) => id === player);
        if (held) this.left(from, { type: 'left', player, stay, document: held.document, mark: held.mark });
      }
    }
  }

  #cross(from: ZoneSlot, target: ZoneSlot | undefined, row: InboxRow, id: PlayerId, stay: number): void {
    const presence = this.#byId.get(id);
    if (!presence) return;
    // Answers may come in another order than the writes. One who has moved on is not moved back, and what it left
    // waiting is for nobody; a target that was restored meanwhile has the player already, but not what comes along.
    if (stay < presence.stay) return this.#dropBehind(presence, from);
    presence.holder = row.to;
    presence.stay = stay;
    presence.zone = row.to;
    if (row.to === from.zone) return;
    target?.mailbox.bring(from.mailbox.withdraw(id));
    const { parcel } = row;
    if ('entity' in parcel && presence.listener && presence.wanted === from.zone) {
      presence.wanted = row.to;
      const { x, y } = row.kind === 'arrival' ? parcel.entity : parcel.origin;
      this.deps.telemetry.count('handovers_total');
      const at = { player: id, atMs: this.deps.clock.epochMs() };
      this.deps.recorder.record({ type: 'handover', zone: from.zone, to: row.to, ...at });
      presence.listener.handedOver(from.zone, row.to, x, y);
    }
    this.reconcile(presence);
  }

  #dropBehind(presence: Presence, { zone, mailbox }: ZoneSlot): void {
    if (presence.presentIn !== zone) this.drop(mailbox.withdraw(presence.id));
  }

  /** The zone is gone, and its players with it back in their rows. */
  deleted(slot: ZoneSlot): void {
    for (const presence of slot.present.values()) {
      presence.presentIn = null;
      presence.wanted = null;
      presence.zone = null;
      presence.listener?.zoneDeleted(slot.zone);
    }
    slot.present.clear();
    this.drop(slot.mailbox.clear());
  }

  // ─── what became of intents ───

  /** `settled` is told once what became of an intent that came by a route. */
  follow(intent: QueuedIntent, settled: (fate: 'applied' | 'dropped') => void): void {
    this.#fates.set(intent, settled);
  }

  applied(intents: readonly QueuedIntent[]): void {
    for (const intent of intents) {
      this.#settle(intent, 'applied');
      if (intent.seq === null) continue;
      const listener = this.#byId.get(intent.player)?.listener;
      if (listener && listener.run === intent.run) listener.applied(intent.seq);
    }
  }

  /** Reports them to a connection of the run they were sent in; an older run's are nobody's any more. */
  drop(intents: readonly QueuedIntent[], reason?: string): void {
    this.deps.telemetry.count('intents_dropped_total', intents.length);
    for (const intent of intents) {
      this.#settle(intent, 'dropped');
      const presence = this.#byId.get(intent.player);
      if (!presence || intent.run === null) continue;
      if (intent.seq !== null && presence.ledger.run === intent.run) presence.ledger.refuse(intent.seq);
      if (presence.listener?.run === intent.run) presence.listener.dropped(intent.seq, reason);
    }
  }

  #settle(intent: QueuedIntent, fate: 'applied' | 'dropped'): void {
    // Only what came by a route is followed; nearly everything comes from a socket.
    if (intent.run !== null) return;
    this.#fates.get(intent)?.(fate);
    this.#fates.delete(intent);
  }

  // ─── facts about a player, wherever it is ───

  /** Its document by the last commit. */
  document(presence: Presence): JsonObject | null {
    const slot = presence.holder === null ? undefined : this.deps.slots.find(presence.holder);
    const held = slot?.held(presence.id, presence.stay);
    return held ? held.document : presence.document;
  }

  /** How far its numbered intents are applied by the last commit; waits for a zone that is being restored. Rejects when that cannot be. */
  async mark(presence: Presence): Promise<SeqMark> {
    for (;;) {
      if (presence.holder === null) return presence.mark;
      const slot = this.deps.slots.open(presence.holder);
      if (!slot) {
        // It is gone, and has given the player back; only the answer was lost.
        await this.#learn(presence);
        continue;
      }
      if (slot.restored) return slot.held(presence.id, presence.stay)?.mark ?? presence.mark;
      // One that ended before it was read is on its way out: there is no further phase to wait for.
      if (slot.phase === 'quarantined' || slot.phase === 'asleep')
        throw new StoreUnavailableError('the zone that holds the player cannot be read');
      await slot.nextPhase();
    }
  }

  /** Not at once: who has just loaded it, and not gone on with it yet, must not be left with one that nobody finds. */
  #forget(presence: Presence): void {
    if (!presence.forgettable) return;
    setImmediate(() => {
      if (presence.forgettable && !this.#loading.has(presence.id)) this.#byId.delete(presence.id);
    });
  }
}

function counterOf({ kind, parcel }: InboxRow): CounterName {
  if ('effect' in parcel) return kind === 'arrival' ? 'effects_total' : 'effects_returned_total';
  return kind === 'arrival' ? 'transfers_total' : 'transfers_returned_total';
}
