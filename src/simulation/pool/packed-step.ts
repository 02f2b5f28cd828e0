/**
 * The request for a step as it crosses to a worker: two texts, whatever the number of players. Copied as objects, intents
 * would cost the main thread more than all else that it does for a tick. Players go by their small numbers, and the text of the
 * intents is the one that the journal gets.
 */
import type { PlayerId, ZoneId } from '../../../actors/ids.js';
import type { StepRequest } from '../../../actors/steps.js';
import { comersOf, decodeIntent, encodeIntents, type JournalIntent } from '../journal-record.js';

export interface PackedStep {
  readonly zone: ZoneId;
  /** As JSON: everything but the intents. */
  readonly request: string;
  readonly intents: string;
}

export function packStep({ intents, ...others }: StepRequest): PackedStep {
  return { zone: others.zone, request: JSON.stringify(others), intents: encodeIntents(intents) };
}

/** `playerOf`: of those who are in the zone, or were; others come in the request itself. Throws for an intent whose number is neither's. */
export function unpackStep(packed: PackedStep, playerOf: (number: number) => PlayerId | undefined): StepRequest {
  // Both texts come from `packStep`.
  const others: Omit<StepRequest, 'intents'> = JSON.parse(packed.request);
  const intents: readonly JournalIntent[] = JSON.parse(packed.intents);
  const comers = comersOf(others);
  const named = (number: number): PlayerId => {
    const player = playerOf(number) ?? comers.get(number);
    if (player === undefined) throw new Error(`zone ${packed.zone} was never told of player number ${number}`);
    return player;
  };
  // What is spread stands last: adding to it afterwards would leave a hidden class behind for each zone and tick.
  return { intents: intents.map((intent) => decodeIntent(intent, named)), intentsText: packed.intents, ...others };
}
