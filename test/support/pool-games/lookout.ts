/**
 * A game for tests of borders: entities with names stand, step, are sent and vanish as they are told, and every view
 * shows what is here and what is over the border. It does nothing by itself.
 */
import type {
  BorderEntity,
  Entity,
  GameModule,
  JsonObject,
  Neighbor,
  PlayerView,
  Tick,
  TickResult,
} from '../../../games/contract.js';

/** Cells that are seen over the edge of a zone. */
export const SIGHT = 3;

export type LookoutIntent =
  | { readonly type: 'put'; readonly name: string; readonly x: number; readonly y: number }
  | { readonly type: 'step'; readonly name: string; readonly x: number; readonly y: number }
  /** To a zone by its id, with the player who says so where `follow` is true. */
  | {
      readonly type: 'send';
      readonly name: string;
      readonly to: string;
      readonly x: number;
      readonly y: number;
      readonly follow?: boolean;
    }
  | { readonly type: 'vanish'; readonly name: string }
  /** Fails its tick. */
  | { readonly type: 'boom' }
  /** Never returns. */
  | { readonly type: 'hang' }
  /** What the tick itself sees over the border goes into the next views. */
  | { readonly type: 'look' };

/** What a view has of an entity. `zone`: the name of the one that it is in; '' is the viewer's own. */
export interface SeenThing {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly zone: string;
  readonly age: number;
}

const lookout: GameModule = {
  name: 'lookout',
  border: SIGHT,
  onTick(tick) {
    const results = tick.intents.map(({ playerId, data }) => answer(tick, playerId, data));
    const looks = tick.intents.some(({ data }) => data.type === 'look');
    return {
      creates: results.flatMap((result) => result.creates ?? []),
      updates: results.flatMap((result) => result.updates ?? []),
      transfers: results.flatMap((result) => result.transfers ?? []),
      deletes: results.flatMap((result) => result.deletes ?? []),
      extras: looks ? { ticked: thingsOver(tick) } : {},
    };
  },
  getPlayerState(view) {
    // A viewer of this name is blind behind its own edge: fog is the game's, over the border too.
    const over = view.player.username === 'blinkered' ? [] : thingsOver(view);
    const beside = view.neighbors.map(({ name }) => name);
    return { zone_id: view.zone.id, here: [...view.entities].map(thingHere), over, beside, ticked: view.state.ticked };
  },
  // With whoever follows it, an entity that comes from there is refused.
  admit: (zone, player) => player.username !== 'stranger' || zone.name !== 'east',
};
export default lookout;

function answer(tick: Tick, playerId: string, data: JsonObject): TickResult {
  const named = [...tick.entities].find(({ metadata }) => metadata.name === data.name);
  const place = { x: Number(data.x), y: Number(data.y) };
  switch (data.type) {
    case 'put':
      return { creates: [{ ...place, metadata: { name: data.name } }] };
    case 'step':
      return named ? { updates: [{ id: named.id, ...place }] } : {};
    case 'send':
      return named
        ? { transfers: [{ id: named.id, toZone: String(data.to), ...place, follow: data.follow ? [playerId] : [] }] }
        : {};
    case 'vanish':
      return named ? { deletes: [named.id] } : {};
    case 'boom':
      throw new Error('as it was told');
    case 'hang':
      for (;;);
    default:
      return {};
  }
}

function thingsOver({ border, neighbors }: Pick<Tick | PlayerView, 'border' | 'neighbors'>): SeenThing[] {
  const byName = ({ name: a }: SeenThing, { name: b }: SeenThing) => (a < b ? -1 : 1);
  return [...border].map((entity) => thingOver(entity, neighbors)).sort(byName);
}

function thingOver({ x, y, metadata, zoneId, age }: BorderEntity, neighbors: readonly Neighbor[]): SeenThing {
  return { name: String(metadata.name), x, y, zone: neighbors.find(({ id }) => id === zoneId)?.name ?? '?', age };
}

function thingHere({ x, y, metadata }: Entity): SeenThing {
  return { name: String(metadata.name), x, y, zone: '', age: 0 };
}
