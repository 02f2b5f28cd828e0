/**
 * The durable life of zones: claims, commits, checkpoints, and the inbox of a zone that cannot take it.
 * What a commit may do is in `commit.ts`, what turning round means in `returns.ts`.
 */
import type { ZoneId } from '../../actors/ids.js';
import type { ZoneStore } from '../../actors/ports.js';
import type { CommitOutcome, InboxRow, StoredZone, ZoneCheckpoint, ZoneCommit } from '../../actors/records.js';
import type { Log } from '../../actors/telemetry.js';
import type { ReturnReason } from '../../games/contract.js';
import { commitBatch, isPlain, journalEntries } from './commit.js';
import { turnRound, unique } from './returns.js';
import type { Backend, Tables, ZoneRow } from './tables.js';
import { Together } from './together.js';

/** Zones that wake in the same moment share a transaction; enough of them to share its flush, few enough to stay small in memory. */
const CLAIMED_TOGETHER = 64;
const CHECKPOINTS_TOGETHER = 256;
/** Rows of the projection in one transaction: checkpoints are in no hurry, and a tick's commit waits behind each. */
const PROJECTION_ROWS_AT_ONCE = 5_000;
/** Bodies travel in one parameter of a statement. */
const CHECKPOINT_BYTES_AT_ONCE = 8 * 2 ** 20;

export class Zones implements ZoneStore {
  readonly #claims: Together<ZoneId, StoredZone | null>;
  readonly #looks: Together<ZoneId, StoredZone | null>;
  readonly #checkpoints: Together<ZoneCheckpoint, boolean>;

