/** What a player has asked of a zone lately, from the journal. */
import type { PlayerId, TickNumber, ZoneId } from '../../actors/ids.js';
import type { ZoneHistory } from '../../actors/ports.js';
import type { QueuedIntent } from '../../actors/steps.js';
import { decodeIntent, type JournalIntent } from '../simulation/journal-record.js';

export interface Asked extends Pick<QueuedIntent, 'seq' | 'data' | 'receivedAtMs'> {
  /** The tick that took it. */
  readonly tick: TickNumber;
}

/** So far back; whoever asked for nothing in so many ticks has not asked lately. */
const TICKS = 200;
const MOST = 20;

/** The newest first; [] where nothing is kept, or of a player whom nobody knows. */
export async function askedBy(history: ZoneHistory, zone: ZoneId, player: PlayerId): Promise<readonly Asked[]> {
  const newest = await history.newest(zone);
  const number = await history.playerNumber(player);
  if (newest === null || number === null) return [];
  const rows = await history.rows(zone, Math.max(0, newest - TICKS), newest, TICKS);
  const asked = rows.flatMap(({ tick, inputs }) => intentsIn(inputs, number, player).map((intent) => ({ tick, ...intent })));
  return asked.slice(-MOST).reverse();
}

/** Of one tick, in their order. One who was not there yet is named by its id. */
function intentsIn(inputs: string, number: number, player: PlayerId): Omit<Asked, 'tick'>[] {
  const { intents }: { readonly intents: readonly JournalIntent[] } = JSON.parse(inputs); // as the server wrote them
  return intents
    .filter(([who]) => who === number || who === player)
    .map((intent) => decodeIntent(intent, () => player))
    .map(({ seq, data, receivedAtMs }) => ({ seq, data, receivedAtMs }));
}
