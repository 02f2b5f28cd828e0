/**
 * The threads that host zones, and the one that stands aside: how one that was lost is replaced, in which ones a new game
 * runs, and which zones move when one has too much. What a zone's host is asked is `pool.ts`'s.
 */
import { GameStepError, HostLostError } from '../../../actors/errors.js';
import type { ZoneId } from '../../../actors/ids.js';
import type { Clock } from '../../../actors/ports.js';
import type { Log } from '../../../actors/telemetry.js';
import type { OnStray } from '../strays.js';
import { Aside } from './aside.js';
import type { Placement } from './placement.js';
import { PoolWorker, type PoolWorkerStart } from './pool-worker.js';
import type { Question } from './protocol.js';
import type { ZoneMarks } from './zone-marks.js';

export interface HostsOptions {
  readonly start: Omit<PoolWorkerStart, 'hasOtherHosts'>;
  /** 1 and more. */
  readonly workers: number;
  readonly heapMb: number;
  readonly tickIntervalMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** This zone is resident nowhere any more: it failed (a `GameStepError`), or its host did (`HostLostError`). */
  onHostLost(zone: ZoneId, error: Error): void;
  /** Game code left something behind that failed. */
  readonly onStray: OnStray;
  /** Answers what a route handler asks of the world. */
  ask(question: Question): Promise<unknown>;
}

export interface HostsDeps {
  readonly placement: Placement;
  readonly marks: ZoneMarks;
  /** Nothing is left of what that worker had. */
  emptied(worker: number): void;
}

const BALANCE_EVERY_MS = 5_000;
/** A worker that did not even start is not tried again at once. */
const BROKEN_PAUSE_MS = 1_000;

/** Threads with another game, to be hosts. */
export interface FreshHosts {
  readonly start: HostsOptions['start'];
  readonly aside: PoolWorker;
  readonly workers: PoolWorker[];
}

export class Hosts {
  readonly #options: HostsOptions;
  readonly #deps: HostsDeps;
  #start: HostsOptions['start'];
  #workers: PoolWorker[];
  /** Runs what belongs to no zone. */
  readonly aside: Aside;
  #cancelBalance: () => void = () => {};
  #stopped = false;

  constructor(options: HostsOptions, deps: HostsDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#start = options.start;
    this.#workers = Array.from({ length: options.workers }, () => this.#spawn());
    this.aside = new Aside({ spawn: () => this.#spawn(), clock: options.clock, log: options.log });
    this.#balance();
  }

  /** Resolves when game code can run; rejects with what a worker could not start for. */
  async ready(): Promise<void> {
    await Promise.all([...this.#workers, this.aside].map((worker) => worker.ready));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelBalance();
    await Promise.all([...this.#workers, this.aside].map((worker) => worker.stop()));
  }

  get all(): readonly PoolWorker[] {
    return this.#workers;
  }

  /** Throws where there is none of that number. */
  at(index: number): PoolWorker {
    const worker = this.#workers[index];
    if (!worker) throw new Error(`there is no worker ${index}`);
    return worker;
  }

  /** undefined: the zone is resident nowhere. */
  find(zone: ZoneId): PoolWorker | undefined {
    const index = this.#deps.placement.workerOf(zone);
    return index === undefined ? undefined : this.#workers[index];
  }

  /** One that hosts nothing, and whose end is nobody's matter here. */
  spawnAlone(): PoolWorker {
    return this.#spawn(() => {});
  }

  // ─── another game ───

  /** Rejects where they cannot start with it. */
  async prepare(game: string): Promise<FreshHosts> {
    const start = { ...this.#start, game };
    const aside = this.#spawn(undefined, start);
    const workers = Array.from({ length: this.#workers.length }, () => this.#spawn(undefined, start));
    const fresh = [aside, ...workers];
    try {
      await Promise.all(fresh.map((worker) => worker.ready));
    } catch (error) {
      await Promise.all(fresh.map((worker) => worker.stop()));
      throw error;
    }
    return { start, aside, workers };
  }

  /**
   * Hosts and stands aside with these from now on, and says so before it says that every zone has lost its host. Resolves when the
   * others have ended.
   */
  async exchange({ start, aside, workers }: FreshHosts, done: () => void): Promise<void> {
    if (this.#stopped) {
      await Promise.all([aside, ...workers].map((worker) => worker.stop()));
      return;
    }
    const old = [...this.#workers, this.aside.exchange(aside)];
    [this.#start, this.#workers] = [start, workers];
    done();
    for (const index of workers.keys()) this.#vacate(index, (zone) => new HostLostError(zone));
    await Promise.all(old.map((worker) => worker.retire()));
  }

  // ─── threads that are lost ───

  #spawn(
    onGone = (worker: PoolWorker, mark: number, why: string) => this.#onGone(worker, mark, why),
    start = this.#start,
  ): PoolWorker {
    const { workers, heapMb, clock, log, ask, onStray } = this.#options;
    const surroundings = { heapMb, residentMb, clock, log, ask, onStray, onGone };
    return new PoolWorker({ start: { ...start, hasOtherHosts: workers > 1 }, ...surroundings });
  }

  #onGone(worker: PoolWorker, mark: number, why: string): void {
    if (this.#stopped) return;
    const index = this.#workers.indexOf(worker);
    this.#options.log.warn({ worker: index, zone: this.#deps.marks.zoneOf(mark), why }, 'a worker was ended');
    // Nobody's code ran: it broke by itself, and would break again at once.
    const pauseMs = mark === 0 ? BROKEN_PAUSE_MS : 0;
    if (index < 0) this.aside.lost(worker, pauseMs);
    else this.#replace(index, mark, why, pauseMs);
  }

  /**
   * The zone whose code ran has failed; the others there have lost their host. The worker that stands aside is
   * warm and takes its place, so that they are restored at once.
   */
  #replace(index: number, mark: number, why: string, pauseMs: number): void {
    const culprit = this.#deps.marks.zoneOf(mark);
    this.#workers[index] = this.aside.takeOut(pauseMs);
    this.#vacate(index, (zone) => (zone === culprit ? new GameStepError(zone, 0, why) : new HostLostError(zone)));
  }

  /** The zones that were hosted there are resident nowhere any more. */
  #vacate(index: number, errorOf: (zone: ZoneId) => Error): void {
    const { placement, emptied } = this.#deps;
    const hosted = placement.zonesOf(index);
    emptied(index);
    for (const zone of hosted) placement.vacate(zone);
    for (const zone of hosted) this.#options.onHostLost(zone, errorOf(zone));
  }

  // ─── threads that have too much ───

  /** Moves zones now and then from a worker that has too much to one that has less: each is restored there, after its tick. */
  #balance(): void {
    const { clock, log, tickIntervalMs, onHostLost } = this.#options;
    const { placement } = this.#deps;
    this.#cancelBalance = clock.after(BALANCE_EVERY_MS, () => {
      const zones = placement.moves(tickIntervalMs);
      if (zones.length > 0) log.info({ zones: zones.length, loads_ms: placement.loadsMs() }, 'zones move to another worker');
      for (const zone of zones) onHostLost(zone, new HostLostError(zone));
      this.#balance();
    });
  }
}

/** Of the whole process. */
const residentMb = () => process.memoryUsage.rss() / 2 ** 20;
