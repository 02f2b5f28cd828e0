/**
 * Zones as plain records, through their model: made and listed. What happens in them is not this file's.
 */
import type { ZoneId } from '../../../actors/ids.js';
import type { ZoneInfo } from '../../../actors/ports.js';
import type { ZoneRecords } from '../tables.js';
import type { ModelAccess } from './model-access.js';
import type { ZoneRecord } from './models.js';

export class SqlZoneRecords implements ZoneRecords {
  constructor(private readonly access: ModelAccess) {}

  async all(): Promise<readonly ZoneInfo[]> {
    const { zones } = this.access.models;
    return (await this.access.read(() => zones.findAll())).map((zone) => infoOf(zone.get()));
  }

  insert(zone: ZoneInfo): Promise<boolean> {
    const { createdAtMs, updatedAtMs, ...columns } = zone;
    const record = { ...columns, createdAt: new Date(createdAtMs), updatedAt: new Date(updatedAtMs) };
    return this.access.insert((transaction) => this.access.models.zones.create(record, { transaction }));
  }
}

function infoOf({ id, createdAt, updatedAt, ...zone }: ZoneRecord): ZoneInfo {
  // The column is a UUID of a zone: only `insert` writes it.
  return { ...zone, id: id as ZoneId, createdAtMs: createdAt.getTime(), updatedAtMs: updatedAt.getTime() };
}