  constructor(
    private readonly backend: Backend,
    private readonly log: Log,
  ) {
    this.#claims = new Together({
      atMost: CLAIMED_TOGETHER,
      key: (zone) => zone,
      run: (zones) => backend.write((tables) => claimAll(tables, zones)),
    });
    this.#looks = new Together({
      atMost: CLAIMED_TOGETHER,
      key: (zone) => zone,
      run: (zones) => backend.write((tables) => lookAtAll(tables, zones)),
    });
    this.#checkpoints = new Together({
      atMost: CHECKPOINTS_TOGETHER,
      key: ({ zone }) => zone,
      run: (batch) => this.#checkpointAll(batch),
    });
  }

  claim(zone: ZoneId): Promise<StoredZone | null> {
    return this.#claims.call(zone);
  }

  look(zone: ZoneId): Promise<StoredZone | null> {
    return this.#looks.call(zone);
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

  checkpoint(batch: readonly ZoneCheckpoint[]): Promise<readonly boolean[]> {
    return Promise.all(batch.map((checkpoint) => this.#checkpoints.call(checkpoint)));
  }

  async #checkpointAll(batch: readonly ZoneCheckpoint[]): Promise<readonly boolean[]> {
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
      if (row.quarantined) return tables.inbox.returnedBy(zone, 'quarantined');
      const turned = await turnRound(tables, await tables.inbox.to([zone]), 'quarantined');
      await tables.updateZone(zone, { quarantined: true, live: false });
      return turned;
    });
  }

  turnRound(zone: ZoneId, epoch: number, rows: readonly number[], reason: ReturnReason): Promise<readonly InboxRow[]> {
    return this.backend.write(async (tables) => {
      const row = (await tables.zones([zone], 'whole')).get(zone);
      if (row?.epoch !== epoch) return [];
      const found = await tables.inbox.rows(rows);
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
    const sleepers = part.filter((checkpoint) => !checkpoint.live).map(({ zone }) => zone);
    // A zone that goes to sleep must get nothing more into its inbox; one that lives goes on ticking meanwhile.
    const zones = await tables.zones(unique(part.map(({ zone }) => zone)), sleepers.length > 0 ? 'whole' : 'target');
    const waited = new Set(sleepers.length > 0 ? (await tables.inbox.to(sleepers)).map(({ to }) => to) : []);
    const valid = part.filter(({ zone, epoch, live }) => zones.get(zone)?.epoch === epoch && (live || !waited.has(zone)));
    const written = new Set(await this.#writeCheckpoints(tables, valid));
    return part.map((checkpoint) => written.has(checkpoint));
  }

  /** Together; each alone where one of them spoils it. Answers those that were written. */
  async #writeCheckpoints(tables: Tables, checkpoints: readonly ZoneCheckpoint[]): Promise<readonly ZoneCheckpoint[]> {
    if (checkpoints.length === 0) return [];
    const attempt = await tables.attempt(() => putCheckpoints(tables, checkpoints));
    if (attempt.done) return checkpoints;
    const [only] = checkpoints;
    if (only && checkpoints.length === 1) {
      this.log.error({ zone: only.zone, tick: only.tick, err: attempt.error }, 'a checkpoint could not be written');
      return [];
    }
    const written: ZoneCheckpoint[] = [];
    for (const checkpoint of checkpoints) written.push(...(await this.#writeCheckpoints(tables, [checkpoint])));
    return written;
  }
}

/** Each with everything that a restore of it needs; null: there is no such zone. */
async function claimAll(tables: Tables, ids: readonly ZoneId[]): Promise<readonly (StoredZone | null)[]> {
  const zones = await tables.zones(ids, 'whole');
  await tables.claimZones([...zones.keys()]);
  const stored = await storedZones(tables, [...zones.values()]);
  return ids.map((id) => {
    const zone = stored.get(id);
    return zone ? { ...zone, epoch: zone.epoch + 1 } : null;
  });
}

async function lookAtAll(tables: Tables, ids: readonly ZoneId[]): Promise<readonly (StoredZone | null)[]> {
  const zones = await tables.zones(ids, 'whole');
  const stored = await storedZones(tables, [...zones.values()]);
  return ids.map((id) => stored.get(id) ?? null);
}

async function storedZones(tables: Tables, zones: readonly ZoneRow[]): Promise<ReadonlyMap<ZoneId, StoredZone>> {
  const there = zones.map(({ info }) => info.id);
  const checkpoints = new Map((await tables.checkpoints(there)).map((checkpoint) => [checkpoint.zone, checkpoint]));
  const marks = there.map((zone) => ({ zone, tick: checkpoints.get(zone)?.tick ?? -1 }));
  const journals = grouped(await tables.journalAfter(marks), ({ zone }) => zone);
  const held = grouped(await tables.places.heldBy(there), ({ holder }) => holder);
  const inboxes = grouped(await tables.inbox.to(there), ({ to }) => to);
  const beside = grouped(await tables.neighbors(there), ({ zone }) => zone);
  const departed = grouped(await tables.inbox.from([...beside.keys()]), ({ from }) => from);
  const stored = zones.map(({ info, epoch, wakeAtMs, tickedUntilMs }): StoredZone => {
    const { id } = info;
    const players = held.get(id) ?? [];
    const rows = { checkpoint: checkpoints.get(id) ?? null, journal: journals.get(id) ?? [], held: players };
    const neighbors = (beside.get(id) ?? []).map(({ neighbor }) => neighbor);
    const crossing = { inbox: current(inboxes.get(id) ?? [], players), neighbors, departed: departed.get(id) ?? [] };
    return { info, epoch, ...rows, ...crossing, wakeAtMs, tickedUntilMs };
  });
  return new Map(stored.map((zone) => [zone.info.id, zone]));
}

function grouped<Key, Item>(items: readonly Item[], keyOf: (item: Item) => Key): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Without the followers whose place has moved on since. */
function current(rows: readonly InboxRow[], held: StoredZone['held']): readonly InboxRow[] {
  const stays = new Map(held.map(({ player, stay }) => [player, stay]));
  return rows.map((row) => ({ ...row, followers: row.followers.filter(({ player, stay }) => stays.get(player) === stay) }));
}

async function putCheckpoints(tables: Tables, checkpoints: readonly ZoneCheckpoint[]): Promise<void> {
  await tables.putCheckpoints(checkpoints);
  await tables.project(checkpoints);
  const sleepers = checkpoints.filter((checkpoint) => !checkpoint.live);
  await tables.setWishes(sleepers.flatMap(({ zone, wakeAtMs }) => (wakeAtMs === undefined ? [] : { zone, wakeAtMs })));
  if (sleepers.length > 0) await tables.layToSleep(sleepers.map(({ zone }) => zone));
}

function inParts(batch: readonly ZoneCheckpoint[]): ZoneCheckpoint[][] {
  const parts: ZoneCheckpoint[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  let bytes = 0;
  for (const checkpoint of batch) {
    const more = checkpoint.changed.length + checkpoint.gone.length + 1;
    if (rows + more > PROJECTION_ROWS_AT_ONCE || bytes + checkpoint.body.byteLength > CHECKPOINT_BYTES_AT_ONCE) {
      parts.push([]);
      [rows, bytes] = [0, 0];
    }
    rows += more;
    bytes += checkpoint.body.byteLength;
    parts.at(-1)?.push(checkpoint);
  }
  return parts;
}
