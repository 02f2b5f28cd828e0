/**
 * A world that stands still: zones and entities are put in by the test, ticks are counted and nothing runs.
 * For tests of the edges; it remembers what it was asked to do.
 */
import type {
  ActorView,
  Ailments,
  ConnectionView,
  SavedPlayer,
  WorldControl,
  WorldStatus,
  ZoneState,
} from '../../actors/control.js';
import { NO_COSTS } from '../../actors/costs.js';
import { type ConnectionId, type EntityId, newUuid, type PlayerId, type SessionId, type ZoneId } from '../../actors/ids.js';
import { Recorder, type Recording } from '../../actors/recorder.js';
import type { StoredEntity, ZoneInfo, ZoneLink } from '../../actors/records.js';
import type { Spoiling } from '../../actors/steps.js';
import type { Witnessed } from '../../actors/witnessing.js';
import type { Area, JsonObject } from '../../games/contract.js';

const MADE_AT_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

const SOME_TIMINGS = {
  ...{ last_tick: 0, step_ms: 0.4, intents_ms: 0.1, rules_ms: 0.1, views_ms: 0.1, encoding_ms: 0.1 },
  ...{ commit_ms: 1.5, send_ms: 0.1, mean_work_ms: 0.5, missed_ticks: 0 },
};

export class FakeWorld implements WorldControl {
  readonly endedSessions: SessionId[] = [];
  readonly checkpointed: PlayerId[] = [];
  readonly orders: (readonly [order: string, zone: ZoneId])[] = [];
  readonly recordings: Recording[] = [];
  readonly sessions = new Map<PlayerId, SessionId>();
  states: ZoneState[] = [];
  layout: ZoneLink[] = [];
  /** Whether zones are in a state for what they are ordered. */
  obeys = true;
  readonly areasAsked: (Area | null)[] = [];
  openConnections: ConnectionView[] = [];
  /** What those who look at a player see, one look after the other; then nothing. */
  readonly witnessed: (Witnessed | null)[] = [];
  readonly lookedAt: (PlayerId | null)[] = [];
  down: Ailments = [];
  /** What the next calls reject with, as a world does whose database is away; null: nothing. */
  failure: Error | null = null;
  #zones = new Map<ZoneId, ZoneInfo>();
  #entities = new Map<EntityId, { readonly zone: ZoneId; readonly entity: StoredEntity }>();
  #paused = false;
  #tick = 100;

  addZone(name: string, metadata: JsonObject = {}): ZoneInfo {
    const times = { createdAtMs: MADE_AT_MS, updatedAtMs: MADE_AT_MS };
    const zone: ZoneInfo = { id: newUuid<ZoneId>(), name, width: 10, height: 20, metadata, ...times };
    this.#zones.set(zone.id, zone);
    return zone;
  }

  addEntity(zone: ZoneId, area: Area, metadata: JsonObject = {}): StoredEntity {
    const entity = { id: newUuid<EntityId>(), ...area, metadata, createdAtMs: MADE_AT_MS, updatedAtMs: MADE_AT_MS };
    this.#entities.set(entity.id, { zone, entity });
    return entity;
  }

