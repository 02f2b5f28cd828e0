/**
 * What a console is told, again and again: how the world is, which zones are awake and how they are, and what happened
 * since the last time. Zones are named by their place in the list that went before; of what did not change nothing is said.
 */
import type { WorldControl, ZoneState } from '../../actors/control.js';
import { COST_KINDS } from '../../actors/costs.js';
import type { ZoneId } from '../../actors/ids.js';
import type { Happening, Recording } from '../../actors/recorder.js';
import type { StoredEntity, ZoneInfo, ZoneLink } from '../../actors/records.js';
import { ViewCheck } from './view-check.js';

/** What one console looks at. */
export interface Look {
  /** Zones whose entities it wants. */
  readonly map: readonly ZoneId[];
  /** Zones whose ticks it wants, one by one. */
  readonly lanes: readonly ZoneId[];
  readonly tree: boolean;
  readonly connections: boolean;
}

/** What only the process knows. */
export interface ProcessFacts {
  /** How late the main thread was since the last call, in milliseconds. */
  loopDelay(): { readonly mean: number; readonly max: number };
  /** Which version of a watched game runs; null: it is not watched. */
  game(): object | null;
}

/** More entities of one zone than this are not told: a map of them would be one colour. */
const MOST_ENTITIES = 2_000;

export class Pulse {
  readonly #told = new Map<ZoneId, string>();
  readonly #index = new Map<ZoneId, number>();
  readonly #views: ViewCheck;
  #zones: readonly ZoneInfo[] = [];

  constructor(
    private readonly world: WorldControl,
    private readonly recording: Recording,
    private readonly facts: ProcessFacts,
  ) {
    this.#views = new ViewCheck(world);
  }

  /** The zones and how they lie, where that is news; null: it is not. */
  zones(): object | null {
    const { zones } = this.world.listZones({});
    if (this.#zones.length > 0 && sameZones(zones, this.#zones)) return null;
    this.#zones = zones;
    this.#index.clear();
    this.#told.clear();
    for (const [index, { id }] of zones.entries()) this.#index.set(id, index);
    return {
      type: 'zones',
      zones: zones.map(({ id, name, width, height }) => ({ id, name, width, height })),
      links: this.world.links().flatMap((link) => this.#linkOf(link)),
    };
  }

  async next(look: Look): Promise<object> {
    this.recording.follow(look.lanes);
    const { happenings, lost } = this.recording.take();
    const states = this.world.zoneStates();
    this.#views.pulse(states);
    return {
      type: 'pulse',
      at: Date.now(),
      status: this.world.status(),
      down: this.world.ailments(),
      loop_delay_ms: this.facts.loopDelay(),
      game: this.facts.game(),
      awake: this.#news(states),
      happened: happenings.flatMap((happening) => this.#happeningOf(happening)),
      lost,
      views: this.#views.findings,
      entities: await this.#entities(look.map),
      ...(look.tree && { tree: this.world.actors() }),
      ...(look.connections && { connections: this.#connections() }),
    };
  }

  /** `[zone, phase, tick, missed, restarts, present, mailbox]` of each that changed; of one that fell asleep `[zone, 'asleep']`. */
  #news(states: readonly ZoneState[]): readonly (readonly (number | string)[])[] {
    const awake = new Set(states.map(({ zone }) => zone));
    const asleep = [...this.#told.keys()].filter((zone) => !awake.has(zone));
    for (const zone of asleep) this.#told.delete(zone);
    const changed = states.flatMap(({ zone, phase, tick, missed, restarts, present, mailbox }) => {
      const row = [phase, tick, missed, restarts, present, mailbox];
      const text = row.join();
      if (this.#told.get(zone) === text) return [];
      this.#told.set(zone, text);
      return this.#named(zone, row);
    });
    return [...changed, ...asleep.flatMap((zone) => this.#named(zone, ['asleep']))];
  }

  #connections(): readonly object[] {
    const sent = this.world.sentBytes();
    return this.world.connections().map((view) => ({ ...view, sent_bytes: sent.get(view.connection_id) ?? {} }));
  }

  #named(zone: ZoneId, facts: readonly (number | string)[]): (readonly (number | string)[])[] {
    const index = this.#index.get(zone);
    return index === undefined ? [] : [[index, ...facts]];
  }

  #linkOf({ zone, neighbor, dx, dy }: ZoneLink): (readonly number[])[] {
    const [from, to] = [this.#index.get(zone), this.#index.get(neighbor)];
    return from === undefined || to === undefined ? [] : [[from, to, dx, dy]];
  }

  #happeningOf(happening: Happening): object[] {
    const zone = this.#index.get(happening.zone);
    if (zone === undefined) return [];
    const { type, atMs: at } = happening;
    switch (type) {
      case 'tick':
        return [{ type, zone, at, tick: happening.tick, costs: COST_KINDS.map((kind) => rounded(happening.costs[kind])) }];
      case 'missed':
        return [{ type, zone, at, tick: happening.tick }];
      case 'failed':
        return [{ type, zone, at, message: happening.message }];
      case 'handover':
        return [{ type, zone, at, to: this.#index.get(happening.to), player_id: happening.player }];
    }
  }

  /** Of each zone that is looked at: how many there are, and `[id, x, y, width, height, metadata]` of the first of them. */
  async #entities(zones: readonly ZoneId[]): Promise<readonly object[]> {
    const found = await Promise.all(
      zones.map(async (id) => {
        const zone = this.#index.get(id);
        // One that cannot be read now is drawn as it was.
        const entities = await this.world.entities(id, null).catch(() => null);
        if (!entities || zone === undefined) return [];
        return [{ zone, count: entities.length, list: entities.slice(0, MOST_ENTITIES).map(entityRow) }];
      }),
    );
    return found.flat();
  }
}

/** To microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

function entityRow({ id, x, y, width, height, metadata }: StoredEntity): readonly unknown[] {
  return [id, x, y, width, height, metadata];
}

function sameZones(some: readonly ZoneInfo[], others: readonly ZoneInfo[]): boolean {
  return some.length === others.length && some.every(({ id }, index) => others[index]?.id === id);
}
