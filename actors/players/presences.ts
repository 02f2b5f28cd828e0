/**
 * Players that are known now, and the zones they are let into. A player is let into one only when no other holds it: it
 * leaves by a committed tick of the old one, by a transfer it follows (`crossings.ts`), or, where the old one cannot tick
 * now, by a commit of its own (`release.ts`). Whoever waits for one of these is asked again (`reconcile`) whenever
 * something about the player changes. Tokens and joining are in `joining.ts`.
 */
import type { JsonObject } from '../../games/contract.js';
import type { Committer } from '../committer.js';
import { StoreUnavailableError } from '../errors.js';
import type { PlayerId, ZoneId } from '../ids.js';
import type { Clock, PlaceStore } from '../ports.js';
import type { HeldPlayer, JoinedMove, LeftMove, Place, SeqMark } from '../records.js';
import type { Log, Telemetry } from '../telemetry.js';
import type { ZoneSlot } from '../zone/slot.js';
import { IntentFates } from './intent-fates.js';
import { Presence } from './presence.js';
import { learnRelease, release } from './release.js';
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

export interface PresencesDeps {
  readonly slots: Slots;
  readonly places: PlaceStore;
  readonly committer: Committer;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly log: Log;
}

export class Presences {
  /** Against players whose intents fail their zone's ticks. */
  readonly strikes = new Strikes();
  readonly fates: IntentFates;
  readonly #byId = new Map<PlayerId, Presence>();
  readonly #loading = new Map<PlayerId, Promise<Presence>>();

  constructor(private readonly deps: PresencesDeps) {
    this.fates = new IntentFates(this.#byId, deps.telemetry);
  }

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

  /** Not at once: who has just loaded it, and not gone on with it yet, must not be left with one that nobody finds. */
  #forget(presence: Presence): void {
    if (!presence.forgettable) return;
    setImmediate(() => {
      if (presence.forgettable && !this.#loading.has(presence.id)) this.#byId.delete(presence.id);
    });
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
    if (slot && presence.holder !== zone && presence.claimedBy !== zone) this.fates.drop(slot.mailbox.withdraw(presence.id));
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
    const left = (from: ZoneSlot, move: LeftMove) => this.left(from, move);
    release(presence, holder, slot, { ...this.deps, left }).finally(() => {
      presence.releasing = false;
      this.reconcile(presence);
    });
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
    if (presence?.presentIn !== slot.zone) this.fates.drop(slot.mailbox.withdraw(player));
    if (!presence || presence.stay !== stay) return;
    Object.assign(presence, { holder: null, stay: stay + 1, document, mark });
    this.reconcile(presence);
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

  /** The zone is gone, and its players with it back in their rows. */
  deleted(slot: ZoneSlot): void {
    // What becomes of its intents a client hears while it still has the zone, as it does when it leaves one.
    this.fates.drop(slot.mailbox.clear());
    for (const presence of slot.present.values()) {
      presence.presentIn = null;
      presence.wanted = null;
      presence.zone = null;
      presence.listener?.zoneDeleted(slot.zone);
    }
    slot.present.clear();
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
        await learnRelease(presence, this.deps.places);
        continue;
      }
      if (slot.restored) return slot.held(presence.id, presence.stay)?.mark ?? presence.mark;
      // One that ended before it was read is on its way out: there is no further phase to wait for.
      if (slot.phase === 'quarantined' || slot.phase === 'asleep')
        throw new StoreUnavailableError('the zone that holds the player cannot be read');
      await slot.nextPhase();
    }
  }
}
