/**
 * Which zones are awake. It keeps each zone's slot, opens a zone for the first who needs it, sends TICK to all live ones,
 * puts to sleep what nobody needs, and opens a zone again that has failed: when is `failure.ts`'s, and how one ends for good
 * `deletion.ts`'s. It does no work of a game.
 */
import { type ActorRefFrom, createActor } from 'xstate';
import { OwnershipLostError } from '../errors.js';
import type { Opening, ZoneEvent } from '../events.js';
import type { TickNumber, ZoneId } from '../ids.js';
import type { ZoneCatalog } from '../ports.js';
import type { ZoneInfo } from '../records.js';
import { xstateClock } from '../xstate-clock.js';
import { type IncarnationDeps, incarnationOf } from '../zone/incarnation.js';
import { onReleased } from '../zone/restart-policy.js';
import { type TickFate, ZoneSlot } from '../zone/slot.js';
import { type Awake, Deletions } from './deletion.js';
import { AT_ONCE, openingAfter } from './failure.js';
import { supervisorMachine } from './machine.js';
import type { ZoneDirectory } from './zone-directory.js';
import type { ZoneLinks } from './zone-links.js';

export interface SupervisorDeps extends Omit<IncarnationDeps, 'slotOf' | 'hurried'> {
  readonly catalog: ZoneCatalog;
  readonly directory: ZoneDirectory;
  readonly links: ZoneLinks;
  readonly graceMs: number;
  readonly intentsPerPlayer: number;
  isPaused(): boolean;
  /** A zone went to sleep with this wish to be woken. */
  slept(wakeAtMs: number | null): void;
  /** This server does not own the world any more. */
  fatal(error: unknown): void;
}

/** So much of a stop goes into checkpoints. It is forced after ten seconds, and has to close sockets and database in that time, too. */
const SAVING_LIMIT_MS = 6_000;

export class Supervisor {
  readonly #slots = new Map<ZoneId, ZoneSlot>();
  readonly #deletions: Deletions;
  readonly #actor: ActorRefFrom<typeof supervisorMachine>;
  #draining = false;
  #hurry = () => {};

  constructor(private readonly deps: SupervisorDeps) {
    const hurried = new Promise<void>((resolve) => {
      this.#hurry = resolve;
    });
    const awake: Awake = {
      slots: this.#slots,
      slotOf: (info) => this.#slotOf(info),
      open: (slot) => this.#open(slot),
      isDraining: () => this.#draining,
    };
    this.#deletions = new Deletions(awake, deps);
    const lent: IncarnationDeps = { ...deps, slotOf: (zone) => this.#slots.get(zone), hurried };
    const input = {
      incarnationOf: (slot: ZoneSlot) => incarnationOf(slot, lent),
      onFailed: (slot: ZoneSlot, error: unknown) => this.#onFailed(slot, error),
      onEnded: (slot: ZoneSlot) => this.#onEnded(slot),
    };
    this.#actor = createActor(supervisorMachine, { input, clock: xstateClock(deps.clock) });
    this.#actor.subscribe({ error: (error) => deps.fatal(error) });
    this.#actor.start();
  }

  /** The supervisor's own actor, for the tree. */
  get actor(): ActorRefFrom<typeof supervisorMachine> {
    return this.#actor;
  }

  /** Zones that are awake, by address. */
  get slots(): Iterable<ZoneSlot> & { readonly size: number } {
    return { size: this.#slots.size, [Symbol.iterator]: () => this.#slots.values() };
  }

  find(zone: ZoneId): ZoneSlot | undefined {
    return this.#slots.get(zone);
  }

  info(zone: ZoneId): ZoneInfo | undefined {
    return this.#slots.get(zone)?.info ?? this.deps.directory.get(zone);
  }

  open(zone: ZoneId): ZoneSlot | undefined {
    const awake = this.#slots.get(zone);
    if (awake) return awake;
    const info = this.deps.directory.get(zone);
    if (!info) return undefined;
    const slot = this.#slotOf(info);
    this.#open(slot);
    return slot;
  }

  #slotOf(info: ZoneInfo): ZoneSlot {
    return new ZoneSlot(info, this.deps.intentsPerPlayer, () => this.#isSeen(info.id));
  }

  #open(slot: ZoneSlot): void {
    slot.lastReasonMs = this.deps.clock.monotonicMs();
    this.#slots.set(slot.zone, slot);
    if (this.#draining) return closeBeforeItOpens(slot);
    slot.closing = false;
    slot.phase = 'restoring';
    this.#start(slot, AT_ONCE);
  }

  /** Will a tick of this zone come by itself? */
  ticks(slot: ZoneSlot): boolean {
    if (slot.phase === 'pausing' || slot.phase === 'quarantined') return false;
    return slot.phase !== 'live' || !this.deps.isPaused();
  }

  #start(slot: ZoneSlot, opening: Opening): void {
    this.deps.telemetry.count('zone_activations_total');
    this.#actor.send({ type: 'OPEN', slot, opening });
    this.#followPhases(slot).catch((error: unknown) => this.deps.fatal(error));
  }

  /** Each change of phase may decide for somebody who waits to leave. */
  async #followPhases(slot: ZoneSlot): Promise<void> {
    while (slot.phase !== 'asleep') {
      await slot.nextPhase();
      if (slot.phase === 'restoring' && slot.failures.quarantines > 0 && slot.failures.failedAtMs.length === 0) {
        slot.failures = onReleased(slot.failures, this.deps.clock.monotonicMs());
      }
      this.deps.presences.recheck(slot);
    }
  }

