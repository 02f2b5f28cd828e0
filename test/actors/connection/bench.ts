/**
 * One connection with everything around it played by the test: a clock that it turns, a wire that remembers,
 * a player that is let into any zone at once (or when the test says so), and joins that answer as told.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { Connection } from '../../../actors/connection/connection.js';
import type { ConnectionDeps } from '../../../actors/connection/deps.js';
import type { ClientMessage, Identity } from '../../../actors/control.js';
import { newUuid, type PlayerId, type SessionId, type ZoneId } from '../../../actors/ids.js';
import { startMark } from '../../../actors/mark.js';
import type { Joined, Joiner } from '../../../actors/players/joining.js';
import { Presence } from '../../../actors/players/presence.js';
import { SeqLedger } from '../../../actors/players/seq-ledger.js';
import { Strikes } from '../../../actors/players/strikes.js';
import type { PlaceNote, ZoneInfo } from '../../../actors/records.js';
import { ZoneSlot } from '../../../actors/zone/slot.js';
import { FakeClock } from '../../support/fake-clock.js';
import { RecordingLog } from '../../support/recording-log.js';
import { RecordingTelemetry } from '../../support/recording-telemetry.js';
import { RecordingWire } from '../../support/recording-wire.js';

export const TOKEN = 'the right token';
export const HELLO = { type: 'hello', token: TOKEN, resume: null } as const satisfies ClientMessage;
export const HELLO_TIMEOUT_MS = 5_000;
export const TICK_MS = 100;

const RUN = 1;

export class ConnectionBench {
  readonly clock = new FakeClock();
  readonly wire = new RecordingWire();
  readonly telemetry = new RecordingTelemetry();
  readonly log = new RecordingLog();
  readonly presence = presenceOf();
  readonly scheduler = { next: 10 };
  readonly strikes = new Strikes();
  readonly zones = new Map<ZoneId, ZoneSlot>();
  readonly notes: PlaceNote[] = [];
  readonly admitted: ZoneId[] = [];
  readonly gone: Connection[] = [];
  readonly joining = new FakeJoining(this.presence);
  /** What `authenticate` answers for the right token. */
  identity: Identity;
  /** The zones that the game admits nobody to. */
  readonly locked = new Set<ZoneId>();
  /** true: the player is let into a zone only when the test calls `letIn`. */
  slowDoors = false;
  /** What the store says to the next note; null: written. */
  storeError: Error | null = null;
  place: ZoneId | null = null;
  readonly connection: Connection;

  constructor() {
    const { id: player, username } = this.presence;
    this.identity = { player, username, session: newUuid<SessionId>(), expiresAtMs: null, role: 'player' };
    this.connection = new Connection(this.wire, { ...this.deps, gone: (connection) => this.gone.push(connection) });
  }

  /** One that has said hello and was let in. */
  static async joined(): Promise<ConnectionBench> {
    const bench = new ConnectionBench();
    await bench.say(HELLO);
    bench.wire.heard();
    return bench;
  }

  /** One that is subscribed besides. */
  static async subscribed(acks: 'each' | 'tick' = 'each'): Promise<{ bench: ConnectionBench; zone: ZoneId; slot: ZoneSlot }> {
    const bench = await ConnectionBench.joined();
    const slot = bench.zone('first');
    await bench.subscribe(slot.zone, acks);
    bench.wire.heard();
    return { bench, zone: slot.zone, slot };
  }

  /** A zone that is awake. */
  zone(name: string): ZoneSlot {
    const info: ZoneInfo = { id: newUuid<ZoneId>(), name, width: 9, height: 9, metadata: {}, createdAtMs: 0, updatedAtMs: 0 };
    const slot = new ZoneSlot(info, 3);
    this.zones.set(slot.zone, slot);
    return slot;
  }

  /** Hands messages over, as fast as a client can, and lets all that can be answered be answered. */
  async say(...messages: ClientMessage[]): Promise<void> {
    for (const message of messages) this.connection.message(message);
    await this.settle();
  }

  async subscribe(zone: ZoneId, acks: 'each' | 'tick' = 'each'): Promise<void> {
    await this.say({ type: 'subscribe', zoneId: zone, acks, sync: 'snapshot' });
  }

  /** The zone of the last `subscribe` lets the player in. */
  async letIn(): Promise<void> {
    const { wanted, onEntered } = this.presence;
    const slot = wanted && this.zones.get(wanted);
    if (!slot) throw new Error('nobody wants in');
    this.presence.presentIn = slot.zone;
    this.presence.onEntered = null;
    onEntered?.(slot.info);
    await this.settle();
  }

  /** The zone commits its next tick and shows it, if the connection wants to see it. */
  tick(zone: ZoneId): boolean {
    const tick = this.scheduler.next++;
    const { listener } = this.connection;
    if (listener.viewing(zone, tick) === null) return false;
    listener.tick(zone, tick, Buffer.from(`"tick_number":${tick},"zone_id":"${zone}","state":{}}`), false);
    return true;
  }

  async settle(): Promise<void> {
    for (let turns = 0; turns < 3; turns += 1) await turn();
  }

  /** What the connection is given; another one may be given the same. */
  get deps(): Omit<ConnectionDeps, 'gone'> {
    const { clock, telemetry, log, scheduler, joining } = this;
    return {
      clock,
      telemetry,
      log,
      scheduler,
      joining,
      authenticate: async (token) => (token === TOKEN ? this.identity : null),
      helloTimeoutMs: HELLO_TIMEOUT_MS,
      tickIntervalMs: TICK_MS,
      slots: { find: (zone) => this.zones.get(zone) },
      directory: {
        get: (zone) => this.zones.get(zone)?.info,
        all: () => Array.from(this.zones.values(), ({ info }) => info),
      },
      places: { note: (_player, note) => this.#note(note) },
      presences: {
        strikes: this.strikes,
        document: () => null,
        enter: (presence, zone, onEntered) => {
          Object.assign(presence, { wanted: zone, zone, presentIn: null, onEntered });
          if (!this.slowDoors) void this.letIn();
        },
        leave: (presence) => Object.assign(presence, { wanted: null, onEntered: null, presentIn: null }),
      },
      simulation: {
        place: async () => this.place,
        admit: async (zone) => {
          this.admitted.push(zone.id);
          return !this.locked.has(zone.id);
        },
      },
    };
  }

  async #note(note: PlaceNote): Promise<void> {
    if (this.storeError) throw this.storeError;
    this.notes.push(note);
  }
}

