/**
 * What one tick of a zone is given: everything that came up since the last one, taken once and for this tick alone.
 * What becomes of it, committed or failed, is `tick.ts`'s.
 */
import type { TickNumber } from '../ids.js';
import type { Presence } from '../players/presence.js';
import type { Presences } from '../players/presences.js';
import type { Clock } from '../ports.js';
import type { HeldPlayer, InboxRow } from '../records.js';
import type { StepRequest, ViewerGroup, Viewing } from '../steps.js';
import type { ZoneSlot } from './slot.js';

export interface Lease {
  readonly request: StepRequest;
  /** Who is behind each of the request's viewers, in their order. */
  readonly watching: readonly Presence[];
  /** Rows that this tick was not given, to see whether they made the last one fail. */
  readonly triedWithout: ReadonlySet<number>;
}

export interface LeaseDeps {
  readonly presences: Presences;
  readonly clock: Clock;
  readonly snapshotEveryTicks: number;
}

export function leaseTick(tick: TickNumber, slot: ZoneSlot, { presences, clock, snapshotEveryTicks }: LeaseDeps): Lease {
  const { viewers, watching } = tick % snapshotEveryTicks === 0 ? viewersOf(tick, slot) : NOBODY;
  const comers = { joins: joinsOf(slot), leaves: leavesOf(slot, presences), inbox: inboxOf(tick, slot, presences) };
  const intents = takeIntents(slot, comers);
  const request: StepRequest = {
    zone: slot.zone,
    tick,
    nowMs: clock.epochMs(),
    intents,
    viewers,
    ...comers,
    ...heldBackOf(slot),
  };
  return { request, watching, triedWithout: slot.suspects };
}

function joinsOf(slot: ZoneSlot): StepRequest['joins'] {
  const joins: HeldPlayer[] = [];
  for (const presence of slot.present.values()) {
    if (presence.holder !== null || presence.claimedBy !== null) continue;
    presence.claimedBy = slot.zone;
    joins.push(presence.asHeld());
  }
  return joins;
}

/** Who was here by the last commit and is not any more; `gone`: other hands have it already. */
function leavesOf(slot: ZoneSlot, presences: Presences): StepRequest['leaves'] {
  const leaves: { player: Presence['id']; gone: boolean }[] = [];
  for (const [player, { stay }] of slot.committed) {
    const here = slot.present.get(player);
    const presence = here ?? presences.find(player);
    const ours = presence?.holder === slot.zone && presence.stay === stay;
    if (!ours || !here) leaves.push({ player, gone: !ours });
  }
  return leaves;
}

function inboxOf(tick: TickNumber, slot: ZoneSlot, presences: Presences): StepRequest['inbox'] {
  return [...slot.inbox.values()]
    .filter((row) => row.tick < tick && !slot.suspects.has(row.id))
    .sort((a, b) => a.id - b.id)
    .map((row) => withoutStale(row, slot, presences));
}

function heldBackOf({ suspects, inbox }: ZoneSlot): Pick<StepRequest, 'heldBack'> | null {
  return suspects.size === 0 ? null : { heldBack: [...inbox.values()].filter((row) => suspects.has(row.id)) };
}

function withoutStale(row: InboxRow, slot: ZoneSlot, presences: Presences): InboxRow {
  const followers = row.followers.filter(({ player, stay }) => {
    const presence = presences.find(player);
    return presence?.holder === slot.zone && presence.stay === stay;
  });
  return followers.length === row.followers.length ? row : { ...row, followers };
}

/**
 * What players of this very tick have asked for: an intent of anybody else would move no mark, and so be neither
 * applied nor reported. One who is still to come waits; what came by a route is nobody's in particular.
 */
function takeIntents(
  slot: ZoneSlot,
  { joins, leaves, inbox }: Pick<StepRequest, 'joins' | 'leaves' | 'inbox'>,
): StepRequest['intents'] {
  if (slot.mailbox.length === 0) return [];
  if (joins.length + leaves.length + inbox.length === 0)
    return slot.mailbox.take(({ player, run }) => run === null || slot.committed.has(player));
  const players = new Set(slot.committed.keys());
  for (const { player, gone } of leaves) if (gone) players.delete(player);
  for (const { id } of joins) players.add(id);
  for (const row of inbox) for (const { player } of row.followers) players.add(player);
  return slot.mailbox.take(({ player, run }) => run === null || players.has(player));
}

interface Viewers {
  readonly viewers: readonly ViewerGroup[];
  readonly watching: readonly Presence[];
}

const NOBODY: Viewers = { viewers: [], watching: [] };

function viewersOf(tick: TickNumber, slot: ZoneSlot): Viewers {
  const viewers: ViewerGroup[] = [];
  const watching: Presence[] = [];
  let last: ViewerGroup | null = null;
  let numbers: number[] = [];
  for (const presence of slot.present.values()) {
    const viewing = presence.listener?.viewing(slot.zone, tick);
    if (!viewing) continue;
    if (!last || !wantTheSame(last, viewing)) {
      const { sinceTick, lastTick, encoding, sync, base } = viewing;
      numbers = [];
      last = { sinceTick, lastTick, encoding, sync, base, numbers };
      viewers.push(last);
    }
    numbers.push(presence.number);
    watching.push(presence);
  }
  return { viewers, watching };
}

function wantTheSame(a: Viewing, b: Viewing): boolean {
  const sawTheSame = a.sinceTick === b.sinceTick && a.lastTick === b.lastTick && a.base === b.base;
  return sawTheSame && a.encoding === b.encoding && a.sync === b.sync;
}
