/**
 * What a zone has shown and not written yet, written; and what the answer of a commit means to a zone.
 */
import type { Committer } from '../committer.js';
import { CommitRefusedError } from '../errors.js';
import type { ZoneId } from '../ids.js';
import type { Clock } from '../ports.js';
import type { CommitOutcome, InboxRow } from '../records.js';
import type { ZoneSlot } from './slot.js';

/** With PERSIST_EVERY_TICKS above 1: only a crash of the process takes back what was shown. */
export async function writeUnwritten(
  slot: ZoneSlot,
  { committer, clock }: { readonly committer: Committer; readonly clock: Clock },
): Promise<void> {
  if (slot.owed.rows === 0) return;
  const { wakeAtMs, ...unwritten } = slot.owed.take();
  const wish = slot.owed.wishToStore(wakeAtMs);
  const commit = { ...unwritten, wakeAtMs: wish, zone: slot.zone, epoch: slot.epoch, takes: [], sends: [], places: [] };
  sentBy(slot.zone, await committer.commit({ ...commit, nowMs: clock.epochMs() }));
  slot.owed.wishStored(wish);
}

/** The rows that the commit made. Throws when it was not committed: refused is nobody's fault, failed is the zone's. */
export function sentBy(zone: ZoneId, outcome: CommitOutcome): readonly InboxRow[] {
  if (outcome.type === 'refused') throw new CommitRefusedError(zone, outcome.reason);
  if (outcome.type === 'failed') throw outcome.error;
  return outcome.sent;
}