/** Joins that answer what the test says, at once or when it says. */
export class FakeJoining {
  answer: Partial<Joined> | 'session_ended' | Error = {};
  readonly detached: Joiner[] = [];
  spokenBy = 0;

  constructor(private readonly presence: Presence) {}

  async join(_identity: Identity, resume: string | null, joiner: Joiner): Promise<Joined | 'session_ended'> {
    if (this.answer instanceof Error) throw this.answer;
    if (this.answer === 'session_ended') return this.answer;
    joiner.listener.run = RUN;
    this.presence.listener = joiner.listener;
    const fresh = { resumeToken: 'again', lastSeq: 0, dropped: [], resume: 'fresh', zone: null } as const;
    return { presence: this.presence, ...fresh, ...(resume !== null && { resume: 'resumed' }), ...this.answer };
  }

  spoke(): void {
    this.spokenBy += 1;
  }

  detach(_presence: Presence, joiner: Joiner): void {
    this.detached.push(joiner);
  }
}

function presenceOf(): Presence {
  const place = { number: 1, holder: null, stay: 0, document: null, mark: startMark(RUN), zone: null };
  const tokens = { newest: null, spoken: null, droppedAtMs: null };
  return new Presence(newUuid<PlayerId>(), 'alice', { ...place, ...tokens }, new SeqLedger(RUN, startMark(RUN)));
}
