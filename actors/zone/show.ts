/**
 * A committed tick on its way to those who watch: the game's messages, and to each its view. Only who is still subscribed
 * as it was when the tick began is shown anything.
 */
import type { TickNumber } from '../ids.js';
import type { Presence } from '../players/presence.js';
import { FRAME, type StepAnswer } from '../steps.js';
import type { Telemetry } from '../telemetry.js';
import type { ZoneSlot } from './slot.js';

/** `watching`: who is behind each of the viewers that the answer's frames were made for, in their order. */
export function showTick(
  tick: TickNumber,
  slot: ZoneSlot,
  watching: readonly Presence[],
  { messages, frames }: Pick<StepAnswer, 'messages' | 'frames'>,
  telemetry: Telemetry,
): void {
  for (const { player, text } of messages) slot.present.get(player)?.listener?.gameMessage(slot.zone, text);
  if (!frames) return;
  const { table } = frames;
  // A Buffer once: a socket would make one of each body for each player.
  const bytes = Buffer.from(frames.bytes.buffer, frames.bytes.byteOffset, frames.bytes.byteLength);
  let body: Uint8Array = NOTHING;
  let bodyAt = -1;
  let at = 0;
  for (const { presentIn, listener } of watching) {
    const from = table[at++] ?? 0;
    const to = table[at++] ?? 0;
    const kind = table[at++] ?? FRAME.none;
    if (!listener || presentIn !== slot.zone || kind === FRAME.none) continue;
    if (kind === FRAME.failed) {
      telemetry.count('view_failures_total');
      listener.viewFailed(slot.zone);
      continue;
    }
    // Those who are shown the same stand next to one another, as a rule.
    if (from !== bodyAt) body = bytes.subarray(from, to);
    bodyAt = from;
    listener.tick(slot.zone, tick, body, kind === FRAME.delta);
  }
}

const NOTHING = new Uint8Array();
