/**
 * The simulation in worker threads: zones resident in a few of them, inputs in, texts and records out.
 * A worker that hangs or runs out of memory is ended and replaced; the zone whose code ran then has failed,
 * its neighbours have lost their host and are restored. What belongs to no zone is run by a worker that has none (`aside.ts`).
 */
import { GameStepError, HostLostError } from '../../../actors/errors.js';
import type { EntityId, TickNumber, ZoneId } from '../../../actors/ids.js';
import type { Clock, Scratch, Simulation } from '../../../actors/ports.js';
import type { HeldPlayer, StoredEntity, StoredZone, ZoneInfo } from '../../../actors/records.js';
import type { LoadedZone, Spoiling, StepAnswer, StepRequest } from '../../../actors/steps.js';
import type { Log } from '../../../actors/telemetry.js';
import type { Area, GameModule, JsonObject, RouteRequest } from '../../../games/contract.js';
import type { OnStray } from '../strays.js';
import { Aside } from './aside.js';
import { Copies } from './copies.js';
import { packStep } from './packed-step.js';
import { Placement } from './placement.js';
import { type LostCall, PoolWorker, type PoolWorkerStart } from './pool-worker.js';
import type { CallArguments, CallName, Question } from './protocol.js';
import { ScratchWorker } from './scratch-worker.js';

export interface PooledSimulationOptions {
  /** The module itself, to know what it has; its code runs in the workers. */
  readonly game: Pick<GameModule, 'place' | 'admit' | 'border'>;
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

type Asking = Pick<HeldPlayer, 'id' | 'username' | 'document'>;

const BALANCE_EVERY_MS = 5_000;
/** A worker that did not even start is not tried again at once. */
const BROKEN_PAUSE_MS = 1_000;

export class PooledSimulation implements Simulation {
  readonly #options: PooledSimulationOptions;
  readonly #placement: Placement;
  readonly #copies: Copies;
  #game: PooledSimulationOptions['game'];
  #start: PooledSimulationOptions['start'];
  #workers: PoolWorker[];
  readonly #aside: Aside;
  readonly #marks = new Map<ZoneId, number>();
  readonly #zoneOfMark = new Map<number, ZoneId>();
  /** Ticks that are adopted, and of which their zone's worker has not been told; null: it has. */
  readonly #adopted = new Map<ZoneId, TickNumber | null>();
  #lastMark = 0;
  #cancelBalance: () => void = () => {};
  #stopped = false;

