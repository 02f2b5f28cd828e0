/**
 * The whole running world in one process, with time under control and no sockets: the real `World` over the
 * store in memory, with a small game on the test's own thread. `crash` throws away everything but what is stored.
 * Nothing happens by itself: a test turns the clock, and every call returns when the world has come to rest.
 */
import type { Identity } from '../../actors/control.js';
import { newUuid, type PlayerId, type SessionId, type ZoneId } from '../../actors/ids.js';
import type { Simulation } from '../../actors/ports.js';
import type { StoredEntity } from '../../actors/records.js';
import { buildWorld } from '../../actors/wiring.js';
import type { World, WorldSettings } from '../../actors/world.js';
import type { GameModule } from '../../games/contract.js';
import { initGame, unfoldedZones } from '../../src/setup.js';
import { InlineSimulation } from '../../src/simulation/inline-simulation.js';
import { MemoryWorld, openMemoryStore } from '../../src/store/memory/open.js';
import type { Store } from '../../src/store/store.js';
import { FailingStore } from './failing-store.js';
import { FakeClock } from './fake-clock.js';
import { NoStrays } from './no-strays.js';
import { RecordingLog } from './recording-log.js';
import { RecordingTelemetry } from './recording-telemetry.js';
import { type Received, TestClient } from './test-client.js';

export interface TestWorldOptions extends Partial<WorldSettings> {
  /** Names of the zones there are at first, each of 10×10 cells. */
  readonly zones?: readonly string[];
  /** Which of them lie side by side: where the second's origin lies in the first's coordinates. */
  readonly links?: readonly (readonly [a: string, b: string, dx: number, dy: number])[];
  /** Puts something between the world and the store: what it lies about, the world believes. */
  readonly lyingStore?: (store: Store, stored: MemoryWorld) => Store;
  readonly lyingSimulation?: (simulation: Simulation) => Simulation;
  /** Of a simulation that is not on this thread: has it still to answer? Then the world has not come to rest. */
  readonly isBusy?: () => boolean;
  /** Sees each message to a client at the very moment it is sent. */
  readonly heard?: (client: TestClient, message: Received) => void;
}

export const INTERVAL_MS = 100;
const MAX_ZONE_BYTES = 2 ** 20;
const SETTINGS: WorldSettings = {
  tickIntervalMs: INTERVAL_MS,
  snapshotEveryTicks: 1,
  persistEveryTicks: 1,
  zoneGraceMs: 1_000,
  maxIntentsPerTick: 32,
  helloTimeoutMs: 5_000,
  resumeWindowMs: 60_000,
  journalKeepMinutes: 10,
  journalMaxMb: 512,
};
/** Turns of the event loop without work in the store, after which nothing more will come by itself. */
const QUIET_TURNS = 3;

/** One life of the process: what a crash throws away. */
interface Life {
  readonly clock: FakeClock;
  readonly store: FailingStore;
  readonly world: World;
}

export class TestWorld {
  /** What outlives a crash. */
  readonly stored = new MemoryWorld();
  readonly telemetry = new RecordingTelemetry();
  readonly log = new RecordingLog();
  /** What the process would have ended of. */
  readonly fatal: unknown[] = [];
  readonly #identities = new Map<string, Identity>();
  readonly #clients = new Set<TestClient>();
  readonly #deadSessions = new Set<SessionId>();
  readonly #zoneIds = new Map<string, ZoneId>();
  #life: Life | null = null;

  private constructor(
    private readonly game: GameModule,
    private readonly options: TestWorldOptions,
  ) {}

  /** A world that ticks. */
  static async create(game: GameModule, options: TestWorldOptions = {}): Promise<TestWorld> {
    const testWorld = new TestWorld(game, options);
    await testWorld.#begin(new FakeClock());
    return testWorld;
  }

  get clock(): FakeClock {
    return this.#living.clock;
  }
  get store(): FailingStore {
    return this.#living.store;
  }
  get world(): World {
    return this.#living.world;
  }

  zone(name: string): ZoneId {
    const id = this.#zoneIds.get(name);
    if (!id) throw new Error(`the test has no zone ${name}`);
    return id;
  }

  /** What the zone's actor says of itself; null: it sleeps. */
  actor(name: string) {
    return this.world.zoneActor(this.zone(name));
  }

  /** Ids of the entities that the zone answers with. */
  async entities(name: string): Promise<readonly StoredEntity[]> {
    return (await this.world.entities(this.zone(name), null)) ?? [];
  }

  // ─── clients ───

  /** A player that has said hello, and is subscribed to `zone` if one is named. */
  async join(name: string, zone?: string, acks: 'each' | 'tick' = 'each'): Promise<TestClient> {
    const client = await this.client(name).connect();
    if (zone !== undefined) await client.subscribe(this.zone(zone), acks);
    return client;
  }

