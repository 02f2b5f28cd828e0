/**
 * One zone in memory, tick by tick: stages what the game answers, and adopts it or takes it back when told.
 * Which ticks there are, what is committed and who is shown what is decided by the zone actor; who may run
 * game code, and for how long, by the simulation that owns this.
 */
import { GameStepError } from '../../actors/errors.js';
import type { EntityId, PlayerId, TickNumber, ZoneId } from '../../actors/ids.js';
import type { StoredZone, ZoneCheckpoint, ZoneNeighbor } from '../../actors/records.js';
import type { LoadedZone, StepAnswer, StepRequest } from '../../actors/steps.js';
import type { BorderSet, GameModule, JsonObject, Neighbor, Tick } from '../../games/contract.js';
import { applyResult } from './apply-result.js';
import { NO_BORDER } from './borders/border-set.js';
import type { Strip } from './borders/strip.js';
import { type BorderRules, neighborViews, ZoneBorder } from './borders/zone-border.js';
import { EventLog } from './event-log.js';
import { projectionOf, restoreZone } from './fold.js';
import { tickOf } from './given-tick.js';
import { MalformedResultError, messageOf } from './plain-json.js';
import { type Admit, stagePresence } from './presence.js';
import type { TickRandom } from './random.js';
import { checkResult, isEmptyResult } from './result-check.js';
import { answerOf, rowOf } from './step-answer.js';
import { TickStage } from './tick-stage.js';
import { makeViews, newRoom, type Shown, type ViewRoom } from './views/make-views.js';
import type { ViewSource } from './views/view-maker.js';
import { encodeCheckpoint } from './zone-codec.js';
import type { StagedChanges, ZoneState } from './zone-state.js';

/** What every zone of a server has in common. */
export interface ZoneRules {
  readonly game: GameModule;
  /** The chance of one tick of one zone. */
  readonly random: (zone: ZoneId, tick: TickNumber) => TickRandom;
  readonly maxZoneBytes: number;
  readonly admit: Admit;
  /** null: the game does not look over borders. */
  readonly border: BorderRules | null;
  readonly monotonicMs: () => number;
  /** What is written into, by one zone after the other. Absent: something new each time. */
  readonly room?: ViewRoom;
}

/** What the last tick said that is not state: shown again to whoever looks in between. */
interface Said {
  readonly events: EventLog;
  readonly extras: JsonObject;
}

interface Staged extends Said {
  readonly changes: StagedChanges;
  readonly shown: ReadonlyMap<PlayerId, Shown>;
}

export class ResidentZone {
  readonly #rules: ZoneRules;
  readonly #state: ZoneState;
  /** Entities changed since the last checkpoint. */
  #touched: Set<EntityId>;
  #said: Said;
  #staged: Staged | null = null;
  /** What viewers were shown last; one whose next message is whole anyway may have something old here. */
  readonly #shown = new Map<PlayerId, Shown>();
  #neighbors: readonly ZoneNeighbor[];
  #neighborViews: readonly Neighbor[];
  /** null: nothing lies beside the zone, or the game does not look there. */
  readonly #border: ZoneBorder | null;

  /** Restores the zone. Throws `CorruptBodyError`. */
  constructor(stored: StoredZone, rules: ZoneRules) {
    const { state, touched } = restoreZone(stored);
    this.#rules = rules;
    this.#state = state;
    this.#said = { events: EventLog.of(stored.unseenEvents ?? []), extras: {} };
    this.#touched = new Set(touched);
    this.#neighbors = stored.neighbors;
    this.#neighborViews = neighborViews(stored.neighbors);
    this.#border = rules.border && stored.neighbors.length > 0 ? new ZoneBorder(stored, state, rules.border) : null;
  }

  /** What the zones beside it see of it; null: nothing. */
  get strip(): Strip | null {
    return this.#border?.strip ?? null;
  }

  /** That zone lies beside this one no more. */
  forgetNeighbor(zone: ZoneId): void {
    this.#neighbors = this.#neighbors.filter(({ id }) => id !== zone);
    this.#neighborViews = neighborViews(this.#neighbors);
    this.#border?.lay(this.#neighbors);
  }

  /** The player of this small number; undefined: none that was here. */
  playerOf(number: number): PlayerId | undefined {
    return this.#state.playerOf(number);
  }

