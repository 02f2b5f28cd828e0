/**
 * The simulation in worker threads: zones resident in a few of them, inputs in, texts and records out. The threads
 * themselves, how they are lost and replaced, are in `hosts.ts`; what belongs to no zone is run by one that has none (`aside.ts`).
 */
import { GameStepError, HostLostError } from '../../../actors/errors.js';
import type { EntityId, TickNumber, ZoneId } from '../../../actors/ids.js';
import type { Scratch, Simulation } from '../../../actors/ports.js';
import type { StoredEntity, StoredZone, ZoneInfo } from '../../../actors/records.js';
import type { LoadedZone, Spoiling, StepAnswer, StepRequest } from '../../../actors/steps.js';
import type { Area, GameModule, JsonObject, RouteRequest } from '../../../games/contract.js';
import type { Asking } from '../entrance.js';
import { Copies } from './copies.js';
import { Hosts, type HostsOptions } from './hosts.js';
import { packStep } from './packed-step.js';
import { Placement } from './placement.js';
import type { LostCall, PoolWorker } from './pool-worker.js';
import type { CallArguments, CallName } from './protocol.js';
import { ScratchWorker } from './scratch-worker.js';
import { ZoneMarks } from './zone-marks.js';

export interface PooledSimulationOptions extends HostsOptions {
  /** The module itself, to know what it has; its code runs in the workers. */
  readonly game: Pick<GameModule, 'place' | 'admit' | 'border'>;
}

export class PooledSimulation implements Simulation {
  readonly #options: PooledSimulationOptions;
  readonly #placement: Placement;
  readonly #marks = new ZoneMarks();
  readonly #copies: Copies;
  readonly #hosts: Hosts;
  #game: PooledSimulationOptions['game'];
  /** Ticks that are adopted, and of which their zone's worker has not been told; null: it has. */
  readonly #adopted = new Map<ZoneId, TickNumber | null>();

  constructor(options: PooledSimulationOptions) {
    this.#options = options;
    this.#game = options.game;
    this.#placement = new Placement(options.workers);
    this.#copies = new Copies({
      workers: options.workers,
      showChange: (worker, zone, text) => this.#hosts.at(worker).tell({ type: 'border', zone, text }),
      showWhole: (worker, zone, text) => this.#hosts.at(worker).tell({ type: 'whole-border', zone, text }),
      strip: (worker, zone) => this.#stripOf(worker, zone),
    });
    const emptied = (worker: number) => this.#copies.lost(worker);
    this.#hosts = new Hosts(options, { placement: this.#placement, marks: this.#marks, emptied });
  }

  /** Resolves when game code can run; rejects with what a worker could not start for. */
  ready(): Promise<void> {
    return this.#hosts.ready();
  }

  stop(): Promise<void> {
    return this.#hosts.stop();
  }

  /**
   * Runs this game from now on: in threads of its own, where every zone is restored from its last commit; `runs` is called
   * before any is. Rejects, and changes nothing, where they cannot start with it.
   */
  async switchGame(game: PooledSimulationOptions['game'], source: string, runs: () => void = () => {}): Promise<void> {
    const fresh = await this.#hosts.prepare(source);
    await this.#hosts.exchange(fresh, () => {
      this.#game = game;
      runs();
    });
  }

  // ─── zones ───

  async load(stored: StoredZone): Promise<LoadedZone> {
    const zone = stored.info.id;
    // It may be resident already: restored after a failure, or moved.
    this.#drop(zone);
    const index = this.#placement.place(zone);
    this.#marks.add(zone);
    const worker = this.#hosts.at(index);
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
    const message = { type: 'step', mark: this.#marks.of(zone), expectedMs, step: packStep(request) } as const;
    const answer = (await this.#host(zone).call(message, lostStep(zone, tick))) as StepAnswer; // what a worker answers to a step
    const { intentsMs, rulesMs, viewsMs, encodingMs } = answer.timings;
    this.#placement.measured(zone, intentsMs + rulesMs + viewsMs + encodingMs);
    return answer;
  }

  probe(request: StepRequest): Promise<string | null> {
    return this.#call(request.zone, 'probe', [request]) as Promise<string | null>;
  }

  scratch(stored: StoredZone): Scratch {
    return new ScratchWorker(stored, () => this.#hosts.spawnAlone());
  }

  /** The next step implies it, and says so by its number. Nobody looks before that, but zones beside this one, or whoever is answered by `#call`. */
  adopt(zone: ZoneId, tick: TickNumber): void {
    if (this.#game.border === undefined) this.#adopted.set(zone, tick);
    else this.#hosts.find(zone)?.tell({ type: 'adopt', zone, tick });
  }

  abandon(zone: ZoneId, tick: TickNumber): void {
    this.#hosts.find(zone)?.tell({ type: 'abandon', zone, tick });
  }

  spoil(zone: ZoneId, how: Spoiling): void {
    this.#hosts.find(zone)?.tell({ type: 'spoil', zone, how });
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
    for (const worker of this.#hosts.all) worker.tell({ type: 'forget', zone });
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
    return this.#game.place ? ((await this.#hosts.aside.place(player, zones)) as ZoneId | null) : null; // what the port says of a place
  }

  async admit(zone: ZoneInfo, player: Asking, present: number): Promise<boolean> {
    return !this.#game.admit || (await this.#hosts.aside.admit(zone, player, present)) === true;
  }

  /** Resolves when there is a worker for route handlers: after one has hung, the next has to start first. */
  async routesReady(): Promise<void> {
    await this.#hosts.aside.ready;
  }

  /** Runs a route handler of the game. Rejects with what it throws, and when it does not come back. */
  callRoute(index: number, request: RouteRequest): Promise<unknown> {
    return this.#hosts.aside.callRoute(index, request);
  }

  // ─── what a host is asked ───

  #call<Name extends CallName>(zone: ZoneId, name: Name, args: CallArguments[Name]): Promise<unknown> {
    const lost: LostCall = (why) => (why ? new GameStepError(zone, 0, `${name}: ${why}`) : new HostLostError(zone));
    try {
      const host = this.#host(zone);
      const tick = this.#adopted.get(zone) ?? null;
      if (tick !== null) host.tell({ type: 'adopt', zone, tick });
      this.#adopted.set(zone, null);
      return host.call({ type: 'call', mark: this.#marks.of(zone), name, args }, lost);
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
    this.#hosts.at(index).tell({ type: 'drop', zone });
    this.#copies.leave(index, zone);
  }

  #stripOf(index: number, zone: ZoneId): Promise<string | null> {
    const lost = () => new HostLostError(zone);
    return this.#hosts.at(index).call({ type: 'call', mark: 0, name: 'strip', args: [zone] }, lost) as Promise<string | null>; // a text, by the protocol
  }

  /** Throws `HostLostError` when the zone is resident nowhere. */
  #host(zone: ZoneId): PoolWorker {
    const worker = this.#hosts.find(zone);
    if (!worker) throw new HostLostError(zone);
    return worker;
  }

  #forget(zone: ZoneId): void {
    this.#marks.delete(zone);
    this.#placement.remove(zone);
  }
}

function lostStep(zone: ZoneId, tick: TickNumber): LostCall {
  return (why) => (why ? new GameStepError(zone, tick, why) : new HostLostError(zone));
}
