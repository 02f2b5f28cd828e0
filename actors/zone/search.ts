/**
 * Finds out whose fault a failed tick was, where that can be found out: on the zone as it stands in its
 * host, or, when the host went with it, on a copy of what was committed in a host of its own.
 */

import type { Committer } from '../committer.js';
import { CommitRefusedError, GameStepError, HostLostError, OwnershipLostError } from '../errors.js';
import { insist } from '../insisting.js';
import type { Clock, Simulation, ZoneStore } from '../ports.js';
import type { StoredZone } from '../records.js';
import type { StepRequest } from '../steps.js';
import { type Blame, findBlame } from './blame.js';
import type { Lease } from './lease.js';
import type { ZoneSlot } from './slot.js';
import { writeUnwritten } from './unwritten.js';

export interface SearchDeps {
  readonly simulation: Simulation;
  readonly store: Pick<ZoneStore, 'claim'>;
  readonly committer: Committer;
  readonly clock: Clock;
}

const NOBODYS_FAULT = [CommitRefusedError, OwnershipLostError, HostLostError];
/** A search is given up after so long: the zone waits for it. */
const SEARCH_LIMIT_MS = 10_000;

/** 'nobody': not the game's fault either, and everything is tried again. */
export async function blameFor(
  { request, triedWithout }: Lease,
  error: unknown,
  slot: ZoneSlot,
  deps: SearchDeps,
): Promise<Blame | { readonly type: 'nobody' }> {
  if (NOBODYS_FAULT.some((kind) => error instanceof kind)) return { type: 'nobody' };
  if (!(error instanceof GameStepError) || request.intents.length + request.inbox.length === 0) return { type: 'zone' };
  try {
    return await search(request, slot, deps);
  } catch {
    // Not to be found out now: the inbox is suspected first, once.
    return { type: request.inbox.length > 0 && triedWithout.size === 0 ? 'inbox' : 'zone' };
  }
}

async function search(request: StepRequest, slot: ZoneSlot, deps: SearchDeps): Promise<Blame> {
  const { simulation, clock } = deps;
  const sinceMs = clock.monotonicMs();
  const isLate = () => clock.monotonicMs() - sinceMs > SEARCH_LIMIT_MS;
  try {
    return await findBlame(request, (part) => simulation.probe(part), isLate);
  } catch (lost) {
    if (!(lost instanceof HostLostError)) throw lost;
  }
  const scratch = simulation.scratch(await claim(slot, deps));
  try {
    return await findBlame(request, (part) => scratch.probe(part), isLate);
  } finally {
    await scratch.close();
  }
}

async function claim(slot: ZoneSlot, deps: SearchDeps): Promise<StoredZone> {
  await writeUnwritten(slot, deps);
  // Raised and not known, the epoch would have everything refused that is said for the zone until it is restored.
  const stored = await insist(
    deps.clock,
    () => deps.store.claim(slot.zone),
    () => slot.closing,
  );
  if (!stored) throw new CommitRefusedError(slot.zone, 'epoch');
  slot.epoch = stored.epoch;
  return stored;
}
