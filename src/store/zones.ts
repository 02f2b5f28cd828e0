/**
 * The durable life of zones: claims, commits, checkpoints, and the inbox of a zone that cannot take it.
 * What a commit may do is in `commit.ts`, what turning round means in `returns.ts`.
 */
import type { ZoneId } from '../../actors/ids.js';
import type { CommitOutcome, InboxRow, StoredZone, ZoneCheckpoint, ZoneCommit, ZoneStore } from '../../actors/ports.js';
import type { Log } from '../../actors/telemetry.js';
import type { ReturnReason } from '../../games/contract.js';
import { commitBatch, isPlain, journalEntries } from './commit.js';
import { turnRound, unique } from './returns.js';
import { type Backend, PartRefused, type Tables } from './tables.js';

/** Rows of the projection in one transaction: checkpoints are in no hurry, and a tick's commit waits behind each. */
const PROJECTION_ROWS_AT_ONCE = 5_000;

export class Zones implements ZoneStore {
  constructor(
    private readonly backend: Backend,
    private readonly log: Log,
  ) {}

  claim(zone: ZoneId): Promise<StoredZone | null> {
    return this.backend.write((tables) => claim(tables, zone));
  }

  async commit(batch: readonly ZoneCommit[]): Promise<readonly CommitOutcome[]> {
    if (batch.length === 0) return [];
    if (batch.every(isPlain)) {
      const entries = batch.flatMap(journalEntries);
      // Fewer than asked for: somebody is refused, or the batch came before. The transaction finds out who.
      if ((await this.backend.append(entries)) === entries.length) return batch.map(() => ({ type: 'committed', sent: [] }));
    }
    return this.backend.write((tables) => commitBatch(tables, batch));
  }

  async checkpoint(batch: readonly ZoneCheckpoint[]): Promise<readonly boolean[]> {
    const answers: boolean[] = [];
    for (const part of inParts(batch))
      answers.push(...(await this.backend.write((tables) => this.#checkpointPart(tables, part))));
    return answers;
  }

  quarantine(zone: ZoneId, epoch: number): Promise<readonly InboxRow[]> {
    return this.backend.write(async (tables) => {
      const row = (await tables.zones([zone], 'whole')).get(zone);
      if (row?.epoch !== epoch) return [];
      // An earlier attempt with an unknown outcome did it.
      if (row.quarantined) return tables.inboxReturnedBy(zone, 'quarantined');
      const turned = await turnRound(tables, await tables.inboxTo(zone), 'quarantined');
      await tables.updateZone(zone, { quarantined: true, live: false });
      return turned;
    });
  }

  turnRound(zone: ZoneId, epoch: number, rows: readonly number[], reason: ReturnReason): Promise<readonly InboxRow[]> {
    return this.backend.write(async (tables) => {
      const row = (await tables.zones([zone], 'whole')).get(zone);
      if (row?.epoch !== epoch) return [];
      const found = await tables.inboxRows(rows);
      const turned = await turnRound(
        tables,
        found.filter((waiting) => waiting.to === zone),
        reason,
      );
      // Those that an earlier attempt with an unknown outcome turned are answered again.
      return [...turned, ...found.filter((waiting) => waiting.from === zone && waiting.kind === 'returned')];
    });
  }

  async #checkpointPart(tables: Tables, part: readonly ZoneCheckpoint[]): Promise<readonly boolean[]> {
    // A zone that goes to sleep must get nothing more into its inbox; one that lives goes on ticking meanwhile.
    const hold = part.every((checkpoint) => checkpoint.live) ? 'target' : 'whole';
    const zones = await tables.zones(unique(part.map((checkpoint) => checkpoint.zone)), hold);
    const answers: boolean[] = [];
    for (const checkpoint of part) {
      const current = zones.get(checkpoint.zone)?.epoch === checkpoint.epoch;
      answers.push(current && (await this.#checkpointOne(tables, checkpoint)));
    }
    return answers;
  }

  async #checkpointOne(tables: Tables, checkpoint: ZoneCheckpoint): Promise<boolean> {
    const attempt = await tables.attempt(() => putCheckpoint(tables, checkpoint));
    if (attempt.done) return true;
    if (!(attempt.error instanceof PartRefused)) {
      this.log.error({ zone: checkpoint.zone, tick: checkpoint.tick, err: attempt.error }, 'a checkpoint could not be written');
    }
    return false;
  }
}

async function claim(tables: Tables, zone: ZoneId): Promise<StoredZone | null> {
  const row = (await tables.zones([zone], 'whole')).get(zone);
  if (!row) return null;
  const epoch = row.epoch + 1;
  await tables.updateZone(zone, { epoch, live: true, quarantined: false });
  const checkpoint = await tables.checkpoint(zone);
  const journal = await tables.journalAfter(zone, checkpoint?.tick ?? -1);
  const { info, wakeAtMs, tickedUntilMs } = row;
  const held = await tables.heldBy(zone);
  return { info, epoch, checkpoint, journal, inbox: await inboxOf(tables, zone, held), held, wakeAtMs, tickedUntilMs };
}

/** Without the followers whose place has moved on since. */
async function inboxOf(tables: Tables, zone: ZoneId, held: StoredZone['held']): Promise<readonly InboxRow[]> {
  const rows = await tables.inboxTo(zone);
  const stays = new Map(held.map(({ player, stay }) => [player, stay]));
  return rows.map((row) => ({ ...row, followers: row.followers.filter(({ player, stay }) => stays.get(player) === stay) }));
}

async function putCheckpoint(tables: Tables, checkpoint: ZoneCheckpoint): Promise<void> {
  const { zone, epoch, tick, body, changed, gone, live } = checkpoint;
  if (!live && (await tables.inboxTo(zone)).length > 0) throw new PartRefused('conflict');
  await tables.putCheckpoint({ zone, epoch, tick, body });
  await tables.deleteEntities(zone, tick, gone);
  await tables.upsertEntities(zone, tick, changed);
  if (!live) await tables.updateZone(zone, { live: false });
}

function inParts(batch: readonly ZoneCheckpoint[]): ZoneCheckpoint[][] {
  const parts: ZoneCheckpoint[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const checkpoint of batch) {
    const more = checkpoint.changed.length + checkpoint.gone.length + 1;
    if (rows + more > PROJECTION_ROWS_AT_ONCE) {
      parts.push([]);
      rows = 0;
    }
    rows += more;
    parts.at(-1)?.push(checkpoint);
  }
  return parts;
}
