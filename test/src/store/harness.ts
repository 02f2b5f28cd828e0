/**
 * What the one suite for stores needs of each database, and a bench that makes worlds with few words.
 */
import { newUuid, type PlayerId, type ZoneId } from '../../../actors/ids.js';
import type {
  HeldPlayer,
  InboxRow,
  InboxSend,
  JournalRow,
  SeqMark,
  StoredEntity,
  ZoneCheckpoint,
  ZoneCommit,
} from '../../../actors/records.js';
import type { Store } from '../../../src/store/open.js';
import { FakeClock } from '../../support/fake-clock.js';
import { RecordingLog } from '../../support/recording-log.js';
import { RecordingTelemetry } from '../../support/recording-telemetry.js';

/** One database, opened by one store after the other. */
export interface Harness {
  open(): Promise<Store>;
  /** Ends the store as a kill ends it: what was not durable is gone. */
  kill(store: Store): Promise<void>;
  /** What another server's start does to this one. */
  takeOver(): Promise<void>;
  dispose(): Promise<void>;
}

/** What a store is opened with in tests. */
export class Surroundings {
  readonly clock = new FakeClock();
  readonly log = new RecordingLog();
  readonly telemetry = new RecordingTelemetry();
  readonly resumeWindowMs = 60_000;
}

export const NO_MARK: SeqMark = { run: 0, highest: 0, dropped: [] };
export const SOME_MARK: SeqMark = { run: 3, highest: 9, dropped: [4, 7] };

export interface ClaimedZone {
  readonly id: ZoneId;
  readonly epoch: number;
}

export class Bench {
  #tick = 0;

  constructor(
    readonly store: Store,
    readonly nowMs = Date.UTC(2026, 0, 1),
  ) {}

  /** A zone that was made and claimed. */
  async zone(name: string, size = 100): Promise<ClaimedZone> {
    const id = newUuid<ZoneId>();
    const times = { createdAtMs: this.nowMs, updatedAtMs: this.nowMs };
    await this.store.catalog.create({ id, name, width: size, height: size, metadata: {}, ...times });
    return { id, epoch: await this.claim(id) };
  }

  /** The new epoch. */
  async claim(zone: ZoneId): Promise<number> {
    return (await this.restored(zone)).epoch;
  }

  async restored(zone: ZoneId) {
    const stored = await this.store.zones.claim(zone);
    if (!stored) throw new Error(`there is no zone ${zone}`);
    return stored;
  }

  async inbox(zone: ZoneId): Promise<readonly InboxRow[]> {
    return (await this.restored(zone)).inbox;
  }

  /** A player whose place this zone holds. */
  async playerIn(zone: ClaimedZone): Promise<HeldPlayer> {
    const player = await this.player();
    await this.commit({ ...this.tick(zone), places: [{ type: 'joined', player: player.id, stay: player.stay }] });
    return { ...player, stay: player.stay + 1 };
  }

  /** A player whom nobody holds. */
  async player(): Promise<HeldPlayer> {
    const id = newUuid<PlayerId>();
    const { number, stay } = await this.store.places.place(id);
    return { id, username: `player ${number}`, number, stay, document: { gold: 7 }, mark: SOME_MARK };
  }

  /** A commit of the zone's next tick with one journal row. */
  tick(zone: ClaimedZone, more: Partial<ZoneCommit> = {}): ZoneCommit {
    return { ...emptyCommit(zone, this.nowMs), rows: [journalRow(this.nextTick())], ...more };
  }

  nextTick(): number {
    return ++this.#tick;
  }

  /** Commits one zone, and fails the test unless it was committed. */
  async commit(commit: ZoneCommit): Promise<readonly InboxRow[]> {
    const [outcome] = await this.store.zones.commit([commit]);
    if (outcome?.type !== 'committed') throw new Error(`not committed: ${JSON.stringify(outcome)}`);
    return outcome.sent;
  }

  /** Sends an entity with these followers, and answers the row that was made. */
  async send(from: ClaimedZone, to: ZoneId, followers: readonly HeldPlayer[] = []): Promise<InboxRow> {
    const commit = this.tick(from);
    const [row] = await this.commit({ ...commit, sends: [arrival(to, tickOf(commit), followers)] });
    if (!row) throw new Error('nothing was sent');
    return row;
  }
}

export function emptyCommit(zone: ClaimedZone, nowMs = Date.UTC(2026, 0, 1)): ZoneCommit {
  return { zone: zone.id, epoch: zone.epoch, rows: [], takes: [], sends: [], places: [], nowMs };
}

/** A checkpoint of the running incarnation, with nothing for the projection. */
export function checkpoint(zone: ClaimedZone, tick: number, more: Partial<ZoneCheckpoint> = {}): ZoneCheckpoint {
  const body = Buffer.from(`state at ${tick}`);
  return { zone: zone.id, epoch: zone.epoch, tick, body, changed: [], gone: [], live: true, ...more };
}

export function journalRow(tick: number, body = `result of ${tick}`): JournalRow {
  return { tick, inputs: JSON.stringify({ tick }), body: Buffer.from(body) };
}

export function tickOf(commit: ZoneCommit): number {
  const [row] = commit.rows;
  if (!row) throw new Error('a commit without a tick');
  return row.tick;
}

export function arrival(to: ZoneId, tick: number, followers: readonly HeldPlayer[] = [], of = entity()): InboxSend {
  return { to, tick, kind: 'arrival', reason: null, parcel: { entity: of, origin: { x: 1, y: 2 }, followers } };
}

export function effectOn(to: ZoneId, tick: number): InboxSend {
  return { to, tick, kind: 'arrival', reason: null, parcel: { effect: { hits: 3 }, followers: [] } };
}

/** The target's own tick sends back what it took. */
export function returnOf(row: InboxRow, tick: number): InboxSend {
  const stays = new Map(row.followers.map(({ player, stay }) => [player, stay]));
  const followers = row.parcel.followers.map((held) => ({ ...held, stay: stays.get(held.id) ?? held.stay }));
  return { to: row.from, tick, kind: 'returned', reason: 'full', parcel: { ...row.parcel, followers } };
}

export function entity(more: Partial<StoredEntity> = {}): StoredEntity {
  const times = { createdAtMs: Date.UTC(2026, 0, 1), updatedAtMs: Date.UTC(2026, 0, 1, 0, 0, 1, 5) };
  return { id: newUuid(), x: 5, y: 6, width: 1, height: 1, metadata: { kind: 'stone' }, ...times, ...more };
}
