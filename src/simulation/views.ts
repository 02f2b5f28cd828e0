/**
 * What viewers get of one state of a zone: texts of `tick` messages, open at the end for what the sender adds.
 * A game without a view of its own has one text for all; else `getPlayerState` is asked for each viewer, and what it
 * answers is all that leaves. One view that fails is that player's alone.
 */
import type { PlayerId } from '../../actors/ids.js';
import type { Viewer, ViewText } from '../../actors/ports.js';
import type { GameModule, JsonObject, Player, ZoneState as WorldView } from '../../games/contract.js';
import type { EventLog, EventSlice } from './event-log.js';
import { isObject, show } from './plain-json.js';
import { ResidentEntity } from './resident-entity.js';
import type { ZoneState } from './zone-state.js';

/** What views are made from: a state, staged or committed, and what the last tick said besides. */
export interface ViewSource {
  readonly game: GameModule;
  readonly state: ZoneState;
  readonly extras: JsonObject;
  readonly events: EventLog;
}

export interface Views {
  /** For all viewers who are not in `texts`; null where there are none such. */
  readonly shared: string | null;
  readonly texts: ReadonlyMap<PlayerId, ViewText>;
}

/** The texts for these viewers; one who is no player of the state any more (it followed a transfer) gets none. */
export function makeViews(source: ViewSource, viewers: readonly Viewer[]): Views {
  const present = viewers.filter((viewer) => source.state.players.has(viewer.player));
  if (present.length === 0) return { shared: null, texts: new Map() };
  const maker = new ViewMaker(source);
  return source.game.getPlayerState ? ownViews(maker, source, present) : sharedViews(maker, source, present);
}

/** The state that one player would be shown, as JSON text. Throws what the game throws, or `ViewError`. */
export function makeView(source: ViewSource, player: Player): string {
  const unseen = source.events.since(source.state.facts.tick);
  const maker = new ViewMaker(source);
  return source.game.getPlayerState ? maker.own(player, unseen) : maker.whole(unseen);
}

/** What `getPlayerState` answered is no view. */
export class ViewError extends Error {}

function sharedViews(maker: ViewMaker, { events, state }: ViewSource, viewers: readonly Viewer[]): Views {
  const head = headOf(state);
  const newest = viewers.reduce((max, viewer) => Math.max(max, viewer.sinceTick), 0);
  const common = events.since(newest);
  const texts = new Map<PlayerId, ViewText>();
  for (const viewer of viewers) {
    const unseen = events.since(viewer.sinceTick);
    if (unseen !== common) texts.set(viewer.player, head + maker.whole(unseen));
  }
  return { shared: head + maker.whole(common), texts };
}

function ownViews(maker: ViewMaker, { events, state }: ViewSource, viewers: readonly Viewer[]): Views {
  const head = headOf(state);
  const texts = new Map<PlayerId, ViewText>();
  for (const { player, sinceTick } of viewers) {
    const view = state.players.get(player)?.view;
    if (view)
      texts.set(
        player,
        attempt(() => head + maker.own(view, events.since(sinceTick))),
      );
  }
  return { shared: null, texts };
}

function attempt(make: () => string): ViewText {
  try {
    return make();
  } catch (error) {
    return { failed: error instanceof Error ? error.message : show(error) };
  }
}

/** A `tick` message up to its state. */
function headOf({ facts }: ZoneState): string {
  return `{"type":"tick","tick_number":${facts.tick},"zone_id":${JSON.stringify(facts.zone.id)},"state":`;
}

/** Makes the states of one moment; what several viewers share is made once. */
class ViewMaker {
  readonly #source: ViewSource;
  #entities: readonly ResidentEntity[] | null = null;
  readonly #extrasText: string;
  #entitiesText: string | null = null;
  readonly #states = new Map<EventSlice, WorldView>();
  readonly #wholes = new Map<EventSlice, string>();

  constructor(source: ViewSource) {
    this.#source = source;
    const extras = JSON.stringify(source.extras).slice(1, -1);
    this.#extrasText = extras === '' ? '' : `,${extras}`;
  }

  /** The unfiltered state. */
  whole(unseen: EventSlice): string {
    const known = this.#wholes.get(unseen);
    if (known) return known;
    const zone = JSON.stringify(this.#source.state.facts.zone.id);
    const text = `{"zone_id":${zone},"entities":${this.#allEntities()},"events":[${unseen.text}]${this.#extrasText}}`;
    this.#wholes.set(unseen, text);
    return text;
  }

  /** What the game lets this player see. */
  own(player: Player, unseen: EventSlice): string {
    const { game, state } = this.#source;
    const view: unknown = game.getPlayerState?.(
      Object.freeze({
        zone: state.facts.zone,
        player,
        entities: state.entitySet,
        state: this.#state(unseen),
        tickNumber: state.facts.tick,
      }),
    );
    if (view === this.#state(unseen)) return this.whole(unseen);
    return this.#encode(view);
  }

  #state(unseen: EventSlice): WorldView {
    const known = this.#states.get(unseen);
    if (known) return known;
    const zone_id = this.#source.state.facts.zone.id;
    this.#entities ??= Object.freeze([...this.#source.state.entities.values()]);
    const state: WorldView = Object.freeze({ zone_id, entities: this.#entities, events: unseen.events, ...this.#source.extras });
    this.#states.set(unseen, state);
    return state;
  }

  #encode(view: unknown): string {
    if (view instanceof Promise) {
      // Nobody waits for it: its rejection must not end the process.
      view.catch(() => undefined);
      throw new ViewError('getPlayerState returned a promise; it must answer at once');
    }
    if (!isObject(view)) throw new ViewError(`getPlayerState returned ${show(view)}, not an object`);
    if (typeof view.toJSON === 'function') return encodeWhole(view);
    const parts: string[] = [];
    for (const key of Object.keys(view)) {
      const text = this.#encodePart(key, view[key]);
      if (text !== undefined) parts.push(`${JSON.stringify(key)}:${text}`);
    }
    return `{${parts.join(',')}}`;
  }

  /** Entities of the zone have their text already; anything else is encoded for this viewer. */
  #encodePart(key: string, value: unknown): string | undefined {
    if (key !== 'entities' || !Array.isArray(value)) return encode(value);
    if (value === this.#entities) return this.#allEntities();
    const texts = Array.from(value, (item: unknown) =>
      ResidentEntity.is(item) ? ResidentEntity.json(item) : (encode(item) ?? 'null'),
    );
    return `[${texts.join(',')}]`;
  }

  #allEntities(): string {
    this.#entitiesText ??= `[${Array.from(this.#source.state.entities.values(), ResidentEntity.json).join(',')}]`;
    return this.#entitiesText;
  }
}

/** A view that says itself how it is written. */
function encodeWhole(view: object): string {
  const text = encode(view);
  if (!text?.startsWith('{')) throw new ViewError('getPlayerState returned what is no object as JSON');
  return text;
}

/** JSON.stringify's type leaves out that functions and undefined have no text. */
function encode(value: unknown): string | undefined {
  return JSON.stringify(value);
}
