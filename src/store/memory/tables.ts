/**
 * The tables in memory: the same operations and guards as the SQL ones, on maps, with an undo log for transactions.
 * Everything is copied on its way in, and bytes on their way out, as a database would.
 */
import type { EntityId, PlayerId, TickNumber, ZoneId } from '../../../actors/ids.js';
import type { JournalRow, KeptState, Place, StoredEntity, ZoneInfo, ZoneLink } from '../../../actors/records.js';
import {
  type Attempt,
  type BesideRow,
  type CheckpointRow,
  type CoveredRow,
  type InboxTable,
  type JournalEntry,
  type JournalMark,
  PartRefused,
  type PlaceTable,
  type Projection,
  type StoredTick,
  type Tables,
  type Wish,
  type ZoneHead,
  type ZonePatch,
  type ZoneRow,
} from '../tables.js';
import { MemoryInbox } from './inbox.js';
import { defined } from './patch.js';
import { MemoryPlaces } from './places.js';
import type { UndoLog } from './undo.js';
import type { MemoryJournalRow, MemoryWorld } from './world.js';

export class MemoryTables implements Tables {
  readonly inbox: InboxTable;
  readonly places: PlaceTable;

  constructor(
    private readonly world: MemoryWorld,
    private readonly undo: UndoLog,
  ) {
    this.inbox = new MemoryInbox(world, undo);
    this.places = new MemoryPlaces(world, undo);
  }

  async attempt<T>(part: () => Promise<T>): Promise<Attempt<T>> {
    const mark = this.undo.mark();
    try {
      return { done: true, value: await part() };
    } catch (error) {
      if (!(error instanceof PartRefused)) throw error;
      this.undo.backTo(mark);
      return { done: false, error };
    }
  }

  async zones(ids: readonly ZoneId[]): Promise<ReadonlyMap<ZoneId, ZoneRow>> {
    return new Map(present(ids.map((id) => this.world.zones.get(id))).map((row) => [row.info.id, row]));
  }

  async zoneHeads(ids: readonly ZoneId[]): Promise<ReadonlyMap<ZoneId, ZoneHead>> {
    const rows = [...(await this.zones(ids)).values()];
    return new Map(rows.map(({ info, epoch, quarantined }) => [info.id, { ...sizeOf(info), epoch, quarantined }]));
  }

  async updateZone(id: ZoneId, { metadata, updatedAtMs, ...rest }: ZonePatch): Promise<void> {
    const row = this.world.zones.get(id);
    if (!row) return;
    const info = { ...row.info, ...defined({ metadata: structuredClone(metadata), updatedAtMs }) };
    this.undo.set(this.world.zones, id, { ...row, ...defined(rest), info });
  }

  async claimZones(ids: readonly ZoneId[]): Promise<void> {
    for (const id of ids) {
      const row = this.world.zones.get(id);
      if (row) this.undo.set(this.world.zones, id, { ...row, epoch: row.epoch + 1, live: true, quarantined: false });
    }
  }

  async layToSleep(ids: readonly ZoneId[]): Promise<void> {
    for (const id of ids) await this.updateZone(id, { live: false });
  }

  async setWishes(wishes: readonly Wish[]): Promise<void> {
    for (const { zone, wakeAtMs } of wishes) await this.updateZone(zone, { wakeAtMs });
  }

  async deleteZone(id: ZoneId): Promise<void> {
    for (const { entity, zone } of this.world.entities.values())
      if (zone === id) this.undo.delete(this.world.entities, entity.id);
    this.undo.delete(this.world.journal, id);
    this.undo.delete(this.world.checkpoints, id);
    this.undo.delete(this.world.history, id);
    this.undo.delete(this.world.links, id);
    for (const links of this.world.links.values()) this.undo.delete(links, id);
    this.undo.delete(this.world.zones, id);
  }

  async neighbors(zones: readonly ZoneId[]): Promise<readonly BesideRow[]> {
    const links = zones.flatMap((zone) => [...(this.world.links.get(zone)?.values() ?? [])]);
    const rows = links.flatMap(({ zone, neighbor: id, dx, dy }) => {
      const info = this.world.zones.get(id)?.info;
      return info ? { zone, neighbor: { id, name: info.name, width: info.width, height: info.height, dx, dy } } : [];
    });
    return rows.sort(({ neighbor: a }, { neighbor: b }) => a.dy - b.dy || a.dx - b.dx || (a.id < b.id ? -1 : 1));
  }

  async putLink(link: ZoneLink): Promise<void> {
    const links = this.world.links.get(link.zone) ?? new Map<ZoneId, ZoneLink>();
    this.undo.set(this.world.links, link.zone, links);
    this.undo.set(links, link.neighbor, link);
  }

