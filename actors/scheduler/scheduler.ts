/**
 * Sends TICK n to all live zones, on time, and waits for none of them. It owns the tick number, the
 * clock's schedule and what is known of its accuracy; pause, resume and step are its operator's.
 */
import { type ActorRefFrom, createActor } from 'xstate';
import type { TickNumber, ZoneId } from '../ids.js';
import type { Clock, WorldStore } from '../ports.js';
import { RollingQuantile } from '../quantiles.js';
import type { Log, Telemetry } from '../telemetry.js';
import type { TickFate } from '../zone/slot.js';
import { schedulerMachine } from './machine.js';
import { TickNumbers } from './tick-numbers.js';
import { type TickDue, TickTimer } from './tick-timer.js';

export interface SchedulerDeps {
  readonly clock: Clock;
  readonly store: Pick<WorldStore, 'firstTick' | 'reserveTicks'>;
  readonly telemetry: Telemetry;
  readonly log: Log;
  readonly tickIntervalMs: number;
  /** Sends the tick to all live zones; answers what becomes of it in each. */
  send(tick: TickNumber): ReadonlyMap<ZoneId, Promise<TickFate>>;
}

/** A loop that has not ticked for this many intervals, and a second, has stopped. */
const STOPPED_AFTER_INTERVALS = 3;

export class Scheduler {
  readonly #numbers: TickNumbers;
  readonly #actor: ActorRefFrom<typeof schedulerMachine>;
  readonly #durations = new RollingQuantile(600);
  #running: Promise<unknown> = Promise.resolve();
  #tickedAtMs: number;
  #driftMs = 0;
  #skipped = 0;

  constructor(private readonly deps: SchedulerDeps) {
    this.#numbers = new TickNumbers(deps.store, (error) => deps.log.warn({ err: error }, 'tick numbers could not be reserved'));
    const timer = new TickTimer(deps.clock, deps.tickIntervalMs, (due) => this.#onDue(due));
    this.#tickedAtMs = deps.clock.monotonicMs();
    this.#actor = createActor(
      schedulerMachine.provide({
        actions: {
          startTimer: () => {
            this.#tickedAtMs = deps.clock.monotonicMs();
            timer.start();
          },
          stopTimer: () => timer.stop(),
        },
      }),
    );
    this.#actor.subscribe({ error: (error) => deps.log.error({ err: error }, 'the scheduler failed') });
  }

  get actor(): ActorRefFrom<typeof schedulerMachine> {
    return this.#actor;
  }

  /** The first tick that can see what is queued now. */
  get next(): TickNumber {
    return this.#numbers.next;
  }

  get last(): TickNumber {
    return this.#numbers.last;
  }

  get paused(): boolean {
    return this.#actor.getSnapshot().value === 'paused';
  }

  /** How late the last tick began, and what ticks take from the first zone to the last. Milliseconds. */
  get accuracy(): { driftMs: number; lastMs: number; p99Ms: number; skipped: number } {
    return {
      driftMs: this.#driftMs,
      lastMs: this.#durations.last,
      p99Ms: this.#durations.quantile(0.99),
      skipped: this.#skipped,
    };
  }

  /** true: ticks should come and do not. */
  get dead(): boolean {
    if (this.paused) return false;
    const silentMs = this.deps.clock.monotonicMs() - this.#tickedAtMs;
    return silentMs > STOPPED_AFTER_INTERVALS * this.deps.tickIntervalMs + 1_000;
  }

  /** Reserves tick numbers, then ticks. */
  async start(): Promise<void> {
    await this.#numbers.start();
    this.#actor.start();
  }

  /** Resolves once no tick runs any more; one that waits for the store does not run. */
  async pause(): Promise<void> {
    this.#actor.send({ type: 'PAUSE' });
    await this.#running;
  }

  resume(): void {
    this.#actor.send({ type: 'RESUME' });
  }

  /** One tick by hand, while paused; resolves with what became of it in each zone. null: no number is free now. */
  async step(): Promise<{ tick: TickNumber; fates: ReadonlyMap<ZoneId, TickFate> } | null> {
    const tick = this.#numbers.take();
    if (tick === null) return null;
    const fates = this.#send(tick);
    const settled = await Promise.all([...fates].map(async ([zone, fate]) => [zone, await fate] as const));
    return { tick, fates: new Map(settled) };
  }

  async stop(): Promise<void> {
    this.#actor.send({ type: 'STOP' });
    await this.#running;
  }

  #onDue({ driftMs, skipped }: TickDue): void {
    const { telemetry } = this.deps;
    this.#driftMs = driftMs;
    telemetry.observe('tick_drift_ms', driftMs);
    if (skipped > 0) this.#countSkipped(skipped);
    const tick = this.#numbers.take();
    // Beyond the durable block nobody may see a tick: the world waits, and /healthz says so.
    if (tick === null) return this.#countSkipped(1);
    const nowMs = this.deps.clock.monotonicMs();
    telemetry.observe('tick_interval_ms', nowMs - this.#tickedAtMs);
    this.#tickedAtMs = nowMs;
    this.#send(tick);
  }

  #countSkipped(ticks: number): void {
    this.#skipped += ticks;
    this.deps.telemetry.count('ticks_skipped_total', ticks);
  }

  #send(tick: TickNumber): ReadonlyMap<ZoneId, Promise<TickFate>> {
    const { clock, telemetry } = this.deps;
    const beganMs = clock.monotonicMs();
    telemetry.count('ticks_total');
    const fates = this.deps.send(tick);
    const before = this.#running;
    this.#running = Promise.allSettled([before, ...fates.values()]).then(() => {
      const tookMs = clock.monotonicMs() - beganMs;
      this.#durations.add(tookMs);
      telemetry.observe('tick_duration_ms', tookMs);
    });
    return fates;
  }
}
