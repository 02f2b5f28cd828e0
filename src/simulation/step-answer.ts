/**
 * What a step answers: the row for the journal, and to the zone actor what the tick has changed besides entities.
 */
import type { JournalRow, PlaceMove } from '../../actors/records.js';
import type { StepAnswer, StepRequest } from '../../actors/steps.js';
import type { JsonObject } from '../../games/contract.js';
import { encodeInputs, encodeRecord } from './journal-record.js';
import type { Slab } from './slab.js';
import type { TickStage } from './tick-stage.js';
import type { Views } from './views/make-views.js';
import type { StagedChanges, ZoneState } from './zone-state.js';

export function rowOf(
  stage: TickStage,
  request: StepRequest,
  changes: StagedChanges,
  slab: Slab,
  borderAges: readonly (number | null)[] | undefined,
): JournalRow {
  const { tick, nowMs, elapsedMs, random } = stage;
  return {
    tick,
    inputs: encodeInputs(request, { nowMs, elapsedMs, seed: random.seed, borderAges }),
    body: encodeRecord(changes, slab),
  };
}

export function answerOf(
  stage: TickStage,
  request: StepRequest,
  { before, after, players }: StagedChanges,
  {
    row,
    views,
    events,
    timings,
    metrics,
    border,
  }: Pick<StepAnswer, 'row' | 'timings' | 'metrics' | 'border'> & {
    readonly views: Views;
    readonly events: readonly JsonObject[];
  },
): StepAnswer {
  // Every answer has the same fields, in the same order: there is one for each zone and tick.
  return {
    row,
    takes: request.inbox.map((row) => row.id),
    sends: stage.sends,
    places: placeMoves(stage, request),
    metadata: after.zone.metadata === before.zone.metadata ? undefined : after.zone.metadata,
    wakeAtMs: after.wakeAtMs === before.wakeAtMs ? undefined : after.wakeAtMs,
    players: committedPlayers(stage, players),
    frames: views.frames,
    viewFailure: views.failure,
    unseenEvents: unseenOf(request, stage.state, events),
    messages: stage.messages,
    savesPlayers: players.some(
      (change) => change.before && change.after && change.before.held.document !== change.after.held.document,
    ),
    timings,
    metrics,
    ignored: stage.ignored,
    border,
  };
}

/** Written only where it may be wanted: as a rule everybody is shown every tick. */
function unseenOf({ viewers }: StepRequest, { players }: ZoneState, events: readonly JsonObject[]): string | null {
  const shown = viewers.reduce((sum, { numbers }) => sum + numbers.length, 0);
  if (shown >= players.size) return null;
  return events.length === 0 ? '' : JSON.stringify(events);
}

/** Everybody who is here now; documents only where they are news. null: nothing but marks has changed. */
function committedPlayers(stage: TickStage, changes: StagedChanges['players']): StepAnswer['players'] {
  if (changes.every(({ before, after }) => before?.order === after?.order && before?.held.document === after?.held.document))
    return null;
  const news = new Set(
    changes.filter(({ before, after }) => before?.held.document !== after?.held.document).map(({ key }) => key),
  );
  return Array.from(stage.state.players.values(), ({ held: { id: player, stay, mark, document } }) =>
    news.has(player) ? { player, stay, mark, document } : { player, stay, mark },
  );
}

/** Who came from nobody's hands, and who goes into them; followers of transfers go with their parcel. */
function placeMoves(stage: TickStage, { joins }: StepRequest): readonly PlaceMove[] {
  const joined = joins.map(({ id, stay }): PlaceMove => ({ type: 'joined', player: id, stay }));
  const left = Array.from(stage.leaving.values()).flatMap(({ player, gone }): PlaceMove | [] => {
    const { id, stay, document, mark } = player.held;
    return gone ? [] : { type: 'left', player: id, stay, document, mark };
  });
  return [...joined, ...left];
}
