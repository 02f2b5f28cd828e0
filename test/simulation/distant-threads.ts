/**
 * Where game code runs, as a process reaches it that has threads for it: every call and every answer takes a while,
 * calls to one host are worked off in their order, a zone may be moved to the other, a host may be lost with all
 * that it has not answered, and all of them may be exchanged with the game.
 */
import { GameStepError, HostLostError } from '../../actors/errors.js';
import type { ZoneId } from '../../actors/ids.js';
import type { Simulation } from '../../actors/ports.js';
import type { ProcessClock } from './process-clock.js';

const THREADS = 2;
const SLOWEST_MS = 8;

export interface DistantThreadsDeps {
  readonly make: () => Simulation;
  readonly clock: ProcessClock;
  /** Of the longest time that a host takes for anything, the part that it takes now. */
  readonly slowness: () => number;
  onHostLost(zone: ZoneId, error: Error): void;
}

interface Pending {
  readonly zone: ZoneId;
  reject(error: Error): void;
}

class DistantThread {
  readonly #pending = new Set<Pending>();
  #work: Promise<unknown> = Promise.resolve();
  #isLost = false;

  constructor(
    private readonly simulation: Simulation,
    private readonly deps: DistantThreadsDeps,
  ) {}

  tell(message: (simulation: Simulation) => void): void {
    this.#work = this.#work.then(() => {
      if (!this.#isLost) message(this.simulation);
    });
  }

  call<Answer>(zone: ZoneId, ask: (simulation: Simulation) => Promise<Answer>): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      const pending = { zone, reject };
      this.#pending.add(pending);
      const asked = this.#work.then(async () => {
        await this.#travel();
        return this.#isLost ? Promise.reject(new HostLostError(zone)) : ask(this.simulation);
      });
      this.#work = asked.catch(() => undefined);
      asked
        .finally(() => this.#travel())
        .then(resolve, reject)
        .finally(() => this.#pending.delete(pending));
    });
  }

  lose(errorOf: (zone: ZoneId) => Error): void {
    this.#isLost = true;
    for (const { zone, reject } of this.#pending) reject(errorOf(zone));
  }

  #travel(): Promise<void> {
    const { clock, slowness } = this.deps;
    return new Promise((resolve) => clock.after(SLOWEST_MS * slowness(), resolve));
  }
}

export class DistantThreads implements Simulation {
  #threads: DistantThread[];
  readonly #placed = new Map<ZoneId, number>();
  #next = 0;

  constructor(private readonly deps: DistantThreadsDeps) {
    this.#threads = Array.from({ length: THREADS }, () => this.#begin());
  }

  /** It moves, when its tick has ended. */
  move(zone: ZoneId): void {
    this.deps.onHostLost(zone, new HostLostError(zone));
  }

  /** The host of this zone is gone: by its fault, or by nobody's. */
  lose(zone: ZoneId, isCulprit: boolean): void {
    const index = this.#placed.get(zone);
    if (index === undefined) return;
    const errorOf = (lost: ZoneId) =>
      isCulprit && lost === zone ? new GameStepError(lost, 0, 'it did not come back') : new HostLostError(lost);
    const before = this.#threads[index];
    this.#threads[index] = this.#begin();
    this.#vacate(index, errorOf);
    before?.lose(errorOf);
  }

  exchange(): void {
    const before = this.#threads;
    this.#threads = before.map(() => this.#begin());
    for (const index of before.keys()) this.#vacate(index, (zone) => new HostLostError(zone));
    for (const host of before) host.lose((zone) => new HostLostError(zone));
  }

  load: Simulation['load'] = (stored) => {
    const zone = stored.info.id;
    this.#dropFrom(zone);
    this.#placed.set(zone, this.#next++ % THREADS);
    return this.#call(zone, (host) => host.load(stored));
  };
  step: Simulation['step'] = (request) => this.#call(request.zone, (host) => host.step(request));
  probe: Simulation['probe'] = (request) => this.#call(request.zone, (host) => host.probe(request));
  scratch: Simulation['scratch'] = (stored) => this.deps.make().scratch(stored);
  adopt: Simulation['adopt'] = (zone, tick) => this.#find(zone)?.tell((host) => host.adopt(zone, tick));
  abandon: Simulation['abandon'] = (zone, tick) => this.#find(zone)?.tell((host) => host.abandon(zone, tick));
  drop: Simulation['drop'] = (zone) => {
    this.#dropFrom(zone);
    this.#placed.delete(zone);
  };
  showBorder: Simulation['showBorder'] = () => {};
  showStored: Simulation['showStored'] = async () => {};
  forget: Simulation['forget'] = (zone) => {
    for (const host of this.#threads) host.tell((simulation) => simulation.forget(zone));
    this.#placed.delete(zone);
  };
  checkpoint: Simulation['checkpoint'] = (zone) => this.#call(zone, (host) => host.checkpoint(zone));
  entities: Simulation['entities'] = (zone, area) => this.#call(zone, (host) => host.entities(zone, area));
  entity: Simulation['entity'] = (zone, id) => this.#call(zone, (host) => host.entity(zone, id));
  view: Simulation['view'] = (zone, player) => this.#call(zone, (host) => host.view(zone, player));
  place: Simulation['place'] = (player, zones) => this.deps.make().place(player, zones);
  admit: Simulation['admit'] = (zone, player, present) => this.deps.make().admit(zone, player, present);

  #begin(): DistantThread {
    return new DistantThread(this.deps.make(), this.deps);
  }

  #find(zone: ZoneId): DistantThread | undefined {
    const index = this.#placed.get(zone);
    return index === undefined ? undefined : this.#threads[index];
  }

  #call<Answer>(zone: ZoneId, ask: (simulation: Simulation) => Promise<Answer>): Promise<Answer> {
    return this.#find(zone)?.call(zone, ask) ?? Promise.reject(new HostLostError(zone));
  }

  #dropFrom(zone: ZoneId): void {
    this.#find(zone)?.tell((host) => host.drop(zone));
  }

  #vacate(index: number, errorOf: (zone: ZoneId) => Error): void {
    const hosted = [...this.#placed].filter(([, at]) => at === index).map(([zone]) => zone);
    for (const zone of hosted) this.#placed.delete(zone);
    for (const zone of hosted) this.deps.onHostLost(zone, errorOf(zone));
  }
}