  /** A client that has not connected yet. Two of one name are two devices of one player. */
  client(name: string): TestClient {
    const client: TestClient = new TestClient(
      this.#reach(name, () => client),
      name,
    );
    this.#clients.add(client);
    return client;
  }

  player(name: string): PlayerId {
    const known = this.#identities.get(name);
    if (known) return known.player;
    const identity: Identity = { player: newUuid(), username: name, session: newUuid(), expiresAtMs: null, role: 'player' };
    this.#identities.set(name, identity);
    return identity.player;
  }

  #reach(name: string, client: () => TestClient) {
    this.player(name);
    return {
      host: this.world.sockets,
      token: name,
      settle: () => this.settle(),
      heard: (message: Received) => this.options.heard?.(client(), message),
    };
  }

  // ─── time ───

  /** Turns the clock by so many ticks' intervals. */
  async tick(ticks = 1): Promise<void> {
    for (let i = 0; i < ticks; i += 1) await this.pass(INTERVAL_MS);
  }

  /** Lets this much time pass, as a process sees it that is never late. */
  async pass(ms: number): Promise<void> {
    await this.clock.advanceAsync(ms);
    await this.settle();
  }

  /** Until all that can happen without time passing has happened. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; ) {
      await new Promise(setImmediate);
      const isBusy = (this.#life && this.#life.store.working > 0) || this.options.isBusy?.();
      quiet = isBusy ? 0 : quiet + 1;
    }
  }

  // ─── the process ───

  /** Ends as a killed process does, and starts anew on what is stored; `prepare` gets the store just before. Every socket is gone. */
  async crash(downMs = 1_000, prepare: (store: FailingStore) => void = () => {}): Promise<void> {
    const { clock } = this.#living;
    this.#life = null;
    this.stored.owner = null;
    for (const client of this.#clients) client.moveTo({ ...DEAD, token: client.name });
    await this.#begin(new FakeClock(clock.epochMs() + downMs), prepare);
    for (const client of this.#clients) client.moveTo(this.#reach(client.name, () => client));
  }

  /** A clean stop. The clock stands still meanwhile. */
  async stop(): Promise<void> {
    const { world, store } = this.#living;
    await world.stop();
    await this.settle();
    await store.close();
  }

  async #begin(clock: FakeClock, prepare: (store: FailingStore) => void = () => {}): Promise<void> {
    const memory = await openMemoryStore({ clock, world: this.stored });
    const store = new FailingStore(this.options.lyingStore?.(memory, this.stored) ?? memory);
    const unfolded = await unfoldedZones({ zones: store.zones, catalog: store.catalog, clock, log: this.log });
    if (this.#zoneIds.size === 0) await this.#makeZones(store, clock);
    await initGame(this.game, { zones: store.zones, catalog: store.catalog, unfolded, clock, maxZoneBytes: MAX_ZONE_BYTES });
    prepare(store);
    const simulation = this.#simulation(store.world.secret, clock);
    const { log, telemetry, options } = this;
    const world = buildWorld(
      {
        settings: { ...SETTINGS, ...options },
        zones: store.zones,
        links: this.game.border === undefined ? [] : await store.catalog.links(),
        catalog: store.catalog,
        unfolded,
        places: store.places,
        worldStore: store.world,
        storeHealthy: () => store.healthy(),
        simulation: options.lyingSimulation?.(simulation) ?? simulation,
        clock,
        telemetry,
        log,
        authenticate: async (token) => this.#identities.get(token) ?? null,
        sessionLives: async (session) => !this.#deadSessions.has(session),
        fatal: (error) => {
          if (this.#life?.world === world) this.fatal.push(error);
        },
      },
      await store.catalog.list(),
    );
    this.#life = { clock, store, world };
    await world.start();
    await this.settle();
  }

  #simulation(secret: string, clock: FakeClock): Simulation {
    const { game, log } = this;
    const trusting = { guarded: false, strays: new NoStrays(), tickBudgetMs: 60_000, onHang: () => {} };
    return new InlineSimulation({ game, secret, maxZoneBytes: MAX_ZONE_BYTES, ...trusting, clock, log });
  }

  async #makeZones(store: FailingStore, clock: FakeClock): Promise<void> {
    for (const name of this.options.zones ?? ['a', 'b']) {
      const nowMs = clock.epochMs();
      const id = newUuid<ZoneId>();
      await store.catalog.create({ id, name, width: 10, height: 10, metadata: {}, createdAtMs: nowMs, updatedAtMs: nowMs });
      this.#zoneIds.set(name, id);
    }
    for (const [a, b, dx, dy] of this.options.links ?? []) {
      await store.catalog.connect({ zone: this.zone(a), neighbor: this.zone(b), dx, dy });
    }
  }

  get #living(): Life {
    if (!this.#life) throw new Error('the world of the test is down');
    return this.#life;
  }
}

/** What a client reaches while the server is down. */
const DEAD = {
  host: {
    accept: () => {
      throw new Error('the server is down');
    },
    count: () => 0,
  },
  settle: async () => {},
};
