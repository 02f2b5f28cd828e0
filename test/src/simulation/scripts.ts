/**
 * Random stories of a zone for property tests: ticks whose results create, move, change, send away and delete, whose
 * players come, go and follow, and whose inbox brings and returns. No result is malformed: then who is here is known beforehand.
 */
import fc from 'fast-check';
import type { EntityId, PlayerId } from '../../../actors/ids.js';
import type { StepRequest } from '../../../actors/steps.js';
import type { Tick, TickResult } from '../../../games/contract.js';
import { AWAY, arrival, held, intent, playerId, request } from './support.js';

/** What one tick does; picks are taken modulo what is there. */
export interface Draft {
  readonly creates: readonly { readonly x: number; readonly y: number; readonly width: number; readonly height: number }[];
  readonly updates: readonly { readonly pick: number; readonly x: number; readonly note: number }[];
  /** All who came with an entity follow. */
  readonly transfers: readonly number[];
  readonly deletes: readonly number[];
  readonly documents: readonly number[];
  readonly metadata: number | null;
  readonly wakeAt: number | null | undefined;
  /** Who is to come, or to go where it is here. */
  readonly turns: readonly number[];
  readonly isGone: boolean;
  /** Who was elsewhere since the last tick and is back, if it was here and does not turn. */
  readonly back: readonly number[];
  readonly arrivals: readonly boolean[];
  readonly seq: number;
}

export interface Script {
  /** The `onTick` of all its ticks. */
  game(tick: Tick): TickResult;
  readonly requests: readonly StepRequest[];
  readonly lastTick: number;
  /** One more tick, with this draft. */
  next(draft: Draft): StepRequest;
}

export function anyResult(): fc.Arbitrary<Draft> {
  const few = <Item>(item: fc.Arbitrary<Item>) => fc.array(item, { maxLength: 3 });
  return fc.record({
    creates: few(fc.record({ x: fc.nat(16), y: fc.nat(8), width: fc.nat(3), height: fc.nat(2) })),
    updates: few(fc.record({ pick: fc.nat(), x: fc.nat(19), note: fc.nat(2) })),
    transfers: fc.array(fc.nat(), { maxLength: 1 }),
    deletes: fc.array(fc.nat(), { maxLength: 1 }),
    documents: fc.subarray([1, 2, 3, 9]),
    metadata: fc.option(fc.nat(2)),
    wakeAt: fc.constantFrom(undefined, undefined, null, 1_300, 99_000),
    turns: fc.subarray([1, 2, 3]),
    isGone: fc.boolean(),
    back: fc.subarray([1, 2, 3]),
    arrivals: fc.array(fc.boolean(), { maxLength: 2 }),
    seq: fc.nat(3),
  });
}

export function anyScript(): fc.Arbitrary<Script> {
  return fc.array(anyResult(), { maxLength: 8 }).map(scriptOf);
}

function scriptOf(drafts: readonly Draft[]): Script {
  const byTick = new Map(drafts.map((draft, index) => [index + 1, draft]));
  let here = new Set<number>();
  const requestOf = (draft: Draft, tick: number): StepRequest => {
    const leaves = draft.turns.filter((number) => here.has(number));
    const joins = draft.turns.filter((number) => !here.has(number));
    const back = draft.back.filter((number) => here.has(number) && !leaves.includes(number));
    here = new Set([...here].filter((number) => !leaves.includes(number)).concat(joins));
    return request(tick, {
      joins: [...joins, ...back].map((number) => held(number, { stay: tick * 10 })),
      leaves: [
        ...leaves.map((number) => ({ player: playerId(number), gone: draft.isGone })),
        ...back.map((number) => ({ player: playerId(number), gone: true })),
      ],
      inbox: draft.arrivals.map((isReturn, index) => {
        const id = tick * 10 + index;
        return arrival(id, id, [held(id)], isReturn ? { kind: 'returned', reason: 'full' } : {});
      }),
      intents: draft.seq === 0 ? [] : [...here].map((number) => intent(number, tick * 10 + draft.seq)),
    });
  };
  const requests = drafts.map((draft, index) => requestOf(draft, index + 1));
  return {
    game: (tick) => resultOf(byTick.get(tick.tickNumber), tick),
    requests,
    lastTick: drafts.length,
    next(draft) {
      byTick.set(drafts.length + 1, draft);
      return requestOf(draft, drafts.length + 1);
    },
  };
}

function resultOf(draft: Draft | undefined, tick: Tick): TickResult {
  if (!draft) return {};
  const ids = [...tick.entities].map(({ id }) => id as EntityId); // they are the zone's own
  const pick = (index: number) => ids[index % Math.max(1, ids.length)];
  const sent = draft.transfers.flatMap((index) => pick(index) ?? []);
  return {
    creates: draft.creates.map((create) => ({ ...create, metadata: { made: tick.tickNumber } })),
    updates: draft.updates.flatMap(({ pick: index, x, note }) => {
      const id = pick(index);
      return id ? [{ id, x, width: 1, ...(note > 0 && { metadata: { note } }) }] : [];
    }),
    transfers: sent.map((id) => ({ id, toZone: AWAY, x: 1, y: 1, follow: followers(tick) })),
    deletes: draft.deletes.flatMap((index) => pick(index) ?? []).filter((id) => !sent.includes(id)),
    playerStates: draft.documents.map((number) => ({ playerId: playerId(number), state: { at: tick.now } })),
    ...(draft.metadata !== null && { zoneMetadata: { season: draft.metadata } }),
    ...(draft.wakeAt !== undefined && { wakeAt: draft.wakeAt }),
    events: draft.seq > 1 ? [{ type: 'event', tick: tick.tickNumber }] : [],
  };
}

/** Only those who came with an entity follow one: then the drafts stay right about who is here. */
function followers(tick: Tick): readonly PlayerId[] {
  const scripted = [1, 2, 3].map(playerId);
  return tick.players.map(({ id }) => id as PlayerId).filter((id) => !scripted.includes(id)); // they are the zone's own
}
