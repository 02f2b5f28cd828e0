/**
 * Makes the states of one moment of a zone, as viewers are shown them; what several viewers share is
 * made once. Without a view of the game's own there is one state for all who missed the same events.
 */
import type { TickNumber } from '../../../actors/ids.js';
import type { BorderSet, GameModule, JsonObject, Neighbor, Player, ZoneState as WorldView } from '../../../games/contract.js';
import type { EventLog, EventSlice } from '../event-log.js';
import { isObject, show } from '../plain-json.js';
import { ResidentEntity } from '../resident-entity.js';
import type { ZoneState } from '../zone-state.js';
import { isSurelyJson, ShownState } from './shown-state.js';

/** What views are made from: a state, staged or committed, and what the last tick said besides. */
export interface ViewSource {
  readonly game: GameModule;
  readonly state: ZoneState;
  readonly extras: JsonObject;
  readonly events: EventLog;
  readonly neighbors: readonly Neighbor[];
  readonly border: BorderSet;
}

/** What `getPlayerState` answered is no view. */
export class ViewError extends Error {}

export class ViewMaker {
  readonly #source: ViewSource;
  #entities: readonly ResidentEntity[] | null = null;
  #entitiesText: string | null = null;
  readonly #given = new Map<EventSlice, WorldView>();
  readonly #wholes = new Map<EventSlice, ShownState>();

  constructor(source: ViewSource) {
    this.#source = source;
  }

  /** What this player, who was sent something at `lastTick`, is shown. Throws what the game throws, or `ViewError`. */
  stateFor(player: Player, unseen: EventSlice, lastTick: TickNumber | null): ShownState {
    if (!this.#source.game.getPlayerState) return this.#whole(unseen);
    const view = this.#ask(player, unseen, lastTick);
    return view === this.#given.get(unseen) ? this.#whole(unseen) : this.#shown(view);
  }

  /** The unfiltered state. */
  #whole(unseen: EventSlice): ShownState {
    const known = this.#wholes.get(unseen);
    if (known) return known;
    const { state, extras } = this.#source;
    const others = new Map([['zone_id', JSON.stringify(state.facts.zone.id)]]);
    others.set('events', `[${unseen.text}]`);
    for (const [key, value] of Object.entries(extras)) others.set(key, JSON.stringify(value));
    const whole = new ShownState(state.facts.tick, this.#all(), others, () => this.#allText(), true);
    this.#wholes.set(unseen, whole);
    return whole;
  }

  #ask(player: Player, unseen: EventSlice, lastTick: TickNumber | null): unknown {
    const { game, state, neighbors, border } = this.#source;
    return game.getPlayerState?.(
      Object.freeze({
        zone: state.facts.zone,
        player,
        entities: state.entitySet,
        neighbors,
        border,
        state: this.#givenState(unseen),
        tickNumber: state.facts.tick,
        sinceTick: lastTick,
      }),
    );
  }

  #givenState(unseen: EventSlice): WorldView {
    const known = this.#given.get(unseen);
    if (known) return known;
    const { state, extras } = this.#source;
    const given: WorldView = Object.freeze({
      zone_id: state.facts.zone.id,
      entities: this.#all(),
      events: unseen.events,
      ...extras,
    });
    this.#given.set(unseen, given);
    return given;
  }

  #shown(view: unknown): ShownState {
    if (view instanceof Promise) {
      // Nobody waits for it: its rejection must not end the process.
      view.catch(() => undefined);
      throw new ViewError('getPlayerState returned a promise; it must answer at once');
    }
    if (!isObject(view)) throw new ViewError(`getPlayerState returned ${show(view)}, not an object`);
    const plain = typeof view.toJSON === 'function' ? selfWritten(view) : view;
    const { tick } = this.#source.state.facts;
    const items = Array.isArray(plain.entities) ? [...plain.entities] : null;
    const others = new Map<string, string>();
    for (const key of Object.keys(plain)) {
      const json: string | undefined = key === 'entities' && items ? undefined : JSON.stringify(plain[key]);
      if (json !== undefined) others.set(key, json);
    }
    const shown = new ShownState(
      tick,
      items,
      others,
      items && plain.entities === this.#all() ? () => this.#allText() : undefined,
    );
    // Now, and not when it is asked for: what is no JSON is this view's failure.
    if (!items?.every(isSurelyJson)) shown.json();
    return shown;
  }

  #all(): readonly ResidentEntity[] {
    this.#entities ??= Object.freeze([...this.#source.state.entities.values()]);
    return this.#entities;
  }

  #allText(): string {
    this.#entitiesText ??= Array.from(this.#source.state.entities.values(), ResidentEntity.json).join(',');
    return this.#entitiesText;
  }
}

/** A view that says itself how it is written. */
function selfWritten(view: object): Readonly<Record<string, unknown>> {
  const text: string | undefined = JSON.stringify(view);
  const plain: unknown = text === undefined ? undefined : JSON.parse(text);
  if (!isObject(plain)) throw new ViewError('getPlayerState returned what is no object as JSON');
  return plain;
}
