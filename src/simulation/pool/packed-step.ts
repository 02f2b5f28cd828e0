/**
 * The request for a step as it crosses to a worker: two texts, whatever the number of players. Copied as objects, intents and viewers
 * would cost the main thread more than all else that it does for a tick. Players go by their small numbers, viewers who
 * want the same stand together, and the text of the intents is the one that the journal gets.
 */
import type { PlayerId, ZoneId } from '../../../actors/ids.js';
import type { StepRequest, Viewer } from '../../../actors/steps.js';
import { comersOf, decodeIntent, encodeIntents, type JournalIntent } from '../journal-record.js';

export interface PackedStep {
  readonly zone: ZoneId;
  /** As JSON: everything but the intents. */
  readonly request: string;
  readonly intents: string;
}

/** Viewers who follow one another and differ in nothing but who they are. */
type ViewerRun = Omit<Viewer, 'player' | 'number'> & { readonly numbers: readonly number[] };

// Here and in `unpackStep` what is spread stands last: adding to it afterwards would leave a hidden class behind for each zone and tick.
export function packStep({ intents, viewers, ...others }: StepRequest): PackedStep {
  return { zone: others.zone, request: JSON.stringify({ viewers: runsOf(viewers), ...others }), intents: encodeIntents(intents) };
}

/**
 * A viewer whom the zone does not have: it has followed an entity here whose arrival this tick does without. It keeps its place in
 * the list, and is shown nothing.
 */
// No player has this id.
const NOBODY = '' as PlayerId;

/** `playerOf`: of those who are in the zone, or were; others come in the request itself. Throws for an intent whose number is neither's. */
export function unpackStep(packed: PackedStep, playerOf: (number: number) => PlayerId | undefined): StepRequest {
  // Both texts come from `packStep`.
  const { viewers, ...others }: Omit<StepRequest, 'intents' | 'viewers'> & { readonly viewers: readonly ViewerRun[] } =
    JSON.parse(packed.request);
  const intents: readonly JournalIntent[] = JSON.parse(packed.intents);
  const comers = comersOf(others);
  const known = (number: number) => playerOf(number) ?? comers.get(number);
  const named = (number: number): PlayerId => {
    const player = known(number);
    if (player === undefined) throw new Error(`zone ${packed.zone} was never told of player number ${number}`);
    return player;
  };
  return {
    intents: intents.map((intent) => decodeIntent(intent, named)),
    intentsText: packed.intents,
    viewers: viewers.flatMap(({ numbers, sinceTick, lastTick, encoding, sync, base }) =>
      numbers.map((number): Viewer => ({ player: known(number) ?? NOBODY, number, sinceTick, lastTick, encoding, sync, base })),
    ),
    ...others,
  };
}

function runsOf(viewers: readonly Viewer[]): readonly ViewerRun[] {
  const runs: ViewerRun[] = [];
  let last: Viewer | null = null;
  let numbers: number[] = [];
  for (const viewer of viewers) {
    if (!last || !wantTheSame(last, viewer)) {
      const { sinceTick, lastTick, encoding, sync, base } = viewer;
      numbers = [];
      runs.push({ sinceTick, lastTick, encoding, sync, base, numbers });
    }
    numbers.push(viewer.number);
    last = viewer;
  }
  return runs;
}

function wantTheSame(a: Viewer, b: Viewer): boolean {
  const seenTheSame = a.sinceTick === b.sinceTick && a.lastTick === b.lastTick && a.base === b.base;
  return seenTheSame && a.encoding === b.encoding && a.sync === b.sync;
}
