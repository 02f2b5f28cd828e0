/**
 * What one incarnation of a zone does to the world outside ticks: it takes the zone over from the
 * store, gives it back when it goes, and turns its inbox round when it is quarantined.
 */
import { HostLostError } from '../errors.js';
import type { ZoneId } from '../ids.js';
import { insist } from '../insisting.js';
import type { ZoneStore } from '../ports.js';
import type { HeldPlayer, InboxRow, StoredZone } from '../records.js';
import type { Incarnation } from './machine.js';
import type { ZoneSlot } from './slot.js';
import { ZoneRun, type ZoneRunDeps, type ZoneRunEvents } from './tick.js';
import { writeUnwritten } from './unwritten.js';

export interface IncarnationDeps extends ZoneRunDeps {
  /** The address of a zone that is awake. */
  slotOf(zone: ZoneId): ZoneSlot | undefined;
  readonly store: ZoneStore;
  /** Resolves when a stop takes so long that the rest of the zones are to go without a checkpoint: their ticks are in the journal. */
  readonly hurried: Promise<void>;
}

export function incarnationOf(slot: ZoneSlot, deps: IncarnationDeps): Incarnation {
  return {
    restore: (events) => restore(slot, deps, events),
    quarantine: () => quarantine(slot, deps),
    drain: (run, why) => drain(slot, deps, run, why),
  };
}

async function restore(slot: ZoneSlot, deps: IncarnationDeps, events: ZoneRunEvents): Promise<ZoneRun | null> {
  // The claim raises the epoch, and would refuse a write that is still under way.
  await slot.released();
  await writeUnwritten(slot, deps);
  const postedBefore = [...slot.inbox.keys()];
  const stored = await deps.store.claim(slot.zone);
  slot.gone = stored === null;
  if (!stored) return null;
  slot.epoch = stored.epoch;
  // Ticks that wrote nothing were committed too, and the journal does not know them.
  const tickedUntilMs = Math.max(stored.tickedUntilMs ?? 0, slot.tickedAtMs);
  const posted = [...slot.inbox.values()].filter(({ id }) => !postedBefore.includes(id));
  const loaded = await deps.simulation.load({
    ...withKnown(stored, slot, posted, deps),
    tickedUntilMs,
    unseenEvents: slot.unseen.ticks,
  });
  await Promise.all(loaded.unseen.map((neighbor) => showStored(slot, deps, neighbor)));
  slot.info = { ...stored.info, metadata: loaded.metadata };
  slot.wakeAtMs = loaded.wakeAtMs;
  slot.owed.storedWakeAtMs = stored.wakeAtMs;
  takePlayers(slot, deps, stored, loaded.players);
  takeInbox(slot, deps, stored, postedBefore);
  slot.restored = true;
  return new ZoneRun(slot, deps, events);
}

/** A zone beside this one that sleeps, or is itself being restored: what is committed of it can be seen all the same. */
async function showStored(slot: ZoneSlot, deps: IncarnationDeps, neighbor: ZoneId): Promise<void> {
  const { store, simulation, log, slotOf } = deps;
  const stored = await store.look(neighbor);
  if (!stored) return;
  try {
    const beside = slotOf(neighbor);
    const known = beside ? withKnown(stored, beside, [...beside.inbox.values()], { slotOf }) : stored;
    await simulation.showStored(slot.zone, known);
  } catch (error) {
    if (error instanceof HostLostError) throw error;
    // It cannot be restored either; that is no reason for this zone not to be.
    log.warn({ zone: slot.zone, neighbor, err: error }, 'a zone cannot be shown to the one beside it');
  }
}

/**
 * With what came to its address since it was read. A neighbor may have a commit under way that was not read here: what it
 * had published until now is accounted for, and no more.
 */
function withKnown(
  stored: StoredZone,
  slot: ZoneSlot,
  posted: readonly InboxRow[],
  { slotOf }: Pick<IncarnationDeps, 'slotOf'>,
): StoredZone {
  if (stored.neighbors.length === 0) return stored;
  const read = new Set(stored.inbox.map(({ id }) => id));
  const inbox = [...stored.inbox, ...posted.filter(({ id }) => !read.has(id))];
  const { lastTick: tick } = slot.timings;
  return { ...stored, inbox, known: { tick, posted: stored.neighbors.map(({ id }) => slotOf(id)?.timings.lastTick) } };
}

/** One who was let go without a tick is still in the state, and leaves it by the next one; but it is in other hands. */
function takePlayers(slot: ZoneSlot, deps: IncarnationDeps, stored: StoredZone, players: readonly HeldPlayer[]): void {
  slot.committed = new Map(players.map(({ id, ...held }) => [id, held]));
  const stays = new Map(stored.held.map(({ player, stay }) => [player, stay]));
  for (const player of players) if (stays.get(player.id) === player.stay) deps.presences.heldBy(slot.zone, player);
}

/** The table is the truth about what was posted before it was read; what was posted since is not in it yet. */
function takeInbox(slot: ZoneSlot, deps: IncarnationDeps, stored: StoredZone, postedBefore: readonly number[]): void {
  for (const id of postedBefore) slot.inbox.delete(id);
  for (const row of stored.inbox) {
    slot.inbox.set(row.id, row);
    for (const { player, stay } of row.followers) {
      const held = row.parcel.followers.find(({ id }) => id === player);
      if (held) deps.presences.heldBy(slot.zone, { ...held, stay } satisfies HeldPlayer);
    }
  }
}

async function quarantine(slot: ZoneSlot, deps: IncarnationDeps): Promise<void> {
  deps.presences.fates.drop(slot.mailbox.clear());
  for (const { listener } of slot.present.values()) listener?.zoneUnavailable(slot.zone);
  await slot.hold(async () => {
    // Until it has answered nobody knows who was turned round, and those would be in no zone's hands.
    const ask = () => deps.store.quarantine(slot.zone, slot.epoch);
    const turned = await insist(deps.clock, ask, () => slot.closing);
    deps.crossings.dispatchBack(slot, slot.arrivals([...slot.inbox.keys()]), turned);
    await writeUnwritten(slot, deps);
  });
}

async function drain(
  slot: ZoneSlot,
  deps: IncarnationDeps,
  run: ZoneRun | null,
  why: 'sleep' | 'stop',
): Promise<'asleep' | 'awake'> {
  await slot.released();
  if (!run) {
    await writeUnwritten(slot, deps);
    return 'asleep';
  }
  await run.end();
  if (why === 'sleep' && slot.reasonToLive(deps.clock.epochMs())) return 'awake';
  const needed = slot.committed.size > 0 || slot.inbox.size > 0;
  const saved = run.checkpoint(needed);
  const asleep = why === 'stop' ? await Promise.race([saved, deps.hurried]) : await saved;
  if (why === 'sleep' && !asleep) return 'awake';
  deps.simulation.drop(slot.zone);
  return 'asleep';
}
