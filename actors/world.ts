/**
 * The running world: its start, its heartbeat and its end, and what operators ask of it. Its parts decide, and this hands
 * their answers to the edges; how the parts are put together is in `wiring.ts`.
 */
import type { Area } from '../games/contract.js';
import type { Committer } from './committer.js';
import type { Connections } from './connection/connections.js';
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
import type { CostMeter } from './costs.js';
import { OwnershipLostError, StoreUnavailableError } from './errors.js';
import type { GameDoor } from './game-door.js';
import type { ConnectionId, EntityId, PlayerId, SessionId, TickNumber, ZoneId } from './ids.js';
import { actorTree, zoneView } from './inspect.js';
import type { Crossings } from './players/crossings.js';
import type { Joining } from './players/joining.js';
import type { Presences } from './players/presences.js';
import type { Clock, PlaceStore, Simulation, WorldStore, ZoneCatalog, ZoneStore } from './ports.js';
import { patiently, type Reads } from './reads.js';
import type { Recorder, Recording } from './recorder.js';
import type { StoredEntity, ZoneInfo, ZoneLink } from './records.js';
import type { Scheduler } from './scheduler/scheduler.js';
import { worldStatus, zoneStates } from './status.js';
import type { Spoiling } from './steps.js';
import type { Creations, NewZone } from './supervisor/creation.js';
import type { Supervisor } from './supervisor/supervisor.js';
import type { Unfolded } from './supervisor/unfolded.js';
import type { WakeAlarm } from './supervisor/wake-alarm.js';
import type { ZoneDirectory } from './supervisor/zone-directory.js';
import type { Log, Telemetry } from './telemetry.js';
import type { Witnessed, Witnessing } from './witnessing.js';
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

/** What it is made of; `wiring.ts` builds them. */
export interface WorldParts {
  readonly directory: ZoneDirectory;
  readonly committer: Committer;
  readonly presences: Presences;
  readonly crossings: Crossings;
  readonly supervisor: Supervisor;
  readonly creations: Creations;
  readonly scheduler: Scheduler;
  readonly alarm: WakeAlarm;
  readonly costs: CostMeter;
  readonly recorder: Recorder;
  readonly reads: Reads;
  readonly witnessing: Witnessing;
  readonly joining: Joining;
  readonly sockets: Connections;
  readonly door: GameDoor;
}

const HEARTBEAT_MS = 1_000;
const TRIM_EVERY_BEATS = 60;

export class World implements WorldControl {
  readonly sockets: Connections;
  /** For the routes of the game. */
  readonly door: GameDoor;
  readonly #threadOf = (zone: ZoneId) => this.deps.simulation.threadOf?.(zone) ?? null;
  #cancelHeartbeat: () => void = () => {};
  #beats = 0;
  #stopping = false;

  constructor(
    private readonly deps: WorldDeps,
    private readonly parts: WorldParts,
  ) {
    this.sockets = parts.sockets;
    this.door = parts.door;
  }

  /** Wakes what must be live, and begins to tick. Rejects when the store is away. */
  async start(): Promise<void> {
    // Numbers first: behind the claims of ten thousand zones that wake, they would be waited for.
    await this.parts.scheduler.start();
    await this.parts.alarm.start();
    this.deps.unfolded.start((zone) => this.parts.supervisor.find(zone) !== undefined);
    this.sockets.start();
    this.parts.joining.open();
    this.#beat();
  }

  /** Running ticks end, everything is saved, waiting intents are reported, sockets close with 1001. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.parts.creations.stop();
    this.parts.alarm.stop();
    await this.deps.unfolded.stop();
    await this.parts.scheduler.stop();
    await this.parts.supervisor.drain();
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
    this.parts.supervisor.find(zone)?.ref?.send({ type: 'HOST_LOST', error });
  }

  /** Game code of this zone left something behind, and it failed. Answers how often that has happened to the zone. */
  strayOf(zone: ZoneId, error: unknown): number {
    const slot = this.parts.supervisor.find(zone);
    slot?.noteStray(error instanceof Error ? error.message : String(error), this.deps.clock.epochMs());
    return slot?.strays.count ?? 1;
  }

  // ─── zones ───

  listZones(page: { readonly limit?: number; readonly cursor?: string }): {
    readonly zones: readonly ZoneInfo[];
    readonly next: string | null;
  } {
    const { zones, next } = this.parts.directory.page(page);
    return { zones: zones.map((zone) => this.parts.supervisor.info(zone.id) ?? zone), next };
  }

  zone(id: ZoneId): ZoneInfo | null {
    return this.parts.directory.get(id) ? (this.parts.supervisor.info(id) ?? null) : null;
  }

  createZone(zone: NewZone): Promise<ZoneInfo | 'name_taken'> {
    return this.parts.creations.create(zone);
  }

  deleteZone(id: ZoneId): Promise<'deleted' | 'not_found'> {
    return this.parts.supervisor.delete(id);
  }

  // ─── ticks ───