  listZones({ limit, cursor }: { readonly limit?: number; readonly cursor?: string }) {
    const byName = [...this.#zones.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const after = cursor === undefined ? byName : byName.filter((zone) => zone.name > cursor);
    const zones = after.slice(0, limit);
    return { zones, next: zones.length < after.length ? (zones.at(-1)?.name ?? null) : null };
  }

  zone(id: ZoneId): ZoneInfo | null {
    return this.#zones.get(id) ?? null;
  }

  async createZone(zone: {
    name: string;
    width: number;
    height: number;
    metadata: JsonObject;
  }): Promise<ZoneInfo | 'name_taken'> {
    this.#failIfTold();
    if ([...this.#zones.values()].some((other) => other.name === zone.name)) return 'name_taken';
    const made: ZoneInfo = { ...zone, id: newUuid<ZoneId>(), createdAtMs: MADE_AT_MS, updatedAtMs: MADE_AT_MS };
    this.#zones.set(made.id, made);
    return made;
  }

  async deleteZone(id: ZoneId): Promise<'deleted' | 'not_found'> {
    return this.#zones.delete(id) ? 'deleted' : 'not_found';
  }

  async pause(): Promise<number> {
    this.#paused = true;
    return this.#tick;
  }

  resume(): number {
    this.#paused = false;
    return this.#tick;
  }

  async step() {
    if (!this.#paused) return 'running' as const;
    this.#tick++;
    return { tick: this.#tick, missed: [...this.#zones.keys()].slice(0, 1) };
  }

  isPaused(): boolean {
    return this.#paused;
  }

  async entities(zone: ZoneId, area: Area | null): Promise<readonly StoredEntity[] | null> {
    this.#failIfTold();
    this.areasAsked.push(area);
    if (!this.#zones.has(zone)) return null;
    return [...this.#entities.values()].filter((held) => held.zone === zone).map((held) => held.entity);
  }

  async entity(id: EntityId) {
    return this.#entities.get(id) ?? null;
  }

  async checkpointPlayer({ id }: { readonly id: PlayerId }): Promise<SavedPlayer> {
    this.#failIfTold();
    this.checkpointed.push(id);
    return { zone: [...this.#zones.keys()][0] ?? null, document: { gold: 7 } };
  }

  watch(): Recording {
    const recording = new Recorder().open();
    this.recordings.push(recording);
    return recording;
  }

  async witness(_zone: ZoneId, player: PlayerId | null): Promise<Witnessed | null> {
    this.lookedAt.push(player);
    return this.witnessed.shift() ?? null;
  }

  zoneStates(): readonly ZoneState[] {
    return this.states;
  }

  links(): readonly ZoneLink[] {
    return this.layout;
  }

  restartZone(zone: ZoneId): boolean {
    return this.#ordered('restart', zone);
  }

  quarantineZone(zone: ZoneId): boolean {
    return this.#ordered('quarantine', zone);
  }

  sessionOf(player: PlayerId): SessionId | null {
    return this.sessions.get(player) ?? null;
  }

  spoilNextTick(zone: ZoneId, how: Spoiling): void {
    this.#ordered(how, zone);
  }

  #ordered(order: string, zone: ZoneId): boolean {
    this.orders.push([order, zone]);
    return this.obeys;
  }

  zoneActor(zone: ZoneId): ActorView | null {
    const info = this.#zones.get(zone);
    if (!info) return null;
    const timings = { ...SOME_TIMINGS, last_tick: this.#tick };
    const last_error = { message: 'game step failed', at: new Date(MADE_AT_MS).toISOString() };
    const facts = { mailbox_length: 3, restarts: 1, last_error, timings, epoch: 4, zone_name: info.name };
    return { id: `zone.${zone}`, kind: 'zone', state: { live: 'waiting' }, ...facts };
  }

  actors(): ActorView {
    const zones = [...this.#zones.keys()].flatMap((id) => this.zoneActor(id) ?? []);
    const facts = { mailbox_length: 0, restarts: 0, last_error: null, timings: null };
    const group: ActorView = { id: 'group.0', kind: 'zone-group', state: 'running', ...facts, children: zones };
    const scheduler: ActorView = {
      id: 'scheduler',
      kind: 'scheduler',
      state: this.#paused ? 'paused' : 'running',
      ...facts,
    };
    return { id: 'supervisor', kind: 'supervisor', state: 'running', ...facts, children: [scheduler, group] };
  }

  connections(): readonly ConnectionView[] {
    return this.openConnections;
  }

  sentBytes(): ReadonlyMap<ConnectionId, Readonly<Record<string, number>>> {
    return new Map(this.openConnections.map(({ connection_id }) => [connection_id, { tick: 100 }]));
  }

  status(): WorldStatus {
    const times = { tick_interval_ms: 1000, costs_ms: NO_COSTS, drift_ms: 0.5, last_duration_ms: 2.5, p99_duration_ms: 7 };
    return {
      tick: { paused: this.#paused, tick_number: this.#tick, ...times, skipped_ticks: 0 },
      queues: { intents: 1, commits: 2, inbox: 3 },
      live_zones: this.#zones.size,
      connections: this.openConnections.length,
    };
  }

  ailments(): Ailments {
    return this.down;
  }

  sessionEnded(session: SessionId): void {
    this.endedSessions.push(session);
  }

  #failIfTold(): void {
    if (this.failure) throw this.failure;
  }
}
