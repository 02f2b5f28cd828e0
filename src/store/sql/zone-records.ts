/**
 * Zones as plain records, through their model: made here, and nothing else. What happens in them is not this file's.
 */
import type { ZoneInfo } from '../../../actors/records.js';
import type { ZoneRecords } from '../tables.js';
import type { ModelAccess } from './model-access.js';

export class SqlZoneRecords implements ZoneRecords {
  constructor(private readonly access: ModelAccess) {}

  insert(zone: ZoneInfo): Promise<boolean> {
    const { createdAtMs, updatedAtMs, ...columns } = zone;
    const record = { ...columns, createdAt: new Date(createdAtMs), updatedAt: new Date(updatedAtMs) };
    return this.access.insert((transaction) => this.access.models.zones.create(record, { transaction }));
  }
}
