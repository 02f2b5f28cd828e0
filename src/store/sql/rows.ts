/**
 * Rows of each table as the values of the world that they stand for.
 */
import type { EntityId, PlayerId, SessionId, ZoneId } from '../../../actors/ids.js';
import type {
  InboxRow,
  JournalRow,
  Parcel,
  Place,
  ResumeToken,
  SeqMark,
  StoredEntity,
  ZoneInfo,
  ZoneLink,
} from '../../../actors/records.js';
import type { JsonObject, ReturnReason } from '../../../games/contract.js';
import { StoredRowError } from '../errors.js';
import type { BesideRow, CoveredRow, HeldBy, StoredTick, ZoneHead, ZoneRow } from '../tables.js';
import {
  bytesOf,
  idOf,
  jsonOf,
  numberOf,
  optionalIdOf,
  optionalJsonOf,
  optionalNumberOf,
  optionalTextOf,
  textOf,
  timeOf,
} from './decode.js';
import type { SqlRow } from './engine.js';

export function zoneRow(row: SqlRow): ZoneRow {
  return {
    info: zoneInfo(row),
    epoch: numberOf(row, 'epoch'),
    live: row.live === 1,
    quarantined: row.quarantined === 1,
    wakeAtMs: optionalNumberOf(row, 'wake_at_ms'),
    tickedUntilMs: optionalNumberOf(row, 'ticked_until_ms'),
  };
}

export function zoneHead(row: SqlRow): ZoneHead {
  const [width, height] = [numberOf(row, 'width'), numberOf(row, 'height')];
  return { epoch: numberOf(row, 'epoch'), quarantined: row.quarantined === 1, width, height };
}

export function zoneInfo(row: SqlRow): ZoneInfo {
  return {
    id: idOf<ZoneId>(row, 'id'),
    name: textOf(row, 'name'),
    width: numberOf(row, 'width'),
    height: numberOf(row, 'height'),
    metadata: jsonOf<JsonObject>(row, 'metadata'),
    createdAtMs: timeOf(row, 'created_at'),
    updatedAtMs: timeOf(row, 'updated_at'),
  };
}

export function storedTick(row: SqlRow): StoredTick {
  return { zone: idOf<ZoneId>(row, 'zone_id'), tick: numberOf(row, 'tick'), body: bytesOf(row, 'body') };
}

export function besideRow(row: SqlRow): BesideRow {
  const [width, height, dx, dy] = [numberOf(row, 'width'), numberOf(row, 'height'), numberOf(row, 'dx'), numberOf(row, 'dy')];
  return {
    zone: idOf<ZoneId>(row, 'zone_id'),
    neighbor: { id: idOf<ZoneId>(row, 'id'), name: textOf(row, 'name'), width, height, dx, dy },
  };
}

export function linkRow(row: SqlRow): ZoneLink {
  const [zone, neighbor] = [idOf<ZoneId>(row, 'zone_id'), idOf<ZoneId>(row, 'neighbor_id')];
  return { zone, neighbor, dx: numberOf(row, 'dx'), dy: numberOf(row, 'dy') };
}

export function entityRow(row: SqlRow): StoredEntity {
  return {
    id: idOf<EntityId>(row, 'id'),
    x: numberOf(row, 'x'),
    y: numberOf(row, 'y'),
    width: numberOf(row, 'width'),
    height: numberOf(row, 'height'),
    metadata: jsonOf<JsonObject>(row, 'metadata'),
    createdAtMs: timeOf(row, 'created_at'),
    updatedAtMs: timeOf(row, 'updated_at'),
  };
}

export function inboxRow(row: SqlRow): InboxRow {
  return {
    id: numberOf(row, 'id'),
    to: idOf<ZoneId>(row, 'to_zone'),
    from: idOf<ZoneId>(row, 'from_zone'),
    tick: numberOf(row, 'tick'),
    kind: kindOf(row),
    reason: reasonOf(row),
    followers: jsonOf<InboxRow['followers']>(row, 'followers'),
    parcel: jsonOf<Parcel>(row, 'body'),
  };
}

export function journalRow(row: SqlRow): JournalRow {
  return { tick: numberOf(row, 'tick'), inputs: textOf(row, 'inputs'), body: bytesOf(row, 'body') };
}

export function placeRow(row: SqlRow): Place {
  return {
    player: idOf<PlayerId>(row, 'player_id'),
    number: numberOf(row, 'number'),
    holder: optionalIdOf<ZoneId>(row, 'holder'),
    stay: numberOf(row, 'stay'),
    zone: optionalIdOf<ZoneId>(row, 'zone'),
    run: numberOf(row, 'run'),
    newest: tokenOf(row, 'newest'),
    spoken: tokenOf(row, 'spoken'),
    droppedAtMs: optionalNumberOf(row, 'dropped_at_ms'),
    document: optionalJsonOf<JsonObject>(row, 'document'),
    mark: jsonOf<SeqMark>(row, 'mark'),
  };
}

export function heldByRow(row: SqlRow): HeldBy {
  return { player: idOf<PlayerId>(row, 'player_id'), holder: optionalIdOf<ZoneId>(row, 'holder'), stay: numberOf(row, 'stay') };
}

export function coveredRow(row: SqlRow): CoveredRow {
  return {
    zone: idOf<ZoneId>(row, 'zone_id'),
    tick: numberOf(row, 'tick'),
    atMs: numberOf(row, 'at_ms'),
    bytes: numberOf(row, 'bytes'),
  };
}

function tokenOf(row: SqlRow, which: 'newest' | 'spoken'): ResumeToken | null {
  const hash = optionalTextOf(row, `${which}_hash`);
  return hash === null ? null : { hash, session: idOf<SessionId>(row, `${which}_session`) };
}

function kindOf(row: SqlRow): InboxRow['kind'] {
  const kind = textOf(row, 'kind');
  if (kind === 'arrival' || kind === 'returned') return kind;
  throw new StoredRowError('kind');
}

const REASONS: readonly ReturnReason[] = ['gone', 'quarantined', 'too_small', 'full', 'refused', 'failed'];

function reasonOf(row: SqlRow): ReturnReason | null {
  const text = optionalTextOf(row, 'reason');
  const reason = REASONS.find((known) => known === text);
  if (text !== null && !reason) throw new StoredRowError('reason');
  return reason ?? null;
}
