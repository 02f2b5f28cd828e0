/**
 * What the running world tells an operator: counters, histograms and log lines, by name.
 * Adapters: `src/observe`. One counter for each way a thing can go wrong; no names of players in any of them.
 */

/** Each counts up from 0 and shows in /metrics as `gridstead_<name>`. */
export const COUNTERS = {
  ticks_total: 'Ticks that the scheduler sent',
  ticks_skipped_total: 'Ticks skipped because the process was late',
  zone_ticks_total: 'Ticks that zones committed',
  zone_ticks_missed_total: 'Ticks that a live zone missed because it was still busy',
  zone_failures_total: 'Ticks that failed by the fault of the game',
  game_strays_total: 'Promises and timers that game code left behind and that failed',
  zone_restarts_total: 'Zone actors restarted',
  zone_quarantines_total: 'Zones put in quarantine',
  zone_activations_total: 'Zones woken',
  zone_sleeps_total: 'Zones put to sleep',
  commits_total: 'Shared commits',
  commit_retries_total: 'Commits tried again because the store was unavailable',
  commits_refused_total: 'Commits of zones that the store refused',
  intents_total: 'Intents queued',
  intents_refused_total: 'Intents refused before the queue',
  intents_dropped_total: 'Intents dropped after they were queued',
  intents_poison_total: 'Intents that were found to fail the tick of their zone, and taken out',
  results_ignored_total: 'Parts of tick results passed over (documents and messages for players not there)',
  view_failures_total: 'Views of players that the game failed to make',
  border_hidden_total: 'Entities at the edge of a zone that zones beside it were not shown in a tick, because there are too many',
  snapshots_total: 'Snapshots sent',
  snapshots_skipped_total: 'Snapshots not made for clients that read too slowly',
  transfers_total: 'Entities sent to another zone',
  transfers_returned_total: 'Transfers that came back',
  effects_total: 'Effects sent to another zone',
  effects_returned_total: 'Effects that came back',
  handovers_total: 'Players that followed a transfer',
  connections_total: 'Sockets that joined',
  sockets_refused_total: 'Sockets turned away because the process can hold no more',
  connections_refused_total: 'Upgrades refused',
  connections_slow_total: 'Sockets closed because they stayed behind',
  connections_idle_total: 'Sockets closed because they were silent',
  takeovers_total: 'Connections taken over by a newer one of the same player',
  resumes_total: 'Joins that resumed',
  messages_malformed_total: 'Messages refused as malformed',
  messages_rate_limited_total: 'Messages refused as too many',
  auth_failures_total: 'Logins refused',
  auth_rate_limited_total: 'Register and login calls refused as too many',
  store_errors_total: 'Errors of the database',
} as const;

/** All in milliseconds; each shows in /metrics as `gridstead_<name>`. */
export const HISTOGRAMS = {
  tick_interval_ms: 'Time from one tick to the next',
  tick_drift_ms: 'How late a tick began against its schedule',
  tick_duration_ms: 'From the TICK to the last zone that published it',
  zone_step_ms: 'Game rules, checks and views of one tick of one zone',
  commit_ms: 'From a staged tick to its commit',
  publish_ms: 'Handing one tick of a zone to its connections',
  handover_ms: "From the source's commit to the first view from the target",
  rtt_ms: 'Round trip to a client',
} as const;

export type CounterName = keyof typeof COUNTERS;
export type HistogramName = keyof typeof HISTOGRAMS;

export interface Telemetry {
  count(name: CounterName, by?: number): void;
  observe(name: HistogramName, ms: number): void;
  /** What the game counts, under names of its own. */
  countForGame(counts: Readonly<Record<string, number>>): void;
}

/** Structured log lines. Never with tokens, passwords, queries, or a game's entities. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
