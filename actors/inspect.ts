/**
 * The actor tree, as the debug endpoint shows it. Read-only: it asks actors for their snapshots and
 * slots for their counts, and changes nothing.
 */
import type { Connection } from './connection/connection.js';
import type { ActorView } from './control.js';
import type { Scheduler } from './scheduler/scheduler.js';
import type { Supervisor } from './supervisor/supervisor.js';
import { zoneActorId } from './supervisor/zone-group.js';
import type { ZoneSlot } from './zone/slot.js';

export function actorTree(supervisor: Supervisor, scheduler: Scheduler, connections: Iterable<Connection>): ActorView {
  const snapshot = supervisor.actor.getSnapshot();
  return {
    id: 'supervisor',
    kind: 'supervisor',
    state: snapshot.value,
    children: [
      { id: 'scheduler', kind: 'scheduler', state: scheduler.actor.getSnapshot().value, next_tick: scheduler.next },
      ...snapshot.context.groups.map((group): ActorView => {
        const slots = [...group.getSnapshot().context.slots.values()];
        return { id: group.id, kind: 'zone-group', state: group.getSnapshot().value, children: slots.map(zoneView) };
      }),
      ...[...connections].map(connectionView),
    ],
  };
}

export function zoneView(slot: ZoneSlot): ActorView {
  const { timings, lastError } = slot;
  return {
    id: zoneActorId(slot.zone),
    kind: 'zone',
    state: slot.ref?.getSnapshot().value ?? slot.phase,
    step: slot.busy ? 'ticking' : 'waiting',
    zone_id: slot.zone,
    name: slot.info.name,
    epoch: slot.epoch,
    mailbox_length: slot.mailbox.length,
    inbox_length: slot.inbox.size,
    present: slot.present.size,
    restarts: slot.restarts,
    quarantines: slot.failures.quarantines,
    last_error: lastError && { message: lastError.message, at: new Date(lastError.atMs).toISOString() },
    timings: {
      last_tick: timings.lastTick,
      step_ms: timings.stepMs,
      commit_ms: timings.commitMs,
      publish_ms: timings.publishMs,
      missed_ticks: timings.missedTicks,
    },
  };
}

function connectionView(connection: Connection): ActorView {
  const view = connection.view();
  return {
    id: `connection:${connection.id}`,
    kind: 'connection',
    state: connection.state,
    mailbox_length: connection.waiting,
    player_id: view?.player_id ?? null,
    zone_id: view?.zone_id ?? null,
    buffered_bytes: view?.buffered_bytes ?? 0,
  };
}
