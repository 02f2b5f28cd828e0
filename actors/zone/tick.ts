/**
 * One incarnation of a zone at work: lease, step, commit, publish. Within a tick these are plain
 * calls with a step field that the actor tree shows; the lifecycle around them is `machine.ts`.
 * Nothing reaches a connection before the commit has answered. What is left of a tick that failed is `failed-tick.ts`'s.
 */
import type { Committer } from '../committer.js';
import type { CostMeter } from '../costs.js';
import { OwnershipLostError } from '../errors.js';
import type { TickNumber, ZoneId } from '../ids.js';
import type { Crossings } from '../players/crossings.js';
import type { Presences } from '../players/presences.js';
import type { Clock, Simulation, ZoneStore } from '../ports.js';
import type { Recorder } from '../recorder.js';
import type { InboxRow } from '../records.js';
import type { StepAnswer, StepBorder, StepRequest, Thrown } from '../steps.js';
import type { Log, Telemetry } from '../telemetry.js';
import { Checkpoints } from './checkpoints.js';
import { settleFailure } from './failed-tick.js';
import { type Lease, leaseTick } from './lease.js';
import { measureTick } from './measure.js';
import { behind, type Unwritten } from './owed.js';
import { showTick } from './show.js';
import type { TickFate, ZoneSlot } from './slot.js';
import { sentBy, writeUnwritten } from './unwritten.js';

export interface ZoneRunDeps {
  readonly simulation: Simulation;
  readonly committer: Committer;
  readonly store: Pick<ZoneStore, 'claim' | 'turnRound' | 'checkpoint'>;
  readonly presences: Presences;
  readonly crossings: Crossings;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly costs: Pick<CostMeter, 'addZone'>;
  readonly recorder: Recorder;
  readonly log: Log;
  readonly persistEveryTicks: number;
  readonly snapshotEveryTicks: number;
  /** A tick or a view failed by the fault of the game, or of what it was asked; that is handled already. */
  gameFailed?(zone: ZoneId, error: unknown): void;
}

/** What a run tells its actor. */
export interface ZoneRunEvents {
  failed(error: unknown): void;
  stalled(): void;
  unstalled(): void;
}

export class ZoneRun {
  step: 'waiting' | 'stepping' | 'committing' | 'stalled' | 'searching' | 'ended' = 'waiting';
  #running: Promise<TickFate> = Promise.resolve('committed');
  #lost: { readonly error: unknown } | null = null;
  readonly #checkpoints: Checkpoints;
  #saidThatViewsFail = false;

  constructor(
    private readonly slot: ZoneSlot,
    private readonly deps: ZoneRunDeps,
    private readonly events: ZoneRunEvents,
  ) {
    this.#checkpoints = new Checkpoints(slot, deps);
  }

  /** Runs one tick; a zone still busy with another counts it as missed. Resolves when the tick is published, failed, missed or stalled. */
  tick(tick: TickNumber): Promise<TickFate> {
    if (this.step !== 'waiting' || this.slot.isHeld) {
      this.#countMissed(tick);
      return Promise.resolve('missed');
    }
    this.slot.beginTick();
    return new Promise((resolve, reject) => {
      this.#running = this.#run(tick, () => resolve('missed'));
      this.#running.then(resolve, reject);
    });
  }

  /** The zone's host is gone: it fails now, or, where a commit is under way, when that has ended one way or the other. */
  lose(error: unknown): void {
    if (this.step === 'ended') return;
    // A step that is out is rejected by the pool itself, or had answered already: then its tick is committed first.
    this.#lost = { error };
    if (this.step === 'waiting') this.#failLost(this.#lost);
  }

