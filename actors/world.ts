/**
 * The running world, put together: supervisor, scheduler, players, connections; and what operators
 * ask of it. Its parts decide; this hands their answers to the edges. Built once by `src/compose.ts`.
 */
import type { Area, JsonObject } from '../games/contract.js';
import { Committer } from './committer.js';
import { Connections } from './connection/connections.js';
import type {
  ActorView,
  Ailments,
  Authenticate,
  ConnectionView,
  SavedPlayer,
  WorldControl,
  WorldStatus,
  ZoneState,
} from './control.js';
import { CostMeter } from './costs.js';
import { OwnershipLostError, StoreUnavailableError } from './errors.js';
import { GameDoor } from './game-door.js';
import { type ConnectionId, type EntityId, newUuid, type PlayerId, type SessionId, type TickNumber, type ZoneId } from './ids.js';
import { actorTree, zoneView } from './inspect.js';
import { Joining } from './players/joining.js';
import { Presences } from './players/presences.js';
import type { Clock, PlaceStore, Simulation, WorldStore, ZoneCatalog, ZoneStore } from './ports.js';
import { patiently, Reads } from './reads.js';
import { Recorder, type Recording } from './recorder.js';
import type { StoredEntity, ZoneInfo, ZoneLink } from './records.js';
import { Scheduler } from './scheduler/scheduler.js';
import { worldStatus, zoneStates } from './status.js';
import type { Spoiling } from './steps.js';
import { Supervisor } from './supervisor/supervisor.js';
import type { Unfolded } from './supervisor/unfolded.js';
import { WakeAlarm } from './supervisor/wake-alarm.js';
import { ZoneDirectory } from './supervisor/zone-directory.js';
import { ZoneLinks } from './supervisor/zone-links.js';
import type { Log, Telemetry } from './telemetry.js';
import { type Witnessed, Witnessing } from './witnessing.js';
import type { ZoneSlot } from './zone/slot.js';

export interface WorldSettings {
  readonly tickIntervalMs: number;
  readonly snapshotEveryTicks: number;
  readonly persistEveryTicks: number;
  readonly zoneGraceMs: number;
  readonly maxIntentsPerTick: number;
  readonly helloTimeoutMs: number;
  readonly resumeWindowMs: number;
  readonly journalKeepMinutes: number;
  readonly journalMaxMb: number;
}

export interface WorldDeps {
  readonly settings: WorldSettings;
  readonly zones: ZoneStore;
  /** Which zones can be seen into from which; none where the game does not look over borders. */
  readonly links: readonly ZoneLink[];
  readonly catalog: ZoneCatalog;
  readonly unfolded: Unfolded;
  readonly places: PlaceStore;
  readonly worldStore: WorldStore;
  readonly storeHealthy: () => boolean;
  readonly simulation: Simulation;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly log: Log;
  readonly authenticate: Authenticate;
  readonly sessionLives: (session: SessionId) => Promise<boolean>;
  /** A tick or a view failed by the fault of the game, or of what it was asked; that is handled already. */
  gameFailed?(zone: ZoneId, error: unknown): void;
  /** This server does not own the world any more, or is broken: it must end. */
  fatal(error: unknown): void;
}

const HEARTBEAT_MS = 1_000;
const TRIM_EVERY_BEATS = 60;
/** Somebody who looks waits for the next view of a player at least so long, and for more ticks than come between two views. */
const SHORTEST_WITNESS_MS = 5_000;

export class World implements WorldControl {
  readonly sockets: Connections;
  /** For the routes of the game. */
  readonly door: GameDoor;
  readonly #supervisor: Supervisor;
  readonly #scheduler: Scheduler;
  readonly #presences: Presences;
  readonly #committer: Committer;
  readonly #alarm: WakeAlarm;
  readonly #reads: Reads;
  readonly #directory: ZoneDirectory;
  readonly #joining: Joining;
  readonly #witnessing: Witnessing;
  readonly #costs = new CostMeter();
  readonly #recorder = new Recorder();
  readonly #threadOf = (zone: ZoneId) => this.deps.simulation.threadOf?.(zone) ?? null;
  #cancelHeartbeat: () => void = () => {};
  #beats = 0;
  #stopping = false;

