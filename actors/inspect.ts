/**
 * The actor tree, as the debug endpoint shows it. Read-only: it asks actors for their snapshots and
 * slots for their counts, and changes nothing.
 */
import type { Connection } from './connection/connection.js';
import type { ActorView } from './control.js';
import { workMs } from './costs.js';
import type { ZoneId } from './ids.js';
import type { Scheduler } from './scheduler/scheduler.js';
import type { Supervisor } from './supervisor/supervisor.js';
import { zoneActorId } from './supervisor/zone-group.js';
import type { ZoneSlot, ZoneTimings } from './zone/slot.js';

/** Of those that nothing waits for and that are never restarted: their messages are handled in the turn in which they come. */
const UNEVENTFUL = { mailbox_length: 0, restarts: 0, last_error: null, timings: null } as const;

const SLOWEST_SHOWN = 10;

/** The number of the thread that hosts a zone; null: none does. */
type ThreadOf = (zone: ZoneId) => number | null;

export function actorTree(
  supervisor: Supervisor,
  scheduler: Scheduler,
  connections: Iterable<Connection>,
  threadOf: ThreadOf,
): ActorView {
  const snapshot = supervisor.actor.getSnapshot();
  return {
    id: 'supervisor',
    kind: 'supervisor',
    state: snapshot.value,
    ...UNEVENTFUL,
    slowest_zones: slowest(supervisor.slots),
    children: [
      {
        id: 'scheduler',
        kind: 'scheduler',
        state: scheduler.actor.getSnapshot().value,
        ...UNEVENTFUL,
        next_tick: scheduler.next,
      },
      ...snapshot.context.groups.map((group): ActorView => {
        const { value, context } = group.getSnapshot();
        return {
          id: group.id,
          kind: 'zone-group',
          state: value,
          ...UNEVENTFUL,
          children: Array.from(context.slots.values(), (slot) => zoneView(slot, threadOf)),
        };
      }),
      ...[...connections].map(connectionView),
    ],
  };
}

export function zoneView(slot: ZoneSlot, threadOf: ThreadOf): ActorView {
  const { timings, lastError, strays } = slot;
  return {
    id: zoneActorId(slot.zone),
    kind: 'zone',
    state: slot.ref?.getSnapshot().value ?? slot.phase,
    step: slot.busy ? 'ticking' : 'waiting',
    zone_id: slot.zone,
    name: slot.info.name,
    epoch: slot.epoch,
    thread: threadOf(slot.zone),
    mailbox_length: slot.mailbox.length,
    inbox_length: slot.inbox.size,
    present: slot.present.size,
    restarts: slot.restarts,
    quarantines: slot.failures.quarantines,
    poison: slot.poison.map(({ player, seq, tick, error, atMs }) => ({
      player_id: player,
      seq,
      tick_number: tick,
      error,
      at: new Date(atMs).toISOString(),
    })),
    strays: { count: strays.count, last: errorView(strays.last) },
    last_error: errorView(lastError),
    timings: timingsView(timings),
  };
}

function errorView(error: ZoneSlot['lastError']): ActorView['last_error'] {
  return error && { message: error.message, at: new Date(error.atMs).toISOString() };
}

/** The zones that cost most a tick, the dearest first. */
function slowest(slots: Iterable<ZoneSlot>): readonly object[] {
  const byWork = [...slots].sort((a, b) => workMs(b.timings.meanCosts) - workMs(a.timings.meanCosts));
  return byWork.slice(0, SLOWEST_SHOWN).map(({ zone, info, timings }) => ({
    zone_id: zone,
    name: info.name,
    timings: timingsView(timings),
  }));
}

function timingsView({ lastTick, stepMs, costs, meanCosts, missedTicks }: ZoneTimings): NonNullable<ActorView['timings']> {
  return {
    last_tick: lastTick,
    step_ms: stepMs,
    intents_ms: costs.intents,
    rules_ms: costs.rules,
    views_ms: costs.views,
    encoding_ms: costs.encoding,
    commit_ms: costs.commit,
    send_ms: costs.send,
    mean_work_ms: workMs(meanCosts),
    missed_ticks: missedTicks,
  };
}

function connectionView(connection: Connection): ActorView {
  const view = connection.view();
  return {
    id: `connection:${connection.id}`,
    kind: 'connection',
    state: connection.state,
    ...UNEVENTFUL,
    mailbox_length: connection.waiting,
    player_id: view?.player_id ?? null,
    zone_id: view?.zone_id ?? null,
    buffered_bytes: view?.buffered_bytes ?? 0,
  };
}
