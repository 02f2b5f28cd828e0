/** The inboxes of all zones in memory. */
import type { TickNumber, ZoneId } from '../../../actors/ids.js';
import type { InboxRow } from '../../../actors/records.js';
import type { ReturnReason } from '../../../games/contract.js';
import type { InboxTable, SentRow } from '../tables.js';
import type { UndoLog } from './undo.js';
import type { MemoryInboxRow, MemoryWorld } from './world.js';

export class MemoryInbox implements InboxTable {
  constructor(
    private readonly world: MemoryWorld,
    private readonly undo: UndoLog,
  ) {}

  async to(zones: readonly ZoneId[]): Promise<readonly InboxRow[]> {
    return this.#where((row) => zones.includes(row.to));
  }

  async rows(ids: readonly number[]): Promise<readonly InboxRow[]> {
    return this.#where((row) => ids.includes(row.id));
  }

  async from(zones: readonly ZoneId[]): Promise<readonly InboxRow[]> {
    return this.#where((row) => zones.includes(row.from));
  }

  async sentBy(zone: ZoneId, ticks: readonly TickNumber[]): Promise<readonly InboxRow[]> {
    return this.#where((row) => row.sentBy === zone && ticks.includes(row.tick));
  }

  async returnedBy(zone: ZoneId, reason: ReturnReason): Promise<readonly InboxRow[]> {
    return this.#where((row) => row.from === zone && row.reason === reason);
  }

  async insert(rows: readonly SentRow[]): Promise<readonly InboxRow[]> {
    return rows.map((row) => {
      // Given only once, whatever becomes of the transaction.
      const made = structuredClone({ ...row, id: ++this.world.lastInboxId });
      this.undo.set(this.world.inbox, made.id, made);
      const { sentBy: _, ...visible } = made;
      return visible;
    });
  }

  async delete(rows: readonly Pick<InboxRow, 'id' | 'to'>[]): Promise<number> {
    const waiting = rows.filter(({ id, to }) => this.world.inbox.get(id)?.to === to);
    return waiting.filter(({ id }) => this.undo.delete(this.world.inbox, id)).length;
  }

  async readdress(row: InboxRow): Promise<void> {
    const standing = this.world.inbox.get(row.id);
    if (!standing) return;
    const { to, from, kind, reason, followers } = row;
    this.undo.set(this.world.inbox, row.id, { ...standing, to, from, kind, reason, followers });
  }

  #where(isWanted: (row: MemoryInboxRow) => boolean): InboxRow[] {
    const rows = [...this.world.inbox.values()].filter(isWanted).sort((a, b) => a.id - b.id);
    return rows.map(({ sentBy: _, ...row }) => row);
  }
}
