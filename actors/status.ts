/** The world in numbers: counts and times, and no names, for whoever asks how it is. */
import type { Committer } from './committer.js';
import type { Connections } from './connection/connections.js';
import type { WorldStatus, ZoneState } from './control.js';
import type { CostMeter } from './costs.js';
import type { Scheduler } from './scheduler/scheduler.js';
import type { Supervisor } from './supervisor/supervisor.js';

export interface StatusParts {
  readonly scheduler: Scheduler;
  readonly supervisor: Supervisor;
  readonly committer: Committer;
  readonly sockets: Connections;
  readonly costs: CostMeter;
  readonly tickIntervalMs: number;
}

export function worldStatus({ scheduler, supervisor, committer, sockets, costs, tickIntervalMs }: StatusParts): WorldStatus {
  const { driftMs, lastMs, p99Ms, skipped } = scheduler.accuracy;
  const slots = [...supervisor.slots];
  return {
    tick: {
      paused: scheduler.paused,
      tick_number: scheduler.last,
      tick_interval_ms: tickIntervalMs,
      drift_ms: driftMs,
      last_duration_ms: lastMs,
      p99_duration_ms: p99Ms,
      skipped_ticks: skipped,
      costs_ms: costs.mean(),
    },
    queues: {
      intents: slots.reduce((sum, slot) => sum + slot.mailbox.length, 0),
      commits: committer.length,
      inbox: slots.reduce((sum, slot) => sum + slot.inbox.size, 0),
    },
    live_zones: slots.filter(({ phase }) => phase === 'live' || phase === 'stalled').length,
    connections: sockets.count(),
  };
}

/** How each zone that is awake is. */
export function zoneStates(supervisor: Supervisor): readonly ZoneState[] {
  return Array.from(supervisor.slots, ({ zone, phase, timings, present, mailbox, restarts }) => ({
    ...{ zone, phase, restarts, present: present.size, mailbox: mailbox.length },
    ...{ tick: timings.lastTick, missed: timings.missedTicks },
  }));
}
