/**
 * What is kept of zones behind their checkpoints, so that ticks can be played again. It only reads: what is kept,
 * and for how long, is the checkpoints' and the trimming's (`zones.ts`, `world.ts`).
 */
import { type PlayerId, parseUuid, type TickNumber, type ZoneId } from '../../actors/ids.js';
import type { ZoneHistory } from '../../actors/ports.js';
import type { JournalRow, KeptState, ZoneInfo, ZoneNeighbor } from '../../actors/records.js';
import type { Reads } from './tables.js';

/** Anything that answers reads. */
export interface Reader {
  read<T>(job: (rows: Reads) => Promise<T>): Promise<T>;
}

export class History implements ZoneHistory {
  constructor(private readonly reader: Reader) {}

  async zone(nameOrId: string): Promise<ZoneInfo | null> {
    const id = parseUuid<ZoneId>(nameOrId);
    const byId = id && (await this.reader.read((rows) => rows.zoneById(id)));
    return byId ?? this.reader.read((rows) => rows.zoneNamed(nameOrId));
  }

  async neighbors(zone: ZoneId): Promise<readonly ZoneNeighbor[]> {
    const links = (await this.reader.read((rows) => rows.links())).filter((link) => link.zone === zone);
    const beside = await Promise.all(
      links.map(async ({ neighbor, dx, dy }) => {
        const info = await this.reader.read((rows) => rows.zoneById(neighbor));
        return info ? [{ id: info.id, name: info.name, width: info.width, height: info.height, dx, dy }] : [];
      }),
    );
    return beside.flat().sort((a, b) => a.dy - b.dy || a.dx - b.dx || (a.id < b.id ? -1 : 1));
  }

  base(zone: ZoneId, tick: TickNumber): Promise<KeptState | null> {
    return this.reader.read((rows) => rows.checkpointBefore(zone, tick));
  }

  rows(zone: ZoneId, after: TickNumber, upTo: TickNumber, limit: number): Promise<readonly JournalRow[]> {
    return this.reader.read((rows) => rows.journalRows(zone, after, upTo, limit));
  }

  async range(zone: ZoneId): Promise<{ readonly after: TickNumber; readonly upTo: TickNumber } | null> {
    const after = await this.reader.read((rows) => rows.oldestCheckpoint(zone));
    const upTo = await this.reader.read((rows) => rows.newestRow(zone));
    return after === null || upTo === null || upTo <= after ? null : { after, upTo };
  }

  newest(zone: ZoneId): Promise<TickNumber | null> {
    return this.reader.read((rows) => rows.newestRow(zone));
  }

  async playerNumber(player: PlayerId): Promise<number | null> {
    return (await this.reader.read((rows) => rows.place(player)))?.number ?? null;
  }
}
