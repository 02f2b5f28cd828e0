/**
 * The rules of a shared commit, inside one transaction: epochs first, then each zone whole or not at all. All zones go together,
 * in a few statements however many they are; where one of them spoils that, each that crosses something goes alone, so that it is the only one to fail.
 * Journal rows go first. Their key tells a batch that is repeated after an unknown outcome from a fresh one,
 * and on a database with several writers it waits for an earlier attempt that has not ended yet.
 */
import type { ZoneId } from '../../actors/ids.js';
import type { CommitOutcome, InboxRow, InboxSend, PlaceMove, StoredEntity, ZoneCommit } from '../../actors/records.js';
import { unique } from './returns.js';
import { type JournalEntry, PartRefused, type PlaceShift, type SentRow, type Tables, type ZoneHead } from './tables.js';

type Targets = ReadonlyMap<ZoneId, ZoneHead>;

/** What each of the commits sent. */
type Written = ReadonlyMap<ZoneCommit, readonly InboxRow[]>;

const COMMITTED: CommitOutcome = { type: 'committed', sent: [] };

export async function commitBatch(tables: Tables, batch: readonly ZoneCommit[]): Promise<readonly CommitOutcome[]> {
  const own = await tables.zoneHeads(unique(batch.map((commit) => commit.zone)), 'write');
  const valid = batch.filter((commit) => own.get(commit.zone)?.epoch === commit.epoch);
  const targets = await tables.zoneHeads(unique(valid.flatMap((commit) => commit.sends.map((send) => send.to))), 'target');
  const written = await commitTogether(tables, valid, targets);

  const outcomes: CommitOutcome[] = [];
  for (const commit of batch) {
    const sent = written.get(commit);
    if (sent) outcomes.push(sent.length === 0 ? COMMITTED : { type: 'committed', sent });
    else if (own.get(commit.zone)?.epoch === commit.epoch) outcomes.push(await commitAlone(tables, commit, targets));
    else outcomes.push(await refuseUnlessThere(tables, commit));
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

/** What was sent by those that could be written in one go: all of them, or at least all that cross nothing, or none. The others go alone. */
async function commitTogether(tables: Tables, commits: readonly ZoneCommit[], targets: Targets): Promise<Written> {
  const quiet = commits.filter(isQuiet);
  for (const part of quiet.length === commits.length ? [commits] : [commits, quiet]) {
    if (part.length < 2) continue;
    const attempt = await tables.attempt(() => apply(tables, part, targets));
    if (attempt.done) return attempt.value;
  }
  return new Map();
}

async function commitAlone(tables: Tables, commit: ZoneCommit, targets: Targets): Promise<CommitOutcome> {
  const attempt = await tables.attempt(() => apply(tables, [commit], targets));
  if (attempt.done) return { type: 'committed', sent: attempt.value.get(commit) ?? [] };
  if (!(attempt.error instanceof PartRefused)) return { type: 'failed', error: attempt.error };
  return attempt.error.reason === 'repeated' ? resolveRepeated(tables, commit) : { type: 'refused', reason: 'conflict' };
}

/** Each kind of row of all these commits in one statement. Throws where one of them finds something else than it should. */
async function apply(tables: Tables, commits: readonly ZoneCommit[], targets: Targets): Promise<Written> {
  const entries = commits.flatMap(journalEntries);
  if ((await tables.appendJournal(entries)) < entries.length) throw new PartRefused('repeated');
  const taken = commits.flatMap(({ zone, takes }) => takes.map((id) => ({ id, to: zone })));
  if ((await tables.inbox.delete(taken)) < taken.length) throw new PartRefused('conflict');
  // Before the sends: ticks shown before they were written may let a player in and send it on in one commit.
  await applyMoves(tables, commits);
  const sent = await applySends(tables, commits, targets);
  for (const { zone, metadata, nowMs } of commits) {
    if (metadata !== undefined) await tables.updateZone(zone, { metadata, updatedAtMs: nowMs });
  }
  await tables.setWishes(commits.flatMap(({ zone, wakeAtMs }) => (wakeAtMs === undefined ? [] : { zone, wakeAtMs })));
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
    return { type: 'committed', sent: await tables.inbox.sentBy(commit.zone, ticks) };
  }
  return {
    type: 'failed',
    error: new Error(`zone ${commit.zone} has other journal rows at ticks ${[...epochs.keys()].join(', ')}`),
  };
}

async function applyMoves(tables: Tables, commits: readonly ZoneCommit[]): Promise<void> {
  const moves = commits.flatMap((commit) => commit.places.map((move) => ({ commit, move, ...shiftOf(commit.zone, move) })));
  for (const group of withoutRepeats(moves)) {
    const moved = await tables.places.shift(group);
    const missed = group.filter(({ player }) => !moved.has(player));
    // A player let go without a tick leaves no journal key: that it moved by exactly this is the proof.
    if (missed.some(({ commit }) => commit.rows.length > 0)) throw new PartRefused('conflict');
    if (missed.length > 0 && !(await movedBefore(tables, missed))) throw new PartRefused('conflict');
  }
}

interface Move extends PlaceShift {
  readonly commit: ZoneCommit;
  readonly move: PlaceMove;
}

function shiftOf(zone: ZoneId, move: PlaceMove): PlaceShift {
  const { player, stay } = move;
  if (move.type === 'joined') return { player, stay, from: null, to: zone, resume: zone };
  return { player, stay, from: zone, to: null, kept: { document: move.document, mark: move.mark } };
}

async function movedBefore(tables: Tables, moves: readonly Move[]): Promise<boolean> {
  const places = new Map((await tables.places.of(moves.map(({ player }) => player))).map((place) => [place.player, place]));
  return moves.every(({ player, stay, to }) => {
    const place = places.get(player);
    return place?.stay === stay + 1 && place.holder === to;
  });
}

/** A player who came and went in ticks that are written together moves twice, one after the other. */
function withoutRepeats<Shift extends PlaceShift>(shifts: readonly Shift[]): Shift[][] {
  const groups: Shift[][] = [];
  let seen = new Set<string>();
  for (const shift of shifts) {
    if (groups.length === 0 || seen.has(shift.player)) {
      groups.push([]);
      seen = new Set();
    }
    seen.add(shift.player);
    groups.at(-1)?.push(shift);
  }
  return groups;
}

/** The rows they make, by commit: none for what comes back to a zone that is gone. */
async function applySends(tables: Tables, commits: readonly ZoneCommit[], targets: Targets): Promise<Written> {
  const sends = commits.flatMap((commit) =>
    commit.sends.map((send) => ({ commit, send, route: routeOf(commit.zone, send, targets.get(send.to)) })),
  );
  for (const group of withoutRepeats(sends.flatMap(({ commit, send, route }) => followersOf(commit, send, route)))) {
    if ((await tables.places.shift(group)).size < group.length) throw new PartRefused('conflict');
  }
  const arriving = sends.flatMap(({ commit, send, route }) => (route ? { commit, ...rowOf(commit, send, route) } : []));
  const rows = await tables.inbox.insert(arriving.map(({ commit: _, ...row }) => row));
  const sent = new Map<ZoneCommit, InboxRow[]>(commits.map((commit) => [commit, []]));
  arriving.forEach(({ commit }, index) => {
    const row = rows[index];
    if (row) sent.get(commit)?.push(row);
  });
  return sent;
}

type Route = Pick<InboxRow, 'to' | 'from' | 'kind' | 'reason'>;

function rowOf({ zone }: ZoneCommit, { tick, parcel }: InboxSend, route: Route): SentRow {
  const followers = parcel.followers.map(({ id, stay }) => ({ player: id, stay: stay + 1 }));
  return { ...route, tick, followers, parcel, sentBy: zone };
}

function followersOf({ zone }: ZoneCommit, { parcel }: InboxSend, route: Route | null): readonly PlaceShift[] {
  const to = route?.to ?? null;
  return parcel.followers.map(({ id, stay, document, mark }) => ({
    ...{ player: id, from: zone, stay, to, resume: to },
    ...(to === null && { kept: { document, mark } }),
  }));
}

/** Where it really goes: what cannot arrive is addressed back at once; null: what comes back finds nobody. */
function routeOf(zone: ZoneId, { to, kind, reason, parcel }: InboxSend, target: ZoneHead | undefined): Route | null {
  if (kind === 'returned') return target ? { to, from: zone, kind, reason } : null;
  const back = { to: zone, from: to, kind: 'returned' } as const;
  if (!target) return { ...back, reason: 'gone' };
  if (target.quarantined) return { ...back, reason: 'quarantined' };
  if ('entity' in parcel && !fits(parcel.entity, target)) return { ...back, reason: 'too_small' };
  return { to, from: zone, kind, reason };
}

/** An entity without a size still needs a cell to stand on. */
function fits(entity: StoredEntity, zone: ZoneHead): boolean {
  const { x, y, width, height } = entity;
  return x >= 0 && y >= 0 && x + Math.max(width, 1) <= zone.width && y + Math.max(height, 1) <= zone.height;
}
