/**
 * The rules of a shared commit, inside one transaction: epochs first, then each zone whole or not at all.
 * Journal rows go first. Their key tells a batch that is repeated after an unknown outcome from a fresh one,
 * and on a database with several writers it waits for an earlier attempt that has not ended yet.
 */
import type { ZoneId } from '../../actors/ids.js';
import type { CommitOutcome, InboxRow, InboxSend, PlaceMove, StoredEntity, ZoneCommit } from '../../actors/ports.js';
import { unique } from './returns.js';
import { type JournalEntry, PartRefused, type PlaceShift, type Tables, type ZoneRow } from './tables.js';

type Targets = ReadonlyMap<ZoneId, ZoneRow>;

const COMMITTED: CommitOutcome = { type: 'committed', sent: [] };

export async function commitBatch(tables: Tables, batch: readonly ZoneCommit[]): Promise<readonly CommitOutcome[]> {
  const own = await tables.zones(unique(batch.map((commit) => commit.zone)), 'write');
  const valid = new Set(batch.filter((commit) => own.get(commit.zone)?.epoch === commit.epoch));
  const targets = await tables.zones(unique([...valid].flatMap((commit) => commit.sends.map((send) => send.to))), 'target');
  const appended = new Set(await appendTogether(tables, [...valid].filter(isQuiet)));

  const outcomes: CommitOutcome[] = [];
  for (const commit of batch) {
    if (!valid.has(commit)) outcomes.push(await refuseUnlessThere(tables, commit));
    else if (appended.has(commit)) outcomes.push(COMMITTED);
    else outcomes.push(await commitAlone(tables, commit, targets));
  }
  return outcomes;
}

/** Does it write journal rows and nothing else? */
export function isPlain(commit: ZoneCommit): boolean {
  return isQuiet(commit) && commit.wakeAtMs === undefined;
}

/** Or a wish besides? A world of many zones that keep themselves awake has one in every commit. */
function isQuiet(commit: ZoneCommit): boolean {
  const crosses = commit.takes.length > 0 || commit.sends.length > 0 || commit.places.length > 0;
  return !crosses && commit.metadata === undefined;
}

export function journalEntries(commit: ZoneCommit): readonly JournalEntry[] {
  return commit.rows.map((row) => ({ zone: commit.zone, epoch: commit.epoch, atMs: commit.nowMs, row }));
}

/** Two statements for all who append and wish; [] when one of them spoils it, and then each goes alone. */
async function appendTogether(tables: Tables, commits: readonly ZoneCommit[]): Promise<readonly ZoneCommit[]> {
  if (commits.length < 2) return [];
  const entries = commits.flatMap(journalEntries);
  const attempt = await tables.attempt(async () => {
    if ((await tables.appendJournal(entries)) < entries.length) throw new PartRefused('repeated');
    await tables.setWishes(commits.flatMap(({ zone, wakeAtMs }) => (wakeAtMs === undefined ? [] : { zone, wakeAtMs })));
  });
  return attempt.done ? commits : [];
}

async function commitAlone(tables: Tables, commit: ZoneCommit, targets: Targets): Promise<CommitOutcome> {
  const attempt = await tables.attempt(() => apply(tables, commit, targets));
  if (attempt.done) return { type: 'committed', sent: attempt.value };
  if (!(attempt.error instanceof PartRefused)) return { type: 'failed', error: attempt.error };
  return attempt.error.reason === 'repeated' ? resolveRepeated(tables, commit) : { type: 'refused', reason: 'conflict' };
}

async function apply(tables: Tables, commit: ZoneCommit, targets: Targets): Promise<readonly InboxRow[]> {
  const { zone, takes, metadata, wakeAtMs, nowMs } = commit;
  if ((await tables.appendJournal(journalEntries(commit))) < commit.rows.length) throw new PartRefused('repeated');
  if ((await tables.deleteInbox(zone, takes)) < takes.length) throw new PartRefused('conflict');
  // Before the sends: ticks shown before they were written may let a player in and send it on in one commit.
  await applyMoves(tables, commit);
  const sent: InboxRow[] = [];
  for (const send of commit.sends) sent.push(...(await applySend(tables, zone, send, targets)));
  if (metadata !== undefined) await tables.updateZone(zone, { metadata, updatedAtMs: nowMs });
  if (wakeAtMs !== undefined) await tables.updateZone(zone, { wakeAtMs });
  return sent;
}

