/**
 * The worker that stands aside. It has no zones, runs what belongs to none (`place`, `admit` and route handlers), and is warm to
 * take the place of one that was lost with its zones.
 */
import type { Clock } from '../../../actors/ports.js';
import type { ZoneInfo } from '../../../actors/records.js';
import type { Log } from '../../../actors/telemetry.js';
import type { RouteRequest } from '../../../games/contract.js';
import type { LostCall, PoolWorker } from './pool-worker.js';
import type { CallArguments } from './protocol.js';
import { ZoneOffer } from './zone-offer.js';

export interface AsideDeps {
  spawn(): PoolWorker;
  readonly clock: Clock;
  readonly log: Log;
}

/** Marks below are zones'. */
const FIRST_MARK = 2 ** 30;

export class Aside {
  #worker: PoolWorker;
  /** false: for a while nobody does; the last one is a host now, and is asked all the same, or it is gone. */
  #standsAside = true;
  /** What each that stands or stood aside was told of the zones. */
  readonly #offers = new WeakMap<PoolWorker, ZoneOffer>();
  #nextMark = FIRST_MARK;
  #stopped = false;

  constructor(private readonly deps: AsideDeps) {
    this.#worker = deps.spawn();
  }

  /** Resolves when it can be asked: after one was lost, the next has to start first. */
  get ready(): Promise<void> {
    const worker = this.#worker;
    return worker.ready.catch((error: unknown) => {
      // It was replaced before it had started.
      if (worker === this.#worker) throw error;
      return this.ready;
    });
  }

  stop(): Promise<void> {
    this.#stopped = true;
    return this.#worker.stop();
  }

  // ─── what belongs to no zone ───

  /** null when it throws, hangs or is late. */
  place(player: CallArguments['place'][0], zones: readonly ZoneInfo[]): Promise<unknown> {
    return this.#attempt('place', (worker) => [player, this.#offerTo(worker).news(zones)]);
  }

  /** null when it throws, hangs or is late. */
  admit(...asked: CallArguments['admit']): Promise<unknown> {
    return this.#attempt('admit', () => asked);
  }

  /** Rejects with what the handler throws, and when it does not come back. */
  async callRoute(index: number, request: RouteRequest): Promise<unknown> {
    await this.ready;
    return this.#worker.call({ type: 'route', mark: this.#nextMark++, index, request }, lost('a route handler'));
  }

  async #attempt<Name extends 'place' | 'admit'>(
    name: Name,
    argsFor: (worker: PoolWorker) => CallArguments[Name],
  ): Promise<unknown> {
    try {
      await this.ready;
      const args = argsFor(this.#worker);
      return await this.#worker.call({ type: 'call', mark: this.#nextMark++, name, args }, lost(name));
    } catch (error) {
      this.deps.log.warn({ err: error }, `${name} of the game gave no answer`);
      return null;
    }
  }

  #offerTo(worker: PoolWorker): ZoneOffer {
    const known = this.#offers.get(worker) ?? new ZoneOffer();
    this.#offers.set(worker, known);
    return known;
  }

  // ─── who it is ───

  /** This one stands aside from now on; answers the one that did. */
  exchange(worker: PoolWorker): PoolWorker {
    const before = this.#worker;
    this.#stand(worker);
    return before;
  }

  /** Answers the one that stands aside, to be a host, or a new one where nobody does; after the pause, another one stands aside. */
  takeOut(pauseMs: number): PoolWorker {
    const worker = this.#standsAside ? this.#worker : this.deps.spawn();
    this.#renew(pauseMs);
    return worker;
  }

  /** That worker is gone. Where it stood aside, another one does after the pause. */
  lost(worker: PoolWorker, pauseMs: number): void {
    if (worker === this.#worker) this.#renew(pauseMs);
  }

  #renew(pauseMs: number): void {
    this.#standsAside = false;
    const renew = () => {
      if (!this.#stopped && !this.#standsAside) this.#stand(this.deps.spawn());
    };
    if (pauseMs === 0) renew();
    else this.deps.clock.after(pauseMs, renew);
  }

  #stand(worker: PoolWorker): void {
    this.#worker = worker;
    this.#standsAside = true;
  }
}

function lost(what: string): LostCall {
  return (why) => new Error(why ? `${what}: ${why}` : `${what} was lost with its worker`);
}
