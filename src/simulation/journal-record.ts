/**
 * One tick in the journal: what it changed, to be applied again at a recovery, and what went into it, to be played again.
 * The changes are results, never calls of the game: recovery needs no game to be deterministic. Players are named by
 * their own small numbers, which are half of what ids would take.
 */
import type { EntityId, PlayerId, TickNumber, ZoneId } from '../../actors/ids.js';
import type { HeldPlayer, SeqMark } from '../../actors/records.js';
import type { QueuedIntent, StepRequest } from '../../actors/steps.js';
import type { JsonObject } from '../../games/contract.js';
import {
  BODY_VERSION,
  type BodyFields,
  documentOf,
  entityIdOf,
  entityOf,
  heldPlayerOf,
  integer,
  markOf,
  readBody,
  time,
  tuple,
} from './body-reader.js';
import { ResidentEntity } from './resident-entity.js';
import { type ResidentPlayer, residentPlayer, withDocument, withMark } from './resident-player.js';
import type { Slab } from './slab.js';
import { entityText } from './zone-codec.js';
import type { StagedChanges, ZoneState } from './zone-state.js';

/** The body of a journal row: what the staged tick changed. `slab`: where it is written. */
export function encodeRecord({ entities, players, before, after }: StagedChanges, slab: Slab): Uint8Array {
  // By first touch: what is new stands in the order of creation. What has only moved, as most has, is its id and its place.
  const gone: EntityId[] = [];
  const set: string[] = [];
  const moved: string[] = [];
  for (const { key, before, after } of entities) {
    if (!after) gone.push(key);
    else if (before && isElsewhere(before, after) && ResidentEntity.hasOnlyMoved(before, after))
      moved.push(`["${after.id}",${after.x},${after.y}]`); // an id is a UUID: nothing in it to escape
    else set.push(entityText(after));
  }
  const head = JSON.stringify({
    v: BODY_VERSION,
    kind: 'tick',
    tick: after.tick,
    at: after.tickedAtMs,
    wake: after.wakeAtMs === before.wakeAtMs ? undefined : { at: after.wakeAtMs },
    metadata: after.zone.metadata === before.zone.metadata ? undefined : after.zone.metadata,
    gone,
    ...playerChanges(players),
  });
  const text = `${head.slice(0, -1)},"set":[${set.join(',')}],"moved":[${moved.join(',')}]}`;
  const bytes = slab.room(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

/** One that went and came back within its tick has changed by its time only, which a place does not tell. */
function isElsewhere(before: ResidentEntity, after: ResidentEntity): boolean {
  return before.x !== after.x || before.y !== after.y;
}

/** Applies a row of the journal to the state before it. Answers the entities that it touched. Throws `CorruptBodyError`. */
export function applyRecord(
  state: ZoneState,
  row: { readonly zone: ZoneId; readonly tick: TickNumber; readonly body: Uint8Array },
): readonly EntityId[] {
  return readBody(row, 'tick', (fields) => {
    state.putFacts({ tick: row.tick, tickedAtMs: fields.time('at') });
    if (fields.has('wake')) state.putFacts({ wakeAtMs: wakeOf(fields.object('wake')) });
    if (fields.has('metadata')) state.putMetadata(fields.object('metadata'));
    applyPlayers(state, fields);
    return applyEntities(state, fields);
  });
}

function applyEntities(state: ZoneState, fields: BodyFields): readonly EntityId[] {
  const gone = fields.list('gone', entityIdOf);
  const upserts = fields.list('set', entityOf);
  for (const entity of gone.flatMap((id) => state.entities.get(id) ?? [])) state.removeEntity(entity);
  for (const stored of upserts) {
    const standing = state.entities.get(stored.id);
    if (standing) state.replaceEntity(standing, new ResidentEntity(stored, ResidentEntity.order(standing)));
    else state.addEntity(stored);
  }
  const moved = fields.list('moved', movedOf);
  for (const { id, x, y } of moved) {
    const standing = state.entities.get(id);
    if (standing) state.replaceEntity(standing, ResidentEntity.patched(standing, { x, y }, state.facts.tickedAtMs));
  }
  return [...gone, ...upserts.map(({ id }) => id), ...moved.map(({ id }) => id)];
}

/** Numbers name those who were here before the tick. */
function applyPlayers(state: ZoneState, fields: BodyFields): void {
  const ids = new Map(Array.from(state.players.values(), ({ held }) => [held.number, held.id]));
  const here = (number: number) => state.players.get(ids.get(number) ?? NOBODY);
  const change = (player: ResidentPlayer | undefined, make: (player: ResidentPlayer) => ResidentPlayer) => {
    if (player) state.putPlayer(make(player));
  };
  for (const player of fields.list('left', integer).flatMap((number) => here(number) ?? [])) state.removePlayer(player);
  for (const held of fields.list('joined', heldPlayerOf)) state.putPlayer(residentPlayer(held, state.nextOrder()));
  for (const [number, document] of fields.list('documents', documentChangeOf))
    change(here(number), (player) => withDocument(player, document));
  for (const [number, mark] of fields.list('marks', markChangeOf)) change(here(number), (player) => withMark(player, mark));
}

/** No player has this id. */
const NOBODY = '' as PlayerId; // an id that is never issued

/** The inputs of a journal row, as JSON: all that the tick was given and that the state before it does not have. */
export function encodeInputs(
  { intents, intentsText = encodeIntents(intents), joins, leaves, inbox }: StepRequest,
  tick: {
    readonly nowMs: number;
    readonly elapsedMs: number;
    readonly seed: string;
    /** How many ticks old what was seen of each zone beside this one was, in their order; null: nothing was seen of it. */
    readonly borderAges: readonly (number | null)[] | undefined;
  },
): string {
  // What was seen over the borders is in those zones' own journals.
  const { nowMs: now, elapsedMs: elapsed, seed, borderAges: border } = tick;
  const head = JSON.stringify({ v: BODY_VERSION, now, elapsed, seed, joins, leaves, inbox, border });
  return `${head.slice(0, -1)},"intents":${intentsText}}`;
}

/** An intent in the journal: player, run, seq, when it was received, data. Who has no number here (a route of the game called) is named by id. */
export type JournalIntent = readonly [number | PlayerId, number | null, number | null, number, JsonObject];

export function encodeIntents(intents: StepRequest['intents']): string {
  return JSON.stringify(
    intents.map(
      ({ player, number, run, seq, receivedAtMs, data }): JournalIntent => [number ?? player, run, seq, receivedAtMs, data],
    ),
  );
}

/** `named`: the player of a small number. */
export function decodeIntent(
  [who, run, seq, receivedAtMs, data]: JournalIntent,
  named: (number: number) => PlayerId,
): QueuedIntent {
  const isNumber = typeof who === 'number';
  return { player: isNumber ? named(who) : who, number: isNumber ? who : null, run, seq, data, receivedAtMs };
}

/** Players whom the tick itself brings, by their numbers. */
export function comersOf({ joins, inbox }: Pick<StepRequest, 'joins' | 'inbox'>): ReadonlyMap<number, PlayerId> {
  const comers = [...joins, ...inbox.flatMap(({ parcel }) => parcel.followers)];
  return new Map(comers.map(({ number, id }) => [number, id]));
}

function playerChanges(players: StagedChanges['players']) {
  const left: number[] = [];
  const joined: ResidentPlayer[] = [];
  const documents: [number, JsonObject | null][] = [];
  const marks: MarkChange[] = [];
  for (const { before, after } of players) {
    // One who was elsewhere in between left and joined, although the id is there before and after.
    const isNew = before?.order !== after?.order;
    if (before && isNew) left.push(before.held.number);
    if (after && isNew) joined.push(after);
    if (!before || !after || isNew) continue;
    if (before.held.document !== after.held.document) documents.push([after.held.number, after.held.document]);
    if (before.held.mark !== after.held.mark) marks.push(markChange(after.held));
  }
  // One who left and joined was touched by its leaving; the order is that of arrival.
  joined.sort((a, b) => a.order - b.order);
  return { left, joined: joined.map((player) => player.held), documents, marks };
}

function wakeOf(wake: JsonObject): number | null {
  return wake.at === null ? null : time(wake.at, 'body.wake.at');
}

function documentChangeOf(value: unknown, where: string): readonly [number, JsonObject | null] {
  const [number, document] = tuple(value, where, 2);
  return [integer(number, where), documentOf(document, where)];
}

/** Player's number, run, highest, and the dropped ones where there are any: one for nearly every player and tick. */
type MarkChange = readonly [number, number, number] | readonly [number, number, number, readonly number[]];

function markChange({ number, mark: { run, highest, dropped } }: HeldPlayer): MarkChange {
  return dropped.length === 0 ? [number, run, highest] : [number, run, highest, dropped];
}

function markChangeOf(value: unknown, where: string): readonly [number, SeqMark] {
  const [number, run, highest, dropped = []] = tuple(value, where, 3, 4);
  return [integer(number, where), markOf({ run, highest, dropped }, where)];
}

function movedOf(value: unknown, where: string): { readonly id: EntityId; readonly x: number; readonly y: number } {
  const [id, x, y] = tuple(value, where, 3);
  return { id: entityIdOf(id, where), x: integer(x, where), y: integer(y, where) };
}