  constructor(options: PooledSimulationOptions) {
    this.#options = options;
    this.#game = options.game;
    this.#start = options.start;
    this.#placement = new Placement(options.workers);
    this.#copies = new Copies({
      workers: options.workers,
      showChange: (worker, zone, text) => this.#worker(worker).tell({ type: 'border', zone, text }),
      showWhole: (worker, zone, text) => this.#worker(worker).tell({ type: 'whole-border', zone, text }),
      strip: (worker, zone) => this.#stripOf(worker, zone),
    });
    this.#workers = Array.from({ length: options.workers }, () => this.#spawn());
    this.#aside = new Aside({ spawn: () => this.#spawn(), clock: options.clock, log: options.log });
    this.#balance();
  }

  /** Resolves when game code can run; rejects with what a worker could not start for. */
  async ready(): Promise<void> {
    await Promise.all([...this.#workers, this.#aside].map((worker) => worker.ready));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelBalance();
    await Promise.all([...this.#workers, this.#aside].map((worker) => worker.stop()));
  }

  /**
   * Runs this game from now on: in threads of its own, where every zone is restored from its last commit. Rejects, and
   * changes nothing, where they cannot start with it.
   */
  async switchGame(game: PooledSimulationOptions['game'], source: string): Promise<void> {
    const start = { ...this.#start, game: source };
    const fresh = Array.from({ length: this.#workers.length + 1 }, () => this.#spawn(undefined, start));
    try {
      await Promise.all(fresh.map((worker) => worker.ready));
    } catch (error) {
      await Promise.all(fresh.map((worker) => worker.stop()));
      throw error;
    }
    const [aside, ...workers] = fresh;
    if (!aside || this.#stopped) return;
    const old = [...this.#workers, this.#aside.exchange(aside)];
    [this.#game, this.#start, this.#workers] = [game, start, workers];
    for (const index of workers.keys()) this.#vacate(index, (zone) => new HostLostError(zone));
    await Promise.all(old.map((worker) => worker.retire()));
  }

  // ─── zones ───

  async load(stored: StoredZone): Promise<LoadedZone> {
    const zone = stored.info.id;
    // It may be resident already: restored after a failure, or moved.
    this.#drop(zone);
    const index = this.#placement.place(zone);
    if (!this.#marks.has(zone)) {
      this.#marks.set(zone, ++this.#lastMark);
      this.#zoneOfMark.set(this.#lastMark, zone);
    }
    const worker = this.#worker(index);
    await worker.ready.catch((error: unknown) => {
      throw worker.retired ? new HostLostError(zone) : error;
    });
    if (!this.#isSeen(stored)) return (await this.#call(zone, 'load', [stored])) as LoadedZone;
    return this.#loadSeen(index, stored);
  }

  /** A zone that others see into: they see it anew, and it is told what it can see. */
  async #loadSeen(index: number, stored: StoredZone): Promise<LoadedZone> {
    const zone = stored.info.id;
    const loading = this.#call(zone, 'load', [stored]);
    this.#copies.host(
      index,
      zone,
      stored.neighbors.map(({ id }) => id),
    );
    try {
      const loaded = (await loading) as LoadedZone; // what a worker answers to a load
      await this.#copies.showAnew(index, zone);
      const fetched = await Promise.all(loaded.unseen.map((beside) => this.#copies.fetch(index, beside)));
      return { ...loaded, unseen: loaded.unseen.filter((_, at) => !fetched[at]) };
    } catch (error) {
      // Its thread is gone, and another has that number by now; or it could not be read, and is not there.
      if (!(error instanceof HostLostError)) this.#copies.leave(index, zone);
      throw error;
    }
  }

  async step(request: StepRequest): Promise<StepAnswer> {
    const { zone, tick } = request;
    this.#adopted.set(zone, null);
    const expectedMs = this.#placement.stepMs(zone);
    const message = { type: 'step', mark: this.#mark(zone), expectedMs, step: packStep(request) } as const;
    const answer = (await this.#host(zone).call(message, lostStep(zone, tick))) as StepAnswer; // what a worker answers to a step
    const { intentsMs, rulesMs, viewsMs, encodingMs } = answer.timings;
    this.#placement.measured(zone, intentsMs + rulesMs + viewsMs + encodingMs);
    return answer;
  }

  probe(request: StepRequest): Promise<string | null> {
    return this.#call(request.zone, 'probe', [request]) as Promise<string | null>;
  }

  scratch(stored: StoredZone): Scratch {
    return new ScratchWorker(stored, () => this.#spawn(() => {}));
  }

  /** The next step implies it, and says so by its number. Nobody looks before that, but zones beside this one, or whoever is answered by `#call`. */
  adopt(zone: ZoneId, tick: TickNumber): void {
    if (this.#game.border === undefined) this.#adopted.set(zone, tick);
    else this.#find(zone)?.tell({ type: 'adopt', zone, tick });
  }

  abandon(zone: ZoneId, tick: TickNumber): void {
    this.#find(zone)?.tell({ type: 'abandon', zone, tick });
  }

  spoil(zone: ZoneId, how: Spoiling): void {
    this.#find(zone)?.tell({ type: 'spoil', zone, how });
  }

  threadOf(zone: ZoneId): number | null {
    return this.#placement.workerOf(zone) ?? null;
  }

  drop(zone: ZoneId): void {
    this.#drop(zone);
    this.#forget(zone);
  }

  showBorder(zone: ZoneId, change: string): void {
    const index = this.#placement.workerOf(zone);
    if (index !== undefined) this.#copies.change(index, zone, change);
  }

  async showStored(zone: ZoneId, neighbor: StoredZone): Promise<void> {
    const index = this.#placement.workerOf(zone);
    if (index === undefined || !this.#copies.stored(index, neighbor.info.id)) return;
    await this.#call(zone, 'showStored', [zone, neighbor]);
  }

  forget(zone: ZoneId): void {
    for (const worker of this.#workers) worker.tell({ type: 'forget', zone });
    this.#copies.forget(zone);
    this.#forget(zone);
  }

  checkpoint(zone: ZoneId): ReturnType<Simulation['checkpoint']> {
    return this.#call(zone, 'checkpoint', [zone]) as ReturnType<Simulation['checkpoint']>;
  }

  entities(zone: ZoneId, area: Area | null): Promise<readonly StoredEntity[]> {
    return this.#call(zone, 'entities', [zone, area]) as Promise<readonly StoredEntity[]>;
  }

  entity(zone: ZoneId, id: EntityId): Promise<StoredEntity | null> {
    return this.#call(zone, 'entity', [zone, id]) as Promise<StoredEntity | null>;
  }

  view(zone: ZoneId, player: Asking): Promise<JsonObject> {
    return this.#call(zone, 'view', [zone, player]) as Promise<JsonObject>;
  }

  // ─── what belongs to no zone ───

  async place(player: Asking, zones: readonly ZoneInfo[]): Promise<ZoneId | null> {
    return this.#game.place ? ((await this.#aside.place(player, zones)) as ZoneId | null) : null; // what the port says of a place
  }

  async admit(zone: ZoneInfo, player: Asking, present: number): Promise<boolean> {
    return !this.#game.admit || (await this.#aside.admit(zone, player, present)) === true;
  }

  /** Resolves when there is a worker for route handlers: after one has hung, the next has to start first. */
  async routesReady(): Promise<void> {
    await this.#aside.ready;
  }

  /** Runs a route handler of the game. Rejects with what it throws, and when it does not come back. */
  callRoute(index: number, request: RouteRequest): Promise<unknown> {
    return this.#aside.callRoute(index, request);
  }

  // ─── hosts ───

  #call<Name extends CallName>(zone: ZoneId, name: Name, args: CallArguments[Name]): Promise<unknown> {
    const lost: LostCall = (why) => (why ? new GameStepError(zone, 0, `${name}: ${why}`) : new HostLostError(zone));
    try {
      const host = this.#host(zone);
      const tick = this.#adopted.get(zone) ?? null;
      if (tick !== null) host.tell({ type: 'adopt', zone, tick });
      this.#adopted.set(zone, null);
      return host.call({ type: 'call', mark: this.#mark(zone), name, args }, lost);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Does anybody beside the zone see into it? */
  #isSeen({ neighbors }: StoredZone): boolean {
    return this.#options.game.border !== undefined && neighbors.length > 0;
  }

  #drop(zone: ZoneId): void {
    this.#adopted.delete(zone);
    const index = this.#placement.workerOf(zone);
    if (index === undefined) return;
    this.#worker(index).tell({ type: 'drop', zone });
    this.#copies.leave(index, zone);
  }

  #stripOf(index: number, zone: ZoneId): Promise<string | null> {
    const lost = () => new HostLostError(zone);
    return this.#worker(index).call({ type: 'call', mark: 0, name: 'strip', args: [zone] }, lost) as Promise<string | null>; // a text, by the protocol
  }

  /** Throws `HostLostError` when the zone is resident nowhere. */
  #host(zone: ZoneId): PoolWorker {
    const worker = this.#find(zone);
    if (!worker) throw new HostLostError(zone);
    return worker;
  }

  #find(zone: ZoneId): PoolWorker | undefined {
    const index = this.#placement.workerOf(zone);
    return index === undefined ? undefined : this.#workers[index];
  }

  #worker(index: number): PoolWorker {
    const worker = this.#workers[index];
    if (!worker) throw new Error(`there is no worker ${index}`);
    return worker;
  }

  #mark(zone: ZoneId): number {
    return this.#marks.get(zone) ?? 0;
  }

  #forget(zone: ZoneId): void {
    const mark = this.#marks.get(zone);
    this.#marks.delete(zone);
    if (mark !== undefined) this.#zoneOfMark.delete(mark);
    this.#placement.remove(zone);
  }

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
    this.#options.log.warn({ worker: index, zone: this.#zoneOfMark.get(mark), why }, 'a worker was ended');
    // Nobody's code ran: it broke by itself, and would break again at once.
    const pauseMs = mark === 0 ? BROKEN_PAUSE_MS : 0;
    if (index < 0) this.#aside.lost(worker, pauseMs);
    else this.#replaceHost(index, mark, why, pauseMs);
  }

  /**
   * The zone whose code ran has failed; the others there have lost their host. The worker that stands aside is
   * warm and takes its place, so that they are restored at once.
   */
  #replaceHost(index: number, mark: number, why: string, pauseMs: number): void {
    const culprit = this.#zoneOfMark.get(mark);
    this.#workers[index] = this.#aside.takeOut(pauseMs);
    this.#vacate(index, (zone) => (zone === culprit ? new GameStepError(zone, 0, why) : new HostLostError(zone)));
  }

  /** The zones that were hosted there are resident nowhere any more. */
  #vacate(index: number, errorOf: (zone: ZoneId) => Error): void {
    const hosted = this.#placement.zonesOf(index);
    this.#copies.lost(index);
    for (const zone of hosted) this.#placement.vacate(zone);
    for (const zone of hosted) this.#options.onHostLost(zone, errorOf(zone));
  }

  /** Moves zones now and then from a worker that has too much to one that has less: each is restored there, after its tick. */
  #balance(): void {
    const { clock, log, tickIntervalMs, onHostLost } = this.#options;
    this.#cancelBalance = clock.after(BALANCE_EVERY_MS, () => {
      const zones = this.#placement.moves(tickIntervalMs);
      if (zones.length > 0)
        log.info({ zones: zones.length, loads_ms: this.#placement.loadsMs() }, 'zones move to another worker');
      for (const zone of zones) onHostLost(zone, new HostLostError(zone));
      this.#balance();
    });
  }
}

/** Of the whole process. */
const residentMb = () => process.memoryUsage.rss() / 2 ** 20;

function lostStep(zone: ZoneId, tick: TickNumber): LostCall {
  return (why) => (why ? new GameStepError(zone, tick, why) : new HostLostError(zone));
}
