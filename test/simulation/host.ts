/**
 * The machine that the server runs on: starts a process, starts another when one has ended, whatever it ended of,
 * and takes down what each of them left in the store. One process at a time owns the store; one that was frozen may
 * believe that it still does.
 */
import type { ConnectionHost } from '../../actors/control.js';
import type { MemoryWorld } from '../../src/store/memory/open.js';
import { Process, type ProcessDeps } from './process.js';
import { ProcessClock } from './process-clock.js';
import type { Seeds } from './seeds.js';
import { type Survey, Surveyor } from './survey.js';
import type { Timeline } from './timeline.js';
import type { Trace } from './trace.js';

/** A process that died of something is started again after this. */
const RESTART_MS = 200;
/** Of the longest time that the store takes, where it always takes the same. */
const STEADY = 0.25;

export interface HostDeps extends Pick<ProcessDeps, 'stored' | 'game' | 'settings' | 'identities' | 'lies' | 'hasThreads'> {
  readonly seeds: Seeds;
  readonly timeline: Timeline;
  readonly trace: Trace;
  /** Does the store take as long for everything? */
  readonly isSteady: boolean;
  /** The sockets of this process are gone. */
  socketsGone(): void;
}

export class Host {
  /** What the store held whenever a process ended. */
  readonly surveys: Survey[] = [];
  readonly #surveyor: Surveyor;
  #process: Process | null = null;
  #lives = 0;
  #isOff = false;

  constructor(
    private readonly deps: HostDeps,
    /** What the wall says when the timeline stands at 0. */
    private wallMs: number,
  ) {
    this.#surveyor = new Surveyor(deps.stored);
  }

  /** Who listens now; null: nobody. */
  get sockets(): ConnectionHost | null {
    return this.#process?.world?.sockets ?? null;
  }

  get process(): Process | null {
    return this.#process;
  }

  get stored(): MemoryWorld {
    return this.deps.stored;
  }

  boot(): void {
    if (this.#process || this.#isOff) return;
    this.#lives += 1;
    const { timeline, seeds, isSteady } = this.deps;
    const clock = new ProcessClock(timeline, this.wallMs);
    const chance = seeds.chance(`life ${this.#lives}`);
    const slowness = isSteady ? () => STEADY : () => chance.next() ** 2;
    const process: Process = new Process({ ...this.deps, clock, slowness, died: () => this.#bury(process, RESTART_MS) });
    this.#process = process;
    process.start();
  }

  /** Kill -9, and another process a while later. */
  kill(downMs: number): void {
    const process = this.#process;
    process?.kill();
    if (process) this.#bury(process, downMs);
  }

  /** It stands still for so long, and loses the store to another; then it goes on where it stood. */
  freeze(ms: number): void {
    const process = this.#process;
    if (!process) return;
    process.clock.freeze();
    this.deps.timeline.after(ms, () => process.clock.thaw());
    this.#bury(process, RESTART_MS);
  }

  /** A clean stop, and another process a while later. It can be killed meanwhile. */
  async stop(downMs: number): Promise<void> {
    const process = this.#process;
    if (!process?.world) return;
    await process.stop();
    if (process.clock.pendingTimers > 0) this.deps.trace.add('a timer was left behind');
    this.#bury(process, downMs);
  }

  /** Sets the wall clock, now and for later processes. */
  jump(ms: number): void {
    this.wallMs += ms;
    this.#process?.clock.jump(ms);
  }

  /** No further process is started. */
  switchOff(): void {
    this.#isOff = true;
  }

  #bury(process: Process, downMs: number): void {
    if (this.#process !== process) return;
    this.#process = null;
    this.deps.stored.owner = null;
    this.deps.socketsGone();
    this.surveys.push(this.#surveyor.survey());
    this.deps.timeline.after(downMs, () => this.boot());
  }
}