  // ─── ticks ───

  /** Sends TICK to all live zones; answers what becomes of it in each. */
  tick(tick: TickNumber): ReadonlyMap<ZoneId, Promise<TickFate>> {
    const fates = new Map<ZoneId, Promise<TickFate>>();
    const nowMs = this.deps.clock.epochMs();
    for (const slot of this.#slots.values()) {
      if (slot.phase !== 'live' && slot.phase !== 'stalled') continue;
      if (this.#sleepsNow(slot, nowMs)) continue;
      if (slot.present.size > 0) this.#wakeBeside(slot);
      slot.fate = null;
      slot.ref?.send({ type: 'TICK', tick });
      if (slot.fate) fates.set(slot.zone, slot.fate);
    }
    return fates;
  }

  /** Who is here can see over the border: what is there is live. */
  #wakeBeside(slot: ZoneSlot): void {
    for (const zone of this.deps.links.beside(slot.zone)) this.open(zone);
  }

  #isSeen(zone: ZoneId): boolean {
    return this.deps.links.beside(zone).some((beside) => (this.#slots.get(beside)?.present.size ?? 0) > 0);
  }

  #sleepsNow(slot: ZoneSlot, nowMs: number): boolean {
    const monotonicMs = this.deps.clock.monotonicMs();
    if (slot.busy || slot.isHeld || slot.reasonToLive(nowMs)) {
      slot.lastReasonMs = monotonicMs;
      return false;
    }
    if (monotonicMs - slot.lastReasonMs < this.deps.graceMs) return false;
    slot.ref?.send({ type: 'SLEEP' });
    return true;
  }

  /** Zones that will be live in a moment, or are not for the time being. */
  notLive(): readonly ZoneSlot[] {
    return [...this.#slots.values()].filter(({ phase }) => phase !== 'live');
  }

  // ─── failures and ends ───

  #onFailed(slot: ZoneSlot, error: unknown): Opening | null {
    slot.endTick();
    slot.lastError = { message: error instanceof Error ? error.message : String(error), atMs: this.deps.clock.epochMs() };
    this.deps.recorder.record({ type: 'failed', zone: slot.zone, ...slot.lastError });
    if (error instanceof OwnershipLostError) {
      this.deps.fatal(error);
      return null;
    }
    if (this.#draining || slot.closing) {
      slot.enter('asleep');
      return null;
    }
    return openingAfter(slot, error, this.deps);
  }

  #onEnded(slot: ZoneSlot): void {
    const { directory, telemetry, clock } = this.deps;
    if (directory.get(slot.zone)) directory.set(slot.info);
    if (this.#draining || this.#slots.get(slot.zone) !== slot || !directory.get(slot.zone)) return;
    if (slot.gone) return this.#deletions.learn(slot);
    telemetry.count('zone_sleeps_total');
    if (slot.reasonToLive(clock.epochMs())) return this.#open(slot);
    this.#slots.delete(slot.zone);
    this.deps.slept(slot.wakeAtMs);
  }

  // ─── an operator's orders ───

  /** Reads the zone again from its last commit: at once, or when its running tick has ended. false: it is not awake. */
  restart(zone: ZoneId): boolean {
    return this.#order(zone, { type: 'RESTART' });
  }

  /** As after five failures. false: it is not live. */
  quarantine(zone: ZoneId): boolean {
    return this.#order(zone, { type: 'QUARANTINE' });
  }

  #order(zone: ZoneId, order: ZoneEvent): boolean {
    const slot = this.#slots.get(zone);
    if (!slot?.ref || slot.closing) return false;
    if (order.type === 'QUARANTINE' && slot.phase !== 'live') return false;
    slot.ref.send(order);
    return true;
  }

  // ─── ends ───

  /** Ends a zone for good; a running tick ends first. Rejects, and leaves everything as it was, when the store is away. */
  delete(zone: ZoneId): Promise<'deleted' | 'not_found'> {
    return this.#deletions.delete(zone);
  }

  /**
   * Running ticks end, everything that was shown is written, and as many zones as time allows have a checkpoint; resolves when
   * every zone has ended. What still waits in mailboxes is reported dropped.
   */
  async drain(): Promise<void> {
    this.#draining = true;
    this.#actor.send({ type: 'DRAIN' });
    const cancel = this.deps.clock.after(SAVING_LIMIT_MS, () => this.#hurry());
    await Promise.all([...this.#slots.values()].map((slot) => slot.close()));
    cancel();
    for (const slot of this.#slots.values()) this.deps.presences.fates.drop(slot.mailbox.clear());
    this.#actor.send({ type: 'STOPPED' });
  }
}

/** Only so that what is posted to it while the server stops has an address: it is all in the store. */
function closeBeforeItOpens(slot: ZoneSlot): void {
  slot.closing = true;
  slot.enter('asleep');
}
