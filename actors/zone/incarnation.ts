/**
 * What one incarnation of a zone does to the world outside ticks: it takes the zone over from the
 * store, gives it back when it goes, and turns its inbox round when it is quarantined.
 */
import { CommitRefusedError } from '../errors.js';
import type { HeldPlayer, StoredZone, ZoneStore } from '../ports.js';
import type { Incarnation } from './machine.js';
import type { ZoneSlot } from './slot.js';
import { ZoneRun, type ZoneRunDeps, type ZoneRunEvents } from './tick.js';

export interface IncarnationDeps extends ZoneRunDeps {
  readonly store: ZoneStore;
}

export function incarnationOf(slot: ZoneSlot, deps: IncarnationDeps): Incarnation {
  return {
    restore: (events) => restore(slot, deps, events),
    quarantine: () => quarantine(slot, deps),
    drain: (run, why) => drain(slot, deps, run, why),
  };
}

async function restore(slot: ZoneSlot, deps: IncarnationDeps, events: ZoneRunEvents): Promise<ZoneRun | null> {
  await writeWhatWasShown(slot, deps);
  const stored = await deps.store.claim(slot.zone);
  if (!stored) return null;
  const loaded = await deps.simulation.load(stored);
  slot.epoch = stored.epoch;
  slot.info = { ...stored.info, metadata: loaded.metadata };
  slot.wakeAtMs = loaded.wakeAtMs;
  slot.committed = new Map(loaded.players.map(({ id, ...held }) => [id, held]));
  for (const player of loaded.players) deps.presences.heldBy(slot.zone, player);
  takeInbox(slot, deps, stored);
  return new ZoneRun(slot, deps, events);
}

/** The table is the truth: what was posted to the slot is read again. */
function takeInbox(slot: ZoneSlot, deps: IncarnationDeps, stored: StoredZone): void {
  slot.inbox.clear();
  for (const row of stored.inbox) {
    slot.inbox.set(row.id, row);
    for (const { player, stay } of row.followers) {
      const held = row.parcel.followers.find(({ id }) => id === player);
      if (held) deps.presences.heldBy(slot.zone, { ...held, stay } satisfies HeldPlayer);
    }
  }
}

/** With PERSIST_EVERY_TICKS above 1: only a crash of the process takes back what was shown. */
async function writeWhatWasShown(slot: ZoneSlot, deps: IncarnationDeps): Promise<void> {
  if (slot.unwritten.rows.length === 0) return;
  const commit = { ...slot.unwritten, zone: slot.zone, epoch: slot.epoch, takes: [], sends: [], places: [] };
  const outcome = await deps.committer.commit({ ...commit, nowMs: deps.clock.epochMs() });
  slot.written();
  if (outcome.type === 'refused') throw new CommitRefusedError(slot.zone, outcome.reason);
}

async function quarantine(slot: ZoneSlot, deps: IncarnationDeps): Promise<void> {
  deps.presences.drop(slot.mailbox.clear());
  for (const { listener } of slot.present.values()) listener?.zoneUnavailable(slot.zone);
  deps.presences.dispatch(slot, await deps.store.quarantine(slot.zone, slot.epoch));
}

async function drain(slot: ZoneSlot, deps: IncarnationDeps, run: ZoneRun, why: 'sleep' | 'stop'): Promise<'asleep' | 'awake'> {
  await run.end();
  if (why === 'sleep' && slot.reasonToLive(deps.clock.epochMs())) return 'awake';
  const needed = slot.committed.size > 0 || slot.inbox.size > 0;
  const asleep = await run.checkpoint(needed);
  if (why === 'sleep' && !asleep) return 'awake';
  deps.simulation.drop(slot.zone);
  return 'asleep';
}