  async pause(): Promise<TickNumber> {
    await this.parts.scheduler.pause();
    for (const slot of this.parts.supervisor.slots) this.parts.presences.recheck(slot);
    return this.parts.scheduler.last;
  }

  resume(): TickNumber {
    this.parts.scheduler.resume();
    return this.parts.scheduler.last;
  }

  isPaused(): boolean {
    return this.parts.scheduler.paused;
  }

  async step(): Promise<{ readonly tick: TickNumber; readonly missed: readonly ZoneId[] } | 'running'> {
    if (!this.parts.scheduler.paused) return 'running';
    await this.#whileRestoring();
    const notLive = this.parts.supervisor.notLive().map(({ zone }) => zone);
    const step = await this.parts.scheduler.step();
    if (!step) throw new StoreUnavailableError('no tick number is free');
    const failed = [...step.fates].filter(([, fate]) => fate !== 'committed').map(([zone]) => zone);
    return { tick: step.tick, missed: [...new Set([...notLive, ...failed])] };
  }

  /** A zone that somebody has just woken is to be in the step that follows. */
  async #whileRestoring(): Promise<void> {
    const restoring = this.parts.supervisor.notLive().filter(({ phase }) => phase === 'restoring');
    await patiently(this.deps.clock, Promise.all(restoring.map((slot) => slot.nextPhase())));
  }

  // ─── reads ───

  async entities(zone: ZoneId, area: Area | null): Promise<readonly StoredEntity[] | null> {
    return this.parts.directory.get(zone) ? this.parts.reads.entities(zone, area) : null;
  }

  entity(id: EntityId): Promise<{ readonly zone: ZoneId; readonly entity: StoredEntity } | null> {
    return this.parts.reads.entity(id);
  }

  watch(): Recording {
    return this.parts.recorder.open();
  }

  witness(zone: ZoneId, player: PlayerId | null): Promise<Witnessed | null> {
    return this.parts.witnessing.look(zone, player);
  }

  zoneStates(): readonly ZoneState[] {
    return zoneStates(this.parts.supervisor);
  }

  links(): readonly ZoneLink[] {
    return this.deps.links;
  }

  restartZone(zone: ZoneId): boolean {
    return this.parts.supervisor.restart(zone);
  }

  quarantineZone(zone: ZoneId): boolean {
    return this.parts.supervisor.quarantine(zone);
  }

  sessionOf(player: PlayerId): SessionId | null {
    for (const { identity } of this.sockets) if (identity?.player === player) return identity.session;
    return null;
  }

  spoilNextTick(zone: ZoneId, how: Spoiling): void {
    this.deps.simulation.spoil?.(zone, how);
  }

  async checkpointPlayer(player: { readonly id: PlayerId; readonly username: string }): Promise<SavedPlayer> {
    const presence = await this.parts.presences.load(player.id, player.username);
    const slot = presence.holder === null ? undefined : this.parts.supervisor.open(presence.holder);
    if (slot && !(await this.#checkpoint(slot))) throw new StoreUnavailableError('the zone cannot be written now');
    const document = this.parts.presences.document(presence);
    const zone = presence.holder;
    // Nobody may be waiting for this player: then it is not kept.
    this.parts.presences.reconcile(presence);
    return { zone, document };
  }

  async #checkpoint(slot: ZoneSlot): Promise<boolean> {
    await this.parts.reads.settled(slot);
    return new Promise((resolve, reject) => {
      if (slot.phase !== 'live' || !slot.ref) resolve(false);
      else slot.ref.send({ type: 'CHECKPOINT', written: (done) => done.then(resolve, reject) });
    });
  }

  zoneActor(zone: ZoneId): ActorView | null {
    const slot = this.parts.supervisor.find(zone);
    return slot ? zoneView(slot, this.#threadOf) : null;
  }

  actors(): ActorView {
    return {
      ...actorTree(this.parts.supervisor, this.parts.scheduler, this.sockets, this.#threadOf),
      known_players: this.parts.presences.size,
    };
  }

  connections(): readonly ConnectionView[] {
    // One that was closed is its player's no more, however long its peer takes to finish the handshake.
    return [...this.sockets].flatMap((connection) => (connection.open && connection.view()) || []);
  }

  sentBytes(): ReadonlyMap<ConnectionId, Readonly<Record<string, number>>> {
    return new Map(Array.from(this.sockets, ({ id, sentBytes }) => [id, sentBytes]));
  }

  status(): WorldStatus {
    return worldStatus({ ...this.parts, tickIntervalMs: this.deps.settings.tickIntervalMs });
  }

  ailments(): Ailments {
    const down: ('store' | 'tick_loop')[] = [];
    if (this.parts.committer.stalled || !this.deps.storeHealthy()) down.push('store');
    if (this.parts.scheduler.dead) down.push('tick_loop');
    return down;
  }

  sessionEnded(session: SessionId): void {
    this.sockets.sessionEnded(session);
  }
}
