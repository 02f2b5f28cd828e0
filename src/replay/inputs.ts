/**
 * What went into a tick, read back from its journal row: the other end of `encodeInputs` in `journal-record.ts`.
 */
import type { PlayerId, ZoneId } from '../../actors/ids.js';
import type { StepRequest } from '../../actors/steps.js';
import { BODY_VERSION } from '../simulation/body-reader.js';
import { comersOf, decodeIntent, type JournalIntent } from '../simulation/journal-record.js';
import type { StretchRow } from './stretch.js';

/** The request, without viewers, and what the tick was given besides. */
export interface TickInputs {
  readonly request: StepRequest;
  readonly seed: string;
  readonly elapsedMs: number;
  /** How old what it saw of each neighbor was; [] where it saw over no border. */
  readonly borderAges: readonly (number | null)[];
}

/** As the server wrote them; nothing else writes into the journal. */
interface WrittenInputs extends Pick<StepRequest, 'joins' | 'leaves' | 'inbox'> {
  readonly v: number;
  readonly now: number;
  readonly elapsed: number;
  readonly seed: string;
  readonly border?: readonly (number | null)[];
  readonly intents: readonly JournalIntent[];
}

/** `numbers`: of the players in the state before the tick. Throws for inputs of another version. */
export function readInputs(zone: ZoneId, row: StretchRow, numbers: ReadonlyMap<number, PlayerId>): TickInputs {
  const written: WrittenInputs = JSON.parse(row.inputs);
  if (written.v !== BODY_VERSION) throw new Error(`tick ${row.tick} was written by another version of the server`);
  const { joins, leaves, inbox } = written;
  const comers = comersOf(written);
  const named = (number: number) => playerOf(numbers.get(number) ?? comers.get(number), number, row);
  const intents = written.intents.map((intent) => decodeIntent(intent, named));
  const request = { zone, tick: row.tick, nowMs: written.now, intents, joins, leaves, inbox, viewers: [] };
  return { request, seed: written.seed, elapsedMs: written.elapsed, borderAges: written.border ?? [] };
}

function playerOf(id: PlayerId | undefined, number: number, { tick }: StretchRow): PlayerId {
  if (!id) throw new Error(`tick ${tick} has an intent of player ${number}, who was not there`);
  return id;
}
