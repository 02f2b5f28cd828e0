/**
 * What is left of a tick that failed: whose fault it was, what its intents and joins come to, and what the next tick goes
 * without. That the incarnation ends with it is `tick.ts`'s.
 */
import { CommitRefusedError, PoisonError, PoisonedInboxError } from '../errors.js';
import type { TickNumber } from '../ids.js';
import type { Presences } from '../players/presences.js';
import type { QueuedIntent } from '../steps.js';
import type { Telemetry } from '../telemetry.js';
import type { Lease } from './lease.js';
import { blameFor, type SearchDeps } from './search.js';
import type { ZoneSlot } from './slot.js';

export interface FailedTickDeps extends SearchDeps {
  readonly presences: Presences;
  readonly telemetry: Telemetry;
}

/** Answers what the incarnation has failed with: `error`, or what was found out to be behind it. */
export async function settleFailure(
  tick: TickNumber,
  lease: Lease,
  error: unknown,
  slot: ZoneSlot,
  deps: FailedTickDeps,
): Promise<unknown> {
  const { request } = lease;
  const blame = await blameFor(lease, error, slot, deps);
  await giveUpJoins(request, error, slot, deps);
  if (blame.type === 'zone') deps.presences.fates.drop(slot.mailbox.abandon());
  else slot.mailbox.giveBack();
  if (blame.type === 'intent') takeOut(tick, request.intents[blame.index], blame.error, slot, deps);
  for (const { id } of request.joins) {
    if (!slot.present.has(id)) deps.presences.fates.drop(slot.mailbox.withdraw(id));
  }
  // The next tick goes without them. When it succeeds it was them, and they go back.
  slot.suspects = blame.type === 'inbox' ? new Set(request.inbox.map(({ id }) => id)) : new Set();
  if (blame.type === 'intent') return new PoisonError(slot.zone, tick, blame.error, { cause: error });
  return blame.type === 'inbox' ? new PoisonedInboxError(slot.zone, tick) : error;
}

/** Nobody has taken these players in: where they go is asked again. */
async function giveUpJoins(
  { joins }: Lease['request'],
  error: unknown,
  slot: ZoneSlot,
  { presences }: FailedTickDeps,
): Promise<void> {
  const isConflict = error instanceof CommitRefusedError && error.reason === 'conflict';
  for (const { id } of joins) {
    const presence = presences.find(id);
    if (presence?.claimedBy !== slot.zone) continue;
    if (isConflict) await presences.learnAnew(presence);
    presence.claimedBy = null;
    presences.reconcile(presence);
  }
}

/** It counts against its sender, and everybody else's wait for the next tick. */
function takeOut(
  tick: TickNumber,
  poison: QueuedIntent | undefined,
  error: string,
  slot: ZoneSlot,
  { presences, clock, telemetry }: FailedTickDeps,
): void {
  if (!poison) return;
  slot.mailbox.remove(poison);
  slot.notePoison({ player: poison.player, seq: poison.seq, tick, error, atMs: clock.epochMs() });
  telemetry.count('intents_poison_total');
  presences.strikes.strike(poison.player, clock.monotonicMs());
  presences.fates.drop([poison], 'poison');
}