  /** `zones`: all there are, as the catalog has them. */
  constructor(
    private readonly deps: WorldDeps,
    zones: readonly ZoneInfo[],
  ) {
    const { settings, simulation, clock, telemetry, log, places } = deps;
    this.#directory = new ZoneDirectory(zones);
    this.#committer = new Committer({ store: deps.zones, clock, telemetry, costs: this.#costs, log });
    this.#presences = new Presences({
      slots: {
        find: (zone) => this.#supervisor.find(zone),
        open: (zone) => this.#supervisor.open(zone),
        ticks: (slot) => this.#supervisor.ticks(slot),
      },
      places,
      committer: this.#committer,
      recorder: this.#recorder,
      clock,
      telemetry,
      log,
    });
    this.#supervisor = new Supervisor({
      simulation,
      committer: this.#committer,
      store: deps.zones,
      catalog: deps.catalog,
      presences: this.#presences,
      directory: this.#directory,
      links: new ZoneLinks(deps.links),
      clock,
      telemetry,
      costs: this.#costs,
      recorder: this.#recorder,
      log,
      persistEveryTicks: settings.persistEveryTicks,
      snapshotEveryTicks: settings.snapshotEveryTicks,
      graceMs: settings.zoneGraceMs,
      intentsPerPlayer: settings.maxIntentsPerTick,
      isPaused: () => this.#scheduler.paused,
      slept: (wakeAtMs) => this.#alarm.consider(wakeAtMs),
      gameFailed: (zone, error) => deps.gameFailed?.(zone, error),
      fatal: deps.fatal,
    });
    this.#reads = new Reads({
      supervisor: this.#supervisor,
      presences: this.#presences,
      catalog: deps.catalog,
      unfolded: deps.unfolded,
      simulation,
      clock,
    });
    this.#witnessing = new Witnessing({
      zones: this.#supervisor,
      presences: this.#presences,
      reads: this.#reads,
      simulation,
      clock,
      patienceMs: Math.max(SHORTEST_WITNESS_MS, 3 * settings.tickIntervalMs * settings.snapshotEveryTicks),
    });
    this.door = new GameDoor({
      zones: this.#supervisor,
      presences: this.#presences,
      reads: this.#reads,
      simulation,
      clock,
      telemetry,
    });
    this.#scheduler = new Scheduler({
      clock,
      store: deps.worldStore,
      telemetry,
      log,
      tickIntervalMs: settings.tickIntervalMs,
      send: (tick) => {
        this.#costs.begin();
        return this.#supervisor.tick(tick);
      },
    });
    this.#alarm = new WakeAlarm({
      catalog: deps.catalog,
      clock,
      wake: (due) => {
        for (const zone of due) this.#supervisor.open(zone);
      },
    });
    const { beganAtMs } = deps.worldStore;
    const joining = new Joining({ ...deps, presences: this.#presences, resumeWindowMs: settings.resumeWindowMs, beganAtMs });
    this.#joining = joining;
    this.sockets = new Connections({
      joining,
      presences: this.#presences,
      places,
      simulation,
      directory: this.#directory,
      scheduler: this.#scheduler,
      clock,
      telemetry,
      log,
      authenticate: deps.authenticate,
      helloTimeoutMs: settings.helloTimeoutMs,
      tickIntervalMs: settings.tickIntervalMs,
      slots: this.#supervisor,
    });
  }

  /** Wakes what must be live, and begins to tick. Rejects when the store is away. */
  async start(): Promise<void> {
    // Numbers first: behind the claims of ten thousand zones that wake, they would be waited for.
    await this.#scheduler.start();
    await this.#alarm.start();
    this.deps.unfolded.start((zone) => this.#supervisor.find(zone) !== undefined);
    this.sockets.start();
    this.#joining.open();
    this.#beat();
  }

  /** Running ticks end, everything is saved, waiting intents are reported, sockets close with 1001. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#alarm.stop();
    await this.deps.unfolded.stop();
    await this.#scheduler.stop();
    await this.#supervisor.drain();
    this.sockets.stop(1001, 'the server stops');
    this.#cancelHeartbeat();
  }

  /** Says that the world lives, finds out when it is not ours any more, and trims the journal now and then. */
  #beat(): void {
    const { worldStore, clock, settings, telemetry } = this.deps;
    this.#beats += 1;
    const trims = this.#beats % TRIM_EVERY_BEATS === 0;
    const keepMs = settings.journalKeepMinutes * 60_000;
    worldStore
      .heartbeat(clock.epochMs())
      .then(() => (trims ? worldStore.trimJournal(clock.epochMs(), keepMs, settings.journalMaxMb * 2 ** 20) : undefined))
      .catch((error: unknown) => {
        telemetry.count('store_errors_total');
        if (error instanceof OwnershipLostError) this.deps.fatal(error);
      })
      .finally(() => {
        if (!this.#stopping) this.#cancelHeartbeat = clock.after(HEARTBEAT_MS, () => this.#beat());
      });
  }

  /** The zone is resident nowhere any more: it failed, or the thread that hosted it did. */
  hostLost(zone: ZoneId, error: Error): void {
    this.#supervisor.find(zone)?.ref?.send({ type: 'HOST_LOST', error });
  }

  /** Game code of this zone left something behind, and it failed. Answers how often that has happened to the zone. */
  strayOf(zone: ZoneId, error: unknown): number {
    const slot = this.#supervisor.find(zone);
    slot?.noteStray(error instanceof Error ? error.message : String(error), this.deps.clock.epochMs());
    return slot?.strays.count ?? 1;
  }

  // ─── zones ───

  listZones(page: { readonly limit?: number; readonly cursor?: string }): {
    readonly zones: readonly ZoneInfo[];
    readonly next: string | null;
  } {
    const { zones, next } = this.#directory.page(page);
    return { zones: zones.map((zone) => this.#supervisor.info(zone.id) ?? zone), next };
  }

  zone(id: ZoneId): ZoneInfo | null {
    return this.#directory.get(id) ? (this.#supervisor.info(id) ?? null) : null;
  }

  async createZone(zone: {
    readonly name: string;
    readonly width: number;
    readonly height: number;
    readonly metadata: JsonObject;
  }): Promise<ZoneInfo | 'name_taken'> {
    const nowMs = this.deps.clock.epochMs();
    const created = await this.deps.catalog.create({ ...zone, id: newUuid<ZoneId>(), createdAtMs: nowMs, updatedAtMs: nowMs });
    if (!created) return 'name_taken';
    this.#directory.set(created);
    return created;
  }

  deleteZone(id: ZoneId): Promise<'deleted' | 'not_found'> {
    return this.#supervisor.delete(id);
  }

  // ─── ticks ───

  async pause(): Promise<TickNumber> {
    await this.#scheduler.pause();
    for (const slot of this.#supervisor.slots) this.#presences.recheck(slot);
    return this.#scheduler.last;
  }

  resume(): TickNumber {
    this.#scheduler.resume();
    return this.#scheduler.last;
  }

  isPaused(): boolean {
    return this.#scheduler.paused;
  }

  async step(): Promise<{ readonly tick: TickNumber; readonly missed: readonly ZoneId[] } | 'running'> {
    if (!this.#scheduler.paused) return 'running';
    await this.#whileRestoring();
    const notLive = this.#supervisor.notLive().map(({ zone }) => zone);
    const step = await this.#scheduler.step();
    if (!step) throw new StoreUnavailableError('no tick number is free');
    const failed = [...step.fates].filter(([, fate]) => fate !== 'committed').map(([zone]) => zone);
    return { tick: step.tick, missed: [...new Set([...notLive, ...failed])] };
  }

  /** A zone that somebody has just woken is to be in the step that follows. */
  async #whileRestoring(): Promise<void> {
    const restoring = this.#supervisor.notLive().filter(({ phase }) => phase === 'restoring');
    await patiently(this.deps.clock, Promise.all(restoring.map((slot) => slot.nextPhase())));
  }

  // ─── reads ───

  async entities(zone: ZoneId, area: Area | null): Promise<readonly StoredEntity[] | null> {
    return this.#directory.get(zone) ? this.#reads.entities(zone, area) : null;
  }

  entity(id: EntityId): Promise<{ readonly zone: ZoneId; readonly entity: StoredEntity } | null> {
    return this.#reads.entity(id);
  }

  watch(): Recording {
    return this.#recorder.open();
  }

  witness(zone: ZoneId, player: PlayerId | null): Promise<Witnessed | null> {
    return this.#witnessing.look(zone, player);
  }

  zoneStates(): readonly ZoneState[] {
    return zoneStates(this.#supervisor);
  }

  links(): readonly ZoneLink[] {
    return this.deps.links;
  }

  restartZone(zone: ZoneId): boolean {
    return this.#supervisor.restart(zone);
  }

  quarantineZone(zone: ZoneId): boolean {
    return this.#supervisor.quarantine(zone);
  }

  sessionOf(player: PlayerId): SessionId | null {
    for (const { identity } of this.sockets) if (identity?.player === player) return identity.session;
    return null;
  }

  spoilNextTick(zone: ZoneId, how: Spoiling): void {
    this.deps.simulation.spoil?.(zone, how);
  }

  async checkpointPlayer(player: { readonly id: PlayerId; readonly username: string }): Promise<SavedPlayer> {
    const presence = await this.#presences.load(player.id, player.username);
    const slot = presence.holder === null ? undefined : this.#supervisor.open(presence.holder);
    if (slot && !(await this.#checkpoint(slot))) throw new StoreUnavailableError('the zone cannot be written now');
    const document = this.#presences.document(presence);
    const zone = presence.holder;
    // Nobody may be waiting for this player: then it is not kept.
    this.#presences.reconcile(presence);
    return { zone, document };
  }

  async #checkpoint(slot: ZoneSlot): Promise<boolean> {
    await this.#reads.settled(slot);
    return new Promise((resolve, reject) => {
      if (slot.phase !== 'live' || !slot.ref) resolve(false);
      else slot.ref.send({ type: 'CHECKPOINT', written: (done) => done.then(resolve, reject) });
    });
  }

  zoneActor(zone: ZoneId): ActorView | null {
    const slot = this.#supervisor.find(zone);
    return slot ? zoneView(slot, this.#threadOf) : null;
  }

  actors(): ActorView {
    return { ...actorTree(this.#supervisor, this.#scheduler, this.sockets, this.#threadOf), known_players: this.#presences.size };
  }

  connections(): readonly ConnectionView[] {
    // One that was closed is its player's no more, however long its peer takes to finish the handshake.
    return [...this.sockets].flatMap((connection) => (connection.open && connection.view()) || []);
  }

  sentBytes(): ReadonlyMap<ConnectionId, Readonly<Record<string, number>>> {
    return new Map(Array.from(this.sockets, ({ id, sentBytes }) => [id, sentBytes]));
  }

  status(): WorldStatus {
    return worldStatus({
      scheduler: this.#scheduler,
      supervisor: this.#supervisor,
      committer: this.#committer,
      sockets: this.sockets,
      costs: this.#costs,
      tickIntervalMs: this.deps.settings.tickIntervalMs,
    });
  }

  ailments(): Ailments {
    const down: ('store' | 'tick_loop')[] = [];
    if (this.#committer.stalled || !this.deps.storeHealthy()) down.push('store');
    if (this.#scheduler.dead) down.push('tick_loop');
    return down;
  }

  sessionEnded(session: SessionId): void {
    this.sockets.sessionEnded(session);
  }
}