/** The zone has a later incarnation; but this commit may have been one of those that it was restored from. */
async function refuseUnlessThere(tables: Tables, commit: ZoneCommit): Promise<CommitOutcome> {
  const repeated = commit.rows.length > 0 && (await resolveRepeated(tables, commit));
  return repeated && repeated.type === 'committed' ? repeated : { type: 'refused', reason: 'epoch' };
}

/** A batch came again. Its first attempt was committed whole: these rows prove it. */
async function resolveRepeated(tables: Tables, commit: ZoneCommit): Promise<CommitOutcome> {
  const ticks = commit.rows.map((row) => row.tick);
  const epochs = await tables.journalEpochs(commit.zone, ticks);
  if (ticks.every((tick) => epochs.get(tick) === commit.epoch)) {
    return { type: 'committed', sent: await tables.inboxSentBy(commit.zone, ticks) };
  }
  return {
    type: 'failed',
    error: new Error(`zone ${commit.zone} has other journal rows at ticks ${[...epochs.keys()].join(', ')}`),
  };
}

async function applyMoves(tables: Tables, commit: ZoneCommit): Promise<void> {
  for (const moves of withoutRepeats(commit.places)) {
    const moved = await tables.shiftPlaces(moves.map((move) => shiftOf(commit.zone, move)));
    const missed = moves.filter((move) => !moved.has(move.player));
    if (missed.length === 0) continue;
    // A player let go without a tick leaves no journal key: that it moved by exactly this is the proof.
    if (commit.rows.length > 0 || !(await movedBefore(tables, commit.zone, missed))) throw new PartRefused('conflict');
  }
}

function shiftOf(zone: ZoneId, move: PlaceMove): PlaceShift {
  const { player, stay } = move;
  if (move.type === 'joined') return { player, stay, from: null, to: zone, resume: zone };
  return { player, stay, from: zone, to: null, kept: { document: move.document, mark: move.mark } };
}

async function movedBefore(tables: Tables, zone: ZoneId, moves: readonly PlaceMove[]): Promise<boolean> {
  const places = new Map((await tables.places(moves.map((move) => move.player))).map((place) => [place.player, place]));
  return moves.every((move) => {
    const place = places.get(move.player);
    return place?.stay === move.stay + 1 && place.holder === (move.type === 'joined' ? zone : null);
  });
}

/** A player who came and went in ticks that are written together moves twice, one after the other. */
function withoutRepeats(moves: readonly PlaceMove[]): PlaceMove[][] {
  const groups: PlaceMove[][] = [];
  let seen = new Set<string>();
  for (const move of moves) {
    if (groups.length === 0 || seen.has(move.player)) {
      groups.push([]);
      seen = new Set();
    }
    seen.add(move.player);
    groups.at(-1)?.push(move);
  }
  return groups;
}

/** The row it makes: none where it comes back to a zone that is gone. */
async function applySend(tables: Tables, zone: ZoneId, send: InboxSend, targets: Targets): Promise<readonly InboxRow[]> {
  const route = routeOf(zone, send, targets.get(send.to));
  const to = route?.to ?? null;
  const shifts = send.parcel.followers.map(
    ({ id, stay, document, mark }): PlaceShift => ({
      ...{ player: id, from: zone, stay, to, resume: to },
      ...(to === null && { kept: { document, mark } }),
    }),
  );
  if ((await tables.shiftPlaces(shifts)).size < shifts.length) throw new PartRefused('conflict');
  if (route === null) return [];
  const followers = send.parcel.followers.map(({ id, stay }) => ({ player: id, stay: stay + 1 }));
  return [await tables.insertInbox({ ...route, tick: send.tick, followers, parcel: send.parcel }, zone)];
}

/** Where it really goes: what cannot arrive is addressed back at once; null: what comes back finds nobody. */
function routeOf(
  zone: ZoneId,
  { to, kind, reason, parcel }: InboxSend,
  target: ZoneRow | undefined,
): Pick<InboxRow, 'to' | 'from' | 'kind' | 'reason'> | null {
  if (kind === 'returned') return target ? { to, from: zone, kind, reason } : null;
  const back = { to: zone, from: to, kind: 'returned' } as const;
  if (!target) return { ...back, reason: 'gone' };
  if (target.quarantined) return { ...back, reason: 'quarantined' };
  if ('entity' in parcel && !fits(parcel.entity, target.info)) return { ...back, reason: 'too_small' };
  return { to, from: zone, kind, reason };
}

/** An entity without a size still needs a cell to stand on. */
function fits(entity: StoredEntity, zone: ZoneRow['info']): boolean {
  const { x, y, width, height } = entity;
  return x >= 0 && y >= 0 && x + Math.max(width, 1) <= zone.width && y + Math.max(height, 1) <= zone.height;
}
