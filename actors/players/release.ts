/**
 * Lets a player go from a zone that cannot tick now: by a commit of its own, out of the zone's committed state or of
 * the row that was bringing the player. Who is to go, and where to from there, is decided in `presences.ts`.
 */
import type { Committer } from '../committer.js';
import type { ZoneId } from '../ids.js';
import type { Clock, PlaceStore } from '../ports.js';
import type { LeftMove } from '../records.js';
import type { Log } from '../telemetry.js';
import type { ZoneSlot } from '../zone/slot.js';
import type { Presence } from './presence.js';
import type { Slots } from './presences.js';

export interface ReleaseDeps {
  readonly slots: Pick<Slots, 'find' | 'ticks'>;
  readonly places: Pick<PlaceStore, 'place'>;
  readonly committer: Committer;
  readonly clock: Clock;
  readonly log: Log;
  /** The zone has given the player back. */
  left(slot: ZoneSlot, move: LeftMove): void;
}

/** `slot`: the holder's; undefined: there is no such zone. Resolves when the player is to be asked again where it wants to be. */
export function release(presence: Presence, holder: ZoneId, slot: ZoneSlot | undefined, deps: ReleaseDeps): Promise<void> {
  // A zone that is gone has given the player back; only the answer was lost.
  const released = slot ? slot.hold(() => letGo(presence, slot, deps)) : learnRelease(presence, deps.places);
  return released.catch((error: unknown) => notReleased(presence, holder, error, deps));
}

async function letGo(presence: Presence, slot: ZoneSlot, deps: ReleaseDeps): Promise<void> {
  const held = slot.held(presence.id, presence.stay);
  if (!held) throw new Error('the zone that holds the player does not know it');
  const move = { type: 'left', player: presence.id, ...held } as const;
  const unwritten = slot.owed.take();
  const outcome = await deps.committer.commit({
    ...unwritten,
    zone: slot.zone,
    epoch: slot.epoch,
    takes: [],
    sends: [],
    places: [move],
    nowMs: deps.clock.epochMs(),
  });
  if (outcome.type === 'committed') return deps.left(slot, move);
  slot.owed.giveBack(unwritten);
  await learnRelease(presence, deps.places);
}

/** Somebody else has moved the player, and the row says where to. Rejects when it does not. */
export async function learnRelease(presence: Presence, places: Pick<PlaceStore, 'place'>): Promise<void> {
  const { holder, stay, document, mark } = await places.place(presence.id);
  if (stay < presence.stay || holder === presence.holder) throw new Error('the store will not let the player go');
  Object.assign(presence, { holder, stay, document, mark });
}

/** Resolves when it is to be asked again: a zone that is about to be read anew will tick, and let the player go by that. */
function notReleased(presence: Presence, holder: ZoneId, error: unknown, { slots, log }: ReleaseDeps): Promise<void> | undefined {
  const slot = slots.find(holder);
  if (slot?.phase === 'pausing') return slot.nextPhase();
  if (slot && slots.ticks(slot)) return undefined;
  log.error({ err: error, zone: holder, player: presence.id }, 'a player could not be released');
  presence.wanted = null;
  presence.onEntered = null;
  presence.listener?.cannotLeave(holder);
  return undefined;
}
