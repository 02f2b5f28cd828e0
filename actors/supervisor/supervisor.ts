/**
 * Which zones are awake, and what happens when one fails. It keeps each zone's slot, opens a zone for
 * the first who needs it, sends TICK to all live ones, puts to sleep what nobody needs, and decides
 * after a failure: another try, after a pause, or quarantine. It does no work of a game.
 */
import { type ActorRefFrom, createActor } from 'xstate';
import {
  CommitRefusedError,
  HostLostError,
  OwnershipLostError,
  PoisonError,
  PoisonedInboxError,
  QuarantineOrder,
} from '../errors.js';
import type { Opening, ZoneEvent } from '../events.js';
import type { TickNumber, ZoneId } from '../ids.js';
import { insist } from '../insisting.js';
import type { ZoneCatalog, ZoneStore } from '../ports.js';
import type { HeldPlayer, LeftMove, StoredZone, ZoneInfo } from '../records.js';
import type { Log } from '../telemetry.js';
import { xstateClock } from '../xstate-clock.js';
import { type IncarnationDeps, incarnationOf } from '../zone/incarnation.js';
import { FIRST_QUARANTINE_MS, onFailure, onReleased } from '../zone/restart-policy.js';
import { type TickFate, ZoneSlot } from '../zone/slot.js';
import { supervisorMachine } from './machine.js';
import type { ZoneDirectory } from './zone-directory.js';
import type { ZoneLinks } from './zone-links.js';

export interface SupervisorDeps extends Omit<IncarnationDeps, 'slotOf' | 'hurried'> {
  readonly store: ZoneStore;
  readonly catalog: ZoneCatalog;
  readonly directory: ZoneDirectory;
  readonly links: ZoneLinks;
  readonly log: Log;
  readonly graceMs: number;
  readonly intentsPerPlayer: number;
  isPaused(): boolean;
  /** A zone went to sleep with this wish to be woken. */
  slept(wakeAtMs: number | null): void;
  /** This server does not own the world any more. */
  fatal(error: unknown): void;
}

const AT_ONCE: Opening = { pauseMs: 0, quarantineMs: 0 };
/** After a refusal by the store, which is nobody's fault. */
const REFUSED_PAUSE_MS = 100;
/** So much of a stop goes into checkpoints. It is forced after ten seconds, and has to close sockets and database in that time, too. */
const SAVING_LIMIT_MS = 6_000;

export class Supervisor {
  readonly #slots = new Map<ZoneId, ZoneSlot>();
  readonly #actor: ActorRefFrom<typeof supervisorMachine>;
  #draining = false;
  #hurry = () => {};

