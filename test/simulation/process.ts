/**
 * One process of the server, from its start to its end: the real world over a store that is far away. It can be
 * killed between any two things that happen, or frozen and go on when another has long taken over; all that
 * outlives it is what the store has.
 */
import type { Identity } from '../../actors/control.js';
import type { ZoneId } from '../../actors/ids.js';
import type { Simulation } from '../../actors/ports.js';
import { buildWorld } from '../../actors/wiring.js';
import type { World, WorldSettings } from '../../actors/world.js';
import type { GameModule } from '../../games/contract.js';
import { initGame, unfoldedZones } from '../../src/setup.js';
import { InlineSimulation } from '../../src/simulation/inline-simulation.js';
import { type MemoryWorld, openMemoryStore } from '../../src/store/memory/open.js';
import type { Store } from '../../src/store/store.js';
import { NoStrays } from '../support/no-strays.js';
import { RecordingLog } from '../support/recording-log.js';
import { RecordingTelemetry } from '../support/recording-telemetry.js';
import { DistantStore } from './distant-store.js';
import { DistantThreads } from './distant-threads.js';
import type { ProcessClock } from './process-clock.js';
import type { Trace } from './trace.js';

/** Something put between the world and what it stands on: what it lies about, the world believes. */
export interface Lies {
  readonly store?: (store: Store, stored: MemoryWorld) => Store;
  readonly simulation?: (simulation: Simulation) => Simulation;
}

export interface ProcessDeps {
  readonly stored: MemoryWorld;
  readonly game: GameModule;
  readonly settings: WorldSettings;
  readonly identities: ReadonlyMap<string, Identity>;
  readonly clock: ProcessClock;
  /** Of the longest time that the store takes for anything, the part that it takes now. */
  readonly slowness: () => number;
  readonly trace: Trace;
  readonly lies: Lies;
  /** Is game code far away, too? */
  readonly hasThreads: boolean;
  /** It could not start, or could not go on. */
  died(error: unknown): void;
}

export class Process {
  #world: World | null = null;
  #distant: DistantStore | null = null;
  #inner: Store | null = null;
  #threads: DistantThreads | null = null;
  #isOver = false;

  constructor(private readonly deps: ProcessDeps) {}

  /** The running world; null: it is not up yet, or not any more. */
  get world(): World | null {
    return this.#isOver ? null : this.#world;
  }

  get store(): DistantStore | null {
    return this.#isOver ? null : this.#distant;
  }

  /** Where its game code runs; null: on its own thread. */
  get threads(): DistantThreads | null {
    return this.world && this.#threads;
  }

  get clock(): ProcessClock {
    return this.deps.clock;
  }

  /** As the server starts: owner's lock, `init`, and then the world. It dies of what it meets. */
  start(): void {
    this.#start().catch((error: unknown) => this.#die(error));
  }

  async #start(): Promise<void> {
    const { stored, game, clock, slowness, trace, lies, settings } = this.deps;
    const memory = await openMemoryStore({ clock, world: stored, resumeWindowMs: settings.resumeWindowMs });
    this.#inner = memory;
    const distant = new DistantStore(lies.store?.(memory, stored) ?? memory, { clock, slowness, trace, stored });
    this.#distant = distant;
    const { zones, catalog, places, world: worldStore } = distant.store;
    const unfolded = await unfoldedZones({ zones, catalog, clock, log: new RecordingLog() });
    await initGame(game, { zones, catalog, unfolded, clock, maxZoneBytes: MAX_ZONE_BYTES });
    const world: World = buildWorld(
      {
        ...{ settings, zones, catalog, unfolded, places, worldStore, clock },
        links: game.border === undefined ? [] : await catalog.links(),
        simulation: this.#simulation(memory.world.secret, (zone, error) => world.hostLost(zone, error)),
        storeHealthy: () => distant.failing.healthy(),
        telemetry: new RecordingTelemetry(),
        log: new RecordingLog(),
        authenticate: async (token) => this.deps.identities.get(token) ?? null,
        sessionLives: async () => true,
        fatal: (error) => this.#die(error),
      },
      await catalog.list(),
    );
    await world.start();
    this.#world = world;
    trace.add('server up');
  }

  #simulation(secret: string, onHostLost: (zone: ZoneId, error: Error) => void): Simulation {
    const { game, clock, slowness, lies, hasThreads } = this.deps;
    const trusting = { guarded: false, strays: new NoStrays(), tickBudgetMs: 60_000, onHang: () => {} };
    const options = { game, secret, maxZoneBytes: MAX_ZONE_BYTES, ...trusting, clock, log: new RecordingLog() };
    const make = () => new InlineSimulation(options);
    if (hasThreads) this.#threads = new DistantThreads({ make, clock, slowness, onHostLost });
    const simulation = this.#threads ?? make();
    return lies.simulation?.(simulation) ?? simulation;
  }

  #die(error: unknown): void {
    if (this.#isOver) return;
    this.deps.trace.add(`server dies: ${error}`);
    this.kill();
    this.deps.died(error);
  }

  /** Ends it as kill -9 does. */
  kill(): void {
    this.#isOver = true;
    this.deps.clock.end();
  }

  /** A clean stop; resolves when it is over. */
  async stop(): Promise<void> {
    await this.#world?.stop();
    await this.#inner?.close();
    this.#isOver = true;
  }
}

const MAX_ZONE_BYTES = 2 ** 20;