  #failLost({ error }: { readonly error: unknown }): void {
    this.step = 'ended';
    this.slot.endTick();
    this.events.failed(error);
  }

  /** Resolves when no tick is under way. With the store away that can be long. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Ends this incarnation: no tick begins any more, and what was shown is written. Resolves when that is done. */
  async end(): Promise<void> {
    await this.idle();
    this.step = 'ended';
    await this.#checkpoints.settled();
    await writeUnwritten(this.slot, this.deps);
  }

  async #run(tick: TickNumber, stalled: () => void): Promise<TickFate> {
    const beganMs = this.deps.clock.monotonicMs();
    const lease = leaseTick(tick, this.slot, this.deps);
    const leasedMs = this.deps.clock.monotonicMs();
    try {
      this.step = 'stepping';
      const answer = await this.deps.simulation.step(lease.request);
      const steppedMs = this.deps.clock.monotonicMs();
      this.step = 'committing';
      const sent = await this.#commit(tick, answer, stalled);
      const committedMs = this.deps.clock.monotonicMs();
      this.#publish(tick, lease, answer, sent);
      measureTick(tick, this.slot, { beganMs, leasedMs, steppedMs, committedMs }, answer.timings, this.deps);
    } catch (error) {
      await this.#fail(tick, lease, error);
      return 'failed';
    }
    this.step = 'waiting';
    this.slot.endTick();
    this.deps.presences.tickEnded(this.slot);
    if (this.#lost) this.#failLost(this.#lost);
    else await this.#afterwards();
    return 'committed';
  }

  // ─── commit ───

  async #commit(tick: TickNumber, answer: StepAnswer, stalled: () => void): Promise<readonly InboxRow[]> {
    const { slot, deps } = this;
    const { row, metadata, wakeAtMs } = answer;
    const staged: Unwritten = { rows: row ? [row] : [], metadata, wakeAtMs };
    const owed = slot.owed.rows + staged.rows.length;
    if (owed === 0) return [];
    const crosses = answer.takes.length + answer.sends.length + answer.places.length > 0;
    if (!crosses && !answer.savesPlayers && tick % deps.persistEveryTicks !== 0) {
      slot.owed.add(staged);
      return [];
    }
    const unwritten = slot.owed.take();
    const owes = behind(unwritten, staged);
    const wish = slot.owed.wishToStore(owes.wakeAtMs);
    const outcome = await deps.committer.commit(
      {
        zone: slot.zone,
        epoch: slot.epoch,
        rows: owes.rows,
        metadata: owes.metadata,
        wakeAtMs: wish,
        takes: answer.takes,
        sends: answer.sends,
        places: answer.places,
        nowMs: deps.clock.epochMs(),
      },
      () => this.#stall(tick, stalled),
    );
    if (this.step === 'stalled') this.events.unstalled();
    if (outcome.type !== 'committed') slot.owed.giveBack(unwritten);
    else {
      this.#checkpoints.wroteRows(owed);
      slot.owed.wishStored(wish);
    }
    return sentBy(slot.zone, outcome);
  }

  #countMissed(tick: TickNumber): void {
    const { slot, deps } = this;
    slot.timings.missedTicks += 1;
    deps.telemetry.count('zone_ticks_missed_total');
    if (deps.recorder.watched) deps.recorder.record({ type: 'missed', zone: slot.zone, tick, atMs: deps.clock.epochMs() });
  }

  #stall(tick: TickNumber, stalled: () => void): void {
    this.step = 'stalled';
    this.#countMissed(tick);
    this.events.stalled();
    stalled();
  }

  // ─── publish ───

  #publish(tick: TickNumber, { request, watching }: Lease, answer: StepAnswer, sent: readonly InboxRow[]): void {
    const { slot, deps } = this;
    deps.simulation.adopt(slot.zone, tick);
    if (answer.border) this.#showBorder(answer.border);
    this.#adopt(tick, request, answer);
    deps.presences.fates.applied(slot.mailbox.settle());
    for (const move of answer.places) {
      if (move.type === 'joined') deps.presences.joined(slot.zone, move);
    }
    if (answer.viewFailure !== null) this.#sayThatViewsFail(tick, answer.viewFailure);
    showTick(tick, slot, watching, answer, deps.telemetry);
    for (const move of answer.places) {
      if (move.type === 'left') deps.presences.left(slot, move);
    }
    deps.crossings.dispatch(slot, sent);
    deps.telemetry.count('zone_ticks_total');
    deps.telemetry.countForGame(answer.metrics);
    if (answer.ignored > 0) deps.telemetry.count('results_ignored_total', answer.ignored);
  }

  #showBorder({ change, hidden }: StepBorder): void {
    if (change !== null) this.deps.simulation.showBorder(this.slot.zone, change);
    if (hidden > 0) this.deps.telemetry.count('border_hidden_total', hidden);
  }

  #adopt(tick: TickNumber, request: StepRequest, answer: StepAnswer): void {
    const { slot } = this;
    const before = slot.committed;
    if (answer.players === null) slot.advanceMarks(request.intents);
    else {
      slot.committed = new Map(
        answer.players.map(({ player, stay, mark, document = before.get(player)?.document ?? null }) => [
          player,
          { stay, mark, document },
        ]),
      );
    }
    for (const { id } of request.inbox) slot.inbox.delete(id);
    if (answer.wakeAtMs !== undefined) slot.wakeAtMs = answer.wakeAtMs;
    if (answer.metadata) slot.info = { ...slot.info, metadata: answer.metadata, updatedAtMs: request.nowMs };
    slot.tickedAtMs = Math.max(slot.tickedAtMs, request.nowMs);
    slot.timings.lastTick = tick;
    slot.unseen.note(tick, answer.unseenEvents);
  }

  /** Once in the life of an incarnation: one that fails for everybody, tick after tick, would drown every other line. */
  #sayThatViewsFail(tick: TickNumber, { message, stack }: Thrown): void {
    if (this.#saidThatViewsFail) return;
    this.#saidThatViewsFail = true;
    this.deps.gameFailed?.(this.slot.zone, new Error(`getPlayerState failed: ${message}`));
    this.deps.log.warn(
      { zone: this.slot.zone, tick, error: message, stack },
      'a view could not be made; further ones of this zone are only counted',
    );
  }

  /** A tick with suspects left out has succeeded: it was them, and they go back. */
  async #afterwards(): Promise<void> {
    const { slot, deps } = this;
    if (slot.suspects.size > 0) {
      const suspects = [...slot.suspects];
      slot.suspects = new Set();
      try {
        const turned = await slot.hold(() => deps.store.turnRound(slot.zone, slot.epoch, suspects, 'failed'));
        deps.crossings.dispatchBack(slot, slot.arrivals(suspects), turned);
      } catch (error) {
        // Not turned round: they are tried again, and fail again, and are turned round then.
        if (error instanceof OwnershipLostError) this.events.failed(error);
      }
    }
    this.#checkpoints.consider((error) => this.events.failed(error));
  }

  /** Writes everything that was shown, and a checkpoint. false: not now, because the store is away or this incarnation ends. */
  async checkpointNow(): Promise<boolean> {
    await this.idle();
    if (this.step === 'ended') return false;
    const writing = this.slot.hold(async () => {
      await this.#checkpoints.settled();
      await writeUnwritten(this.slot, this.deps);
      return this.checkpoint(true);
    });
    this.#checkpoints.follow(writing);
    return writing;
  }

  /** Writes the zone's state as of its last committed tick; `live` false: it goes to sleep with it. false: it was not written. */
  checkpoint(live: boolean): Promise<boolean> {
    return this.#checkpoints.write(live);
  }

  // ─── failure ───

  async #fail(tick: TickNumber, lease: Lease, error: unknown): Promise<void> {
    const { slot, deps } = this;
    deps.simulation.abandon(slot.zone, tick);
    this.step = 'searching';
    const failure = await settleFailure(tick, lease, error, slot, deps);
    this.step = 'ended';
    slot.endTick();
    this.events.failed(failure);
  }
}