  constructor(private readonly deps: SupervisorDeps) {
    const hurried = new Promise<void>((resolve) => {
      this.#hurry = resolve;
    });
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
    const slot = new ZoneSlot(info, this.deps.intentsPerPlayer, () => this.#isSeen(zone));
    slot.lastReasonMs = this.deps.clock.monotonicMs();
    this.#slots.set(zone, slot);
    if (this.#draining) closeBeforeItOpens(slot);
    else this.#start(slot, AT_ONCE);
    return slot;
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
    const { clock, telemetry, log } = this.deps;
    slot.endTick();
    slot.lastError = { message: error instanceof Error ? error.message : String(error), atMs: clock.epochMs() };
    this.deps.recorder.record({ type: 'failed', zone: slot.zone, ...slot.lastError });
    if (error instanceof OwnershipLostError) {
      this.deps.fatal(error);
      return null;
    }
    if (this.#draining || slot.closing) {
      slot.enter('asleep');
      return null;
    }
    slot.restarts += 1;
    telemetry.count('zone_restarts_total');
    if (error instanceof HostLostError) return AT_ONCE;
    if (error instanceof QuarantineOrder) {
      telemetry.count('zone_quarantines_total');
      return { pauseMs: 0, quarantineMs: FIRST_QUARANTINE_MS };
    }
    if (error instanceof PoisonError || error instanceof PoisonedInboxError) {
      log.warn({ zone: slot.zone, err: error }, 'a tick was failed by what came in, which was taken out');
      this.deps.gameFailed?.(slot.zone, error);
      return AT_ONCE;
    }
    if (error instanceof CommitRefusedError) {
      log.warn({ zone: slot.zone, err: error }, 'the store refused a commit: the zone is read again');
      return { pauseMs: REFUSED_PAUSE_MS, quarantineMs: 0 };
    }
    telemetry.count('zone_failures_total');
    const { history, decision } = onFailure(slot.failures, clock.monotonicMs());
    slot.failures = history;
    log.warn({ zone: slot.zone, err: error, decision }, 'a zone failed');
    this.deps.gameFailed?.(slot.zone, error);
    if (decision.type === 'restart') return { pauseMs: decision.pauseMs, quarantineMs: 0 };
    telemetry.count('zone_quarantines_total');
    return { pauseMs: 0, quarantineMs: decision.durationMs };
  }

  #onEnded(slot: ZoneSlot): void {
    const { directory, telemetry, clock } = this.deps;
    if (directory.get(slot.zone)) directory.set(slot.info);
    if (this.#draining || this.#slots.get(slot.zone) !== slot || !directory.get(slot.zone)) return;
    if (slot.gone) return this.#learnDeletion(slot);
    telemetry.count('zone_sleeps_total');
    if (slot.reasonToLive(clock.epochMs())) {
      slot.phase = 'restoring';
      slot.lastReasonMs = clock.monotonicMs();
      this.#start(slot, AT_ONCE);
      return;
    }
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

  // ─── deletion and stop ───

  /** Ends a zone for good; a running tick ends first. Rejects, and leaves everything as it was, when the store is away. */
  async delete(zone: ZoneId): Promise<'deleted' | 'not_found'> {
    const { directory, presences, crossings, catalog } = this.deps;
    const info = this.info(zone);
    if (!info || !directory.get(zone)) return 'not_found';
    directory.delete(zone);
    const slot = this.#slots.get(zone) ?? new ZoneSlot(info, this.deps.intentsPerPlayer);
    try {
      await this.#stop(slot);
      const stored = await this.deps.store.claim(zone);
      const left = stored ? await this.#lastPlayers(stored) : [];
      const turned = await catalog.remove(zone, left);
      // First: who was on its way here goes back, and has lost no zone.
      crossings.dispatchBack(slot, stored?.inbox ?? [], turned);
      this.#forget(slot);
      for (const move of left) presences.left(slot, move);
      return 'deleted';
    } catch (error) {
      directory.set(info);
      this.#slots.delete(zone);
      const again = this.open(zone);
      for (const presence of slot.present.values()) again?.present.set(presence.id, presence);
      again?.mailbox.bring(slot.mailbox.clear());
      throw error;
    }
  }

  /** A deletion whose answer was lost was done: what it sent back goes on its way now, and then the zone is no more. */
  #learnDeletion(slot: ZoneSlot): void {
    const { catalog, clock, crossings, fatal } = this.deps;
    insist(
      clock,
      () => catalog.remove(slot.zone, []),
      () => this.#draining,
    )
      .then((turned) => {
        // Asked for once more meanwhile, it was answered.
        if (this.#slots.get(slot.zone) !== slot) return;
        crossings.dispatch(slot, turned);
        this.#forget(slot);
      })
      .catch((error: unknown) => {
        if (!this.#draining) fatal(error);
      });
  }

  /** The zone is no more. */
  #forget(slot: ZoneSlot): void {
    this.deps.directory.delete(slot.zone);
    this.deps.links.delete(slot.zone);
    this.deps.simulation.forget(slot.zone);
    this.#slots.delete(slot.zone);
    this.deps.presences.deleted(slot);
  }

  /** Who is in the zone's last committed state and hands, as the deletion gives them back. */
  async #lastPlayers(stored: StoredZone): Promise<readonly LeftMove[]> {
    const players = await this.#playersOf(stored);
    const stays = new Map(stored.held.map(({ player, stay }) => [player, stay]));
    return players.filter(({ id, stay }) => stays.get(id) === stay).map(leftMove);
  }

  /** A zone that cannot be read can be deleted all the same: its players keep what was last saved of them elsewhere. */
  async #playersOf(stored: StoredZone): Promise<readonly HeldPlayer[]> {
    const { simulation, log } = this.deps;
    try {
      return (await simulation.load(stored)).players;
    } catch (error) {
      if (error instanceof HostLostError) throw error;
      log.warn({ zone: stored.info.id, err: error }, 'a zone is deleted that cannot be read');
      return [];
    } finally {
      simulation.drop(stored.info.id);
    }
  }

  async #stop(slot: ZoneSlot): Promise<void> {
    slot.closing = true;
    if (!slot.ref) return;
    slot.ref.send({ type: 'STOP' });
    while (slot.ref) await slot.nextPhase().then(() => new Promise(setImmediate));
  }

  /**
   * Running ticks end, everything that was shown is written, and as many zones as time allows have a checkpoint; resolves when
   * every zone has ended. What still waits in mailboxes is reported dropped.
   */
  async drain(): Promise<void> {
    this.#draining = true;
    this.#actor.send({ type: 'DRAIN' });
    const cancel = this.deps.clock.after(SAVING_LIMIT_MS, () => this.#hurry());
    await Promise.all([...this.#slots.values()].map((slot) => this.#stop(slot)));
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

function leftMove({ id, stay, document, mark }: HeldPlayer): LeftMove {
  return { type: 'left', player: id, stay, document, mark };
}
