/** What a tick has cost its zone, written down for those who look at the zone and for the figures of the server. */
import { type CostMeter, type Costs, withTick } from '../costs.js';
import type { TickNumber } from '../ids.js';
import type { Clock } from '../ports.js';
import type { Recorder } from '../recorder.js';
import type { StepTimings } from '../steps.js';
import type { Telemetry } from '../telemetry.js';
import type { ZoneSlot } from './slot.js';

/** When the parts of one tick ended; monotonic. */
export interface TickMarks {
  readonly beganMs: number;
  readonly leasedMs: number;
  readonly steppedMs: number;
  readonly committedMs: number;
}

export interface MeasureDeps {
  readonly clock: Pick<Clock, 'monotonicMs' | 'epochMs'>;
  readonly costs: Pick<CostMeter, 'addZone'>;
  readonly recorder: Recorder;
  readonly telemetry: Telemetry;
}

/** To be called when the tick is published. */
export function measureTick(
  tick: TickNumber,
  slot: ZoneSlot,
  { beganMs, leasedMs, steppedMs, committedMs }: TickMarks,
  timings: StepTimings,
  deps: MeasureDeps,
): void {
  const sendMs = deps.clock.monotonicMs() - committedMs;
  const costs: Costs = {
    intents: leasedMs - beganMs + timings.intentsMs,
    rules: timings.rulesMs,
    views: timings.viewsMs,
    encoding: timings.encodingMs,
    commit: committedMs - steppedMs,
    send: sendMs,
  };
  deps.costs.addZone(costs);
  slot.timings.stepMs = steppedMs - leasedMs;
  slot.timings.costs = costs;
  slot.timings.meanCosts = withTick(slot.timings.meanCosts, costs);
  if (deps.recorder.watched) deps.recorder.record({ type: 'tick', zone: slot.zone, tick, atMs: deps.clock.epochMs(), costs });
  deps.telemetry.observe('zone_step_ms', steppedMs - leasedMs);
  deps.telemetry.observe('publish_ms', sendMs);
}
