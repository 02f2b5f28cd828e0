/**
 * What viewers get of one state of a zone: bodies of `tick` and `delta` messages, one after another in
 * one buffer. Viewers who are shown the same, and were shown the same before, share a body. One view that
 * fails is that player's alone.
 */

import type { PlayerId, ZoneId } from '../../../actors/ids.js';
import { FRAME, type Frames, type Thrown, type ViewerGroup, type Viewing } from '../../../actors/steps.js';
import type { Player } from '../../../games/contract.js';
import { show } from '../plain-json.js';
import { Slab } from '../slab.js';
import { Handles, writeDelta, writeWhole } from './binary-body.js';
import { ByteWriter } from './byte-writer.js';
import { deltaJson, wholeJson } from './json-body.js';
import type { ShownState } from './shown-state.js';
import { diffStates } from './state-diff.js';
import { ViewMaker, type ViewSource } from './view-maker.js';

/** What a viewer was shown last, for the differences that follow. */
export interface Shown {
  readonly state: ShownState;
  readonly handles: Handles;
}

export interface Views {
  /** null: there was nobody to show anything. */
  readonly frames: Frames | null;
  /** Of the viewers who get differences: what they are shown now. */
  readonly shown: ReadonlyMap<PlayerId, Shown>;
  /** What the first view that failed threw; null: none did. */
  readonly failure: Thrown | null;
  /** Of the time this took, what went into writing the bodies. */
  readonly writingMs: number;
}

const NOBODY: Views = { frames: null, shown: new Map(), failure: null, writingMs: 0 };

/** Where bodies are written, and where they are put when all of them are. `writer` is empty, and is so again. */
export interface ViewRoom {
  readonly writer: ByteWriter;
  readonly slab: Slab;
}

/** For one zone and tick. */
export function newRoom(): ViewRoom {
  return { writer: new ByteWriter(), slab: new Slab(0) };
}

/** For each viewer its body, group by group; one who is no player of the state any more, or is still to come, gets none. */
export function makeViews(
  source: ViewSource,
  viewers: readonly ViewerGroup[],
  before: ReadonlyMap<PlayerId, Shown>,
  monotonicMs: () => number,
  { writer, slab }: ViewRoom,
): Views {
  if (viewers.length === 0) return NOBODY;
  const maker = new ViewMaker(source);
  const bodies = new Bodies(source.state.facts.zone.id as ZoneId, monotonicMs, writer); // the zone of the state is one of ours
  const shown = new Map<PlayerId, Shown>();
  let failure: Thrown | null = null;
  for (const group of viewers) {
    const { sinceTick, lastTick, sync, base, numbers } = group;
    const unseen = source.events.since(sinceTick);
    for (const number of numbers) {
      const player = source.state.numbered(number);
      if (!player) {
        bodies.none(FRAME.none);
        continue;
      }
      try {
        const state = maker.stateFor(player.view, unseen, lastTick);
        const last = before.get(player.held.id);
        const handles = last?.handles ?? new Handles();
        bodies.add(group, state, last?.state.tick === base ? (last?.state ?? null) : null, handles);
        if (sync === 'delta') shown.set(player.held.id, { state, handles });
      } catch (error) {
        failure ??= error instanceof Error ? { message: error.message, stack: error.stack } : { message: show(error) };
        bodies.none(FRAME.failed);
      }
    }
  }
  return { frames: bodies.take(slab), shown, failure, writingMs: bodies.writingMs };
}

/** The state that one player would be shown, as JSON text. Throws what the game throws, or `ViewError`. */
export function makeView(source: ViewSource, player: Player): string {
  return new ViewMaker(source).stateFor(player, source.events.since(source.state.facts.tick), null).json();
}

interface Body {
  readonly from: number;
  readonly to: number;
  readonly kind: number;
}

class Bodies {
  readonly #table: number[] = [];
  /** Of states that several are shown: by state, by the state it builds on, then by encoding. */
  readonly #known = new Map<ShownState, Map<ShownState | null, Partial<Record<Viewing['encoding'], Body>>>>();
  #last:
    | (Pick<Viewing, 'encoding'> & { readonly state: ShownState; readonly base: ShownState | null; readonly body: Body })
    | null = null;
  writingMs = 0;

  constructor(
    private readonly zone: ZoneId,
    private readonly monotonicMs: () => number,
    private readonly out: ByteWriter,
  ) {}

  none(kind: number): void {
    this.#table.push(0, 0, kind);
  }

  add({ encoding, sync }: Viewing, state: ShownState, last: ShownState | null, handles: Handles): void {
    const base = sync === 'delta' ? last : null;
    const { from, to, kind } = state.isShared
      ? this.#shared(encoding, state, base, handles)
      : this.#written(encoding, state, base, handles);
    this.#table.push(from, to, kind);
  }

  #shared(encoding: Viewing['encoding'], state: ShownState, base: ShownState | null, handles: Handles): Body {
    // Those who are shown the same stand next to one another, as a rule.
    const last = this.#last;
    if (last?.state === state && last.base === base && last.encoding === encoding) return last.body;
    const of = getOrMake(
      getOrMake(this.#known, state, () => new Map()),
      base,
      () => ({}) as Partial<Record<Viewing['encoding'], Body>>,
    );
    of[encoding] ??= this.#written(encoding, state, base, handles);
    this.#last = { state, base, encoding, body: of[encoding] };
    return of[encoding];
  }

  take(slab: Slab): Frames {
    return { bytes: this.out.take((bytes) => slab.room(bytes)), table: Int32Array.from(this.#table) };
  }

  #written(encoding: Viewing['encoding'], state: ShownState, base: ShownState | null, handles: Handles): Body {
    const startedMs = this.monotonicMs();
    const body = this.#write(encoding, state, base, handles);
    this.writingMs += this.monotonicMs() - startedMs;
    return body;
  }

  #write(encoding: Viewing['encoding'], state: ShownState, base: ShownState | null, handles: Handles): Body {
    const from = this.out.length;
    const diff = base ? diffStates(base, state) : null;
    if (!base || !diff) {
      if (encoding === 'json') this.out.utf8(wholeJson(this.zone, state));
      else writeWhole(this.out, this.zone, state, handles);
      return { from, to: this.out.length, kind: FRAME.whole };
    }
    if (encoding === 'json') this.out.utf8(deltaJson(this.zone, state.tick, base.tick, diff));
    else writeDelta(this.out, state.tick - base.tick, diff, handles, !state.isShared);
    return { from, to: this.out.length, kind: FRAME.delta };
  }
}

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