  loaded(): Omit<LoadedZone, 'unseen'> {
    const { tick, tickedAtMs, wakeAtMs, zone } = this.#state.facts;
    const players = Array.from(this.#state.players.values(), (player) => player.held);
    return { tick, tickedAtMs, wakeAtMs, metadata: zone.metadata, players };
  }

  /**
   * Stages a tick; an earlier staged one counts as committed. Throws `GameStepError` when it is the
   * game's fault; nothing is staged then. A tick that is not above the last one is a bug, and throws too.
   */
  step(request: StepRequest): StepAnswer {
    if (request.tick <= this.#state.facts.tick) throw new Error(`tick ${request.tick} comes after ${this.#state.facts.tick}`);
    this.adopt(request.tick - 1);
    this.#state.begin();
    try {
      return this.#stage(request);
    } catch (error) {
      this.discard();
      if (!(error instanceof MalformedResultError)) throw error;
      throw new GameStepError(request.zone, request.tick, error.message, { cause: error });
    }
  }

  /** Runs a tick that is not kept; null: it succeeds, else what went wrong. */
  probe(request: StepRequest): string | null {
    try {
      this.step(request);
      this.discard();
      return null;
    } catch (error) {
      return messageOf(error);
    }
  }

  /** The staged tick stands, if it is not above this one. */
  adopt(tick: TickNumber): void {
    if (!this.#staged || this.#state.facts.tick > tick) return;
    for (const { key } of this.#staged.changes.entities) this.#touched.add(key);
    this.#state.adopt();
    this.#border?.adopt();
    const { events, extras, shown } = this.#staged;
    this.#said = { events, extras };
    for (const id of this.#shown.keys()) if (!this.#state.players.has(id)) this.#shown.delete(id);
    for (const [id, state] of shown) this.#shown.set(id, state);
    this.#staged = null;
  }

  /** Takes the staged tick back, if it is this one; a step that failed has left nothing to take back. */
  abandon(tick: TickNumber): void {
    if (this.#staged && this.#state.facts.tick === tick) this.discard();
  }

  /** Takes back whatever is staged, complete or cut off in the middle. */
  discard(): void {
    // Differences were made for them that nobody will see: their next message is whole.
    for (const id of this.#staged?.shown.keys() ?? []) this.#shown.delete(id);
    this.#staged = null;
    this.#border?.discard();
    if (this.#state.isStaged) this.#state.undo();
  }

  /** As of the last adopted tick, with what changed since the last call. */
  checkpoint(): Pick<ZoneCheckpoint, 'tick' | 'body' | 'changed' | 'gone'> {
    const touched = this.#touched;
    this.#touched = new Set();
    return this.#state.committed(() => ({
      tick: this.#state.facts.tick,
      body: encodeCheckpoint(this.#state),
      ...projectionOf(this.#state, touched),
    }));
  }

  /** Looks at the last adopted state. `read` answers at once and keeps nothing that is live. */
  read<Answer>(read: (state: ZoneState, source: ViewSource) => Answer): Answer {
    const border = this.#border?.atRest() ?? NO_BORDER;
    return this.#state.committed(() => read(this.#state, this.#source(this.#said, border)));
  }

  #stage(request: StepRequest): StepAnswer {
    const { monotonicMs, admit, room = newRoom() } = this.#rules;
    const beganMs = monotonicMs();
    const stage = this.#begin(request);
    const wasDue = this.#clearWish(stage);
    stagePresence(stage, request, admit);
    const beside = this.#border?.begin(request) ?? NO_BORDER;
    const tick = tickOf(stage, request, { neighbors: this.#neighborViews, border: beside });
    const startedMs = monotonicMs();
    const result = checkResult(this.#play(tick, request));
    applyResult(stage, result);
    turnRound(stage);
    const isEventful = wasDue || hasInputs(request) || !isEmptyResult(result);
    const changes = this.#state.changes();
    const appliedMs = monotonicMs();
    const row = isEventful ? rowOf(stage, request, changes, room.slab, this.#border?.ages(request.tick)) : null;
    const change = this.#border?.stage(changes, stage.sends) ?? null;
    const said = { events: this.#said.events.plus(stage.tick, result.events), extras: result.extras };
    const encodedMs = monotonicMs();
    const seen = this.#border?.staged() ?? NO_BORDER;
    const views = makeViews(this.#source(said, seen), request.viewers, this.#shown, monotonicMs, room);
    const timings = {
      intentsMs: startedMs - beganMs,
      rulesMs: appliedMs - startedMs,
      viewsMs: monotonicMs() - encodedMs - views.writingMs,
      encodingMs: encodedMs - appliedMs + views.writingMs,
    };
    this.#staged = { changes, shown: views.shown, ...said };
    const border = this.#border && { change, hidden: this.#border.hidden };
    const { events, metrics } = result;
    return answerOf(stage, request, changes, { row, views, events, timings, metrics, border });
  }

  #source(said: Said, border: BorderSet): ViewSource {
    return { game: this.#rules.game, state: this.#state, neighbors: this.#neighborViews, border, ...said };
  }

  #begin(request: StepRequest): TickStage {
    const { maxZoneBytes } = this.#rules;
    const { tickedAtMs } = this.#state.facts;
    const nowMs = Math.max(request.nowMs, tickedAtMs);
    this.#state.putFacts({ tick: request.tick, tickedAtMs: nowMs });
    const random = this.#rules.random(request.zone, request.tick);
    return new TickStage(this.#state, request.tick, nowMs, nowMs - tickedAtMs, random, maxZoneBytes);
  }

  /** A wish that has come due is used up by this tick. */
  #clearWish(stage: TickStage): boolean {
    const { wakeAtMs } = this.#state.facts;
    if (wakeAtMs === null || wakeAtMs > stage.nowMs) return false;
    this.#state.putFacts({ wakeAtMs: null });
    return true;
  }

  #play(tick: Tick, request: StepRequest): unknown {
    try {
      return this.#rules.game.onTick(tick);
    } catch (error) {
      throw new GameStepError(request.zone, request.tick, `onTick threw: ${messageOf(error)}`, { cause: error });
    }
  }
}

/** What could not be taken in goes back with the marks that this tick gave its players. */
function turnRound(stage: TickStage): void {
  for (const { row, reason, followers } of stage.turned) {
    stage.sends.push({ to: row.from, tick: stage.tick, kind: 'returned', reason, parcel: { ...row.parcel, followers } });
  }
}

function hasInputs({ intents, joins, leaves, inbox }: StepRequest): boolean {
  return intents.length + joins.length + leaves.length + inbox.length > 0;
}