  async links(): Promise<readonly ZoneLink[]> {
    return [...this.world.links.values()].flatMap((links) => [...links.values()]);
  }

  async appendJournal(rows: readonly JournalEntry[]): Promise<number> {
    let written = 0;
    for (const { zone, epoch, atMs, row } of rows) {
      if (this.world.zones.get(zone)?.epoch !== epoch) continue;
      const journal = this.world.journal.get(zone) ?? new Map<TickNumber, MemoryJournalRow>();
      if (journal.has(row.tick)) continue;
      this.undo.set(this.world.journal, zone, journal);
      this.undo.set(journal, row.tick, { ...row, epoch, atMs, body: Uint8Array.from(row.body) });
      written++;
    }
    return written;
  }

  async journalEpochs(zone: ZoneId, ticks: readonly TickNumber[]): Promise<ReadonlyMap<TickNumber, number>> {
    return new Map(this.#journalOf(zone).flatMap(({ tick, epoch }) => (ticks.includes(tick) ? [[tick, epoch]] : [])));
  }

  async journalAfter(marks: readonly JournalMark[]): Promise<readonly StoredTick[]> {
    const rows = marks.flatMap(({ zone, tick: mark }) =>
      this.#journalOf(zone).flatMap(({ tick, body }) => (tick > mark ? { zone, tick, body: Uint8Array.from(body) } : [])),
    );
    return rows.sort((a, b) => a.tick - b.tick);
  }

  async journalBytes(): Promise<number> {
    const rows = [...this.world.journal.keys()].flatMap((zone) => this.#journalOf(zone)).map(bytesOf);
    const kept = [...this.world.history.values()].flatMap((states) =>
      Array.from(states.values(), ({ byteLength }) => byteLength),
    );
    return [...rows, ...kept].reduce((sum, bytes) => sum + bytes, 0);
  }

  async zoneInfos(): Promise<readonly ZoneInfo[]> {
    return [...this.world.zones.values()].map(({ info }) => info);
  }

  async zoneNamed(name: string): Promise<ZoneInfo | null> {
    return [...this.world.zones.values()].find(({ info }) => info.name === name)?.info ?? null;
  }

  async zoneById(id: ZoneId): Promise<ZoneInfo | null> {
    return this.world.zones.get(id)?.info ?? null;
  }

  async checkpointBefore(zone: ZoneId, tick: TickNumber): Promise<KeptState | null> {
    return this.#statesOf(zone).findLast((state) => state.tick <= tick) ?? null;
  }

  async oldestCheckpoint(zone: ZoneId): Promise<TickNumber | null> {
    return this.#statesOf(zone)[0]?.tick ?? null;
  }

  async newestRow(zone: ZoneId): Promise<TickNumber | null> {
    return this.#journalOf(zone).at(-1)?.tick ?? null;
  }

  async journalRows(zone: ZoneId, after: TickNumber, upTo: TickNumber, limit: number): Promise<readonly JournalRow[]> {
    const rows = this.#journalOf(zone).filter(({ tick }) => tick > after && tick <= upTo);
    return rows.slice(0, limit).map(({ tick, inputs, body }) => ({ tick, inputs, body: Uint8Array.from(body) }));
  }

  async oldestCovered(limit: number): Promise<readonly CoveredRow[]> {
    const covered = [...this.world.checkpoints].flatMap(([zone, checkpoint]) => {
      const rows = this.#journalOf(zone).filter(({ tick }) => tick <= checkpoint.tick);
      return rows.map((row, index) => {
        const bytes = bytesOf(row) + this.#keptBytes(zone, rows[index - 1]?.tick ?? 0, row.tick);
        return { zone, tick: row.tick, atMs: row.atMs, bytes };
      });
    });
    return covered.sort((a, b) => a.atMs - b.atMs || a.tick - b.tick).slice(0, limit);
  }

  /** Of replaced checkpoints, from one tick up to the one below another. */
  #keptBytes(zone: ZoneId, from: TickNumber, below: TickNumber): number {
    const kept = [...(this.world.history.get(zone) ?? [])].filter(([tick]) => tick >= from && tick < below);
    return kept.reduce((sum, [, { byteLength }]) => sum + byteLength, 0);
  }

  async deleteJournal(rows: readonly Pick<CoveredRow, 'zone' | 'tick'>[]): Promise<void> {
    for (const { zone, tick } of rows) {
      const journal = this.world.journal.get(zone);
      if (journal) this.undo.delete(journal, tick);
      const kept = [...(this.world.history.get(zone) ?? [])].filter(([standing]) => standing >= tick);
      if (this.world.history.has(zone)) this.undo.set(this.world.history, zone, new Map(kept));
    }
  }

  async checkpoints(zones: readonly ZoneId[]): Promise<readonly StoredTick[]> {
    return zones.flatMap((zone) => {
      const row = this.world.checkpoints.get(zone);
      return row ? { zone, tick: row.tick, body: Uint8Array.from(row.body) } : [];
    });
  }

  async putCheckpoints(rows: readonly CheckpointRow[]): Promise<void> {
    for (const row of rows) this.#putCheckpoint(row);
  }

  #putCheckpoint({ zone, tick, epoch, body }: CheckpointRow): void {
    const standing = this.world.checkpoints.get(zone);
    if (standing && (standing.tick > tick || standing.epoch > epoch)) return;
    if (standing?.tick === tick && standing.epoch === epoch) return;
    if (standing && standing.tick < tick) {
      const kept = this.world.history.get(zone) ?? [];
      this.undo.set(this.world.history, zone, new Map([...kept, [standing.tick, standing.body]]));
    }
    this.undo.set(this.world.checkpoints, zone, { tick, epoch, body: Uint8Array.from(body) });
  }

  async project(zones: readonly Projection[]): Promise<void> {
    for (const { zone, tick, gone } of zones) {
      for (const id of gone) {
        const standing = this.world.entities.get(id);
        if (standing?.zone === zone && standing.tick <= tick) this.undo.delete(this.world.entities, id);
      }
    }
    for (const { zone, tick, changed } of zones) {
      for (const entity of changed) {
        const standing = this.world.entities.get(entity.id);
        if (standing && standing.tick > tick) continue;
        this.undo.set(this.world.entities, entity.id, { zone, tick, entity: structuredClone(entity) });
      }
    }
  }

  async place(player: PlayerId): Promise<Place | null> {
    const place = this.world.places.get(player);
    if (!place) return null;
    // A zone to resume in that is gone is none.
    return { ...place, zone: place.zone && this.world.zones.has(place.zone) ? place.zone : null };
  }

  async entities(zone: ZoneId): Promise<readonly StoredEntity[]> {
    const found = [...this.world.entities.values()].filter((row) => row.zone === zone).map((row) => row.entity);
    return found.sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1));
  }

  async entity(id: EntityId): Promise<{ readonly zone: ZoneId; readonly entity: StoredEntity } | null> {
    const found = this.world.entities.get(id);
    return found ? { zone: found.zone, entity: found.entity } : null;
  }

  async dueZones(nowMs: number): Promise<readonly ZoneId[]> {
    const wanted = new Set<ZoneId | null>([...this.world.places.values()].map((place) => place.holder));
    for (const row of this.world.inbox.values()) wanted.add(row.to);
    const rows = [...this.world.zones.values()];
    return rows.filter((row) => wanted.has(row.info.id) || (row.wakeAtMs ?? nowMs + 1) <= nowMs).map((row) => row.info.id);
  }

  async unfoldedZones(): Promise<readonly ZoneId[]> {
    return [...this.world.zones.keys()].filter((zone) => {
      const newest = this.#journalOf(zone).at(-1);
      return newest !== undefined && newest.tick > (this.world.checkpoints.get(zone)?.tick ?? -1);
    });
  }

  async nextWake(afterMs: number): Promise<number | null> {
    const times = present([...this.world.zones.values()].map((row) => row.wakeAtMs)).filter((wakeAtMs) => wakeAtMs > afterMs);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Maps lose their order where a deletion is undone. */
  #journalOf(zone: ZoneId): MemoryJournalRow[] {
    return [...(this.world.journal.get(zone)?.values() ?? [])].sort((a, b) => a.tick - b.tick);
  }

  /** Replaced checkpoints and the one that stands, by rising tick. */
  #statesOf(zone: ZoneId): KeptState[] {
    const replaced = Array.from(this.world.history.get(zone) ?? [], ([tick, body]) => ({ tick, body }));
    const standing = this.world.checkpoints.get(zone);
    const states = standing ? [...replaced, { tick: standing.tick, body: standing.body }] : replaced;
    return states.sort((a, b) => a.tick - b.tick).map(({ tick, body }) => ({ tick, body: Uint8Array.from(body) }));
  }
}

function present<T>(items: readonly (T | null | undefined)[]): T[] {
  return items.flatMap((item) => (item === null || item === undefined ? [] : [item]));
}

function bytesOf(row: MemoryJournalRow): number {
  return row.body.byteLength + Buffer.byteLength(row.inputs);
}

function sizeOf({ width, height }: ZoneInfo): Pick<ZoneInfo, 'width' | 'height'> {
  return { width, height };
}
