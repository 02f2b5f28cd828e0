/**
 * One world of 80 by 80 metres, cut into as many zones as one likes: nothing in it depends on where the cuts are, there are
 * no passers-by and nothing lies about. What players see of it is theirs to compare.
 */

import type { GameModule, JsonObject } from '../../../../games/contract.js';
import { frontier } from '../../../../games/frontier/frontier.js';
import type { Shown } from '../../../../games/frontier/sight.js';
import type { TestClient } from '../../../support/test-client.js';
import { rulesWith, SETTINGS } from '../field.js';

const WORLD_CM = 8000;
/** Where everybody begins, on no cut. */
const BEGIN_CM = 1700;

export const SIGHT_CM = SETTINGS.sightCm;
/** The longest way of one tick. */
export const STEP_CM = (SETTINGS.movement.speedCmPerS * SETTINGS.movement.tickMs) / 1000;

export function seamlessGame(cells: number): GameModule {
  const cellCm = WORLD_CM / cells;
  const [column, at] = [Math.floor(BEGIN_CM / cellCm), BEGIN_CM % cellCm];
  const rules = rulesWith({
    world: { columns: cells, rows: cells, cellCm },
    spawns: [{ column, row: column, xCm: at, zCm: at }],
  });
  return frontier(rules) as GameModule; // its intents are checked at the edge, which knows them as any JSON
}

export interface Place {
  readonly x: number;
  readonly z: number;
}

/** What a player was shown in one tick, by the names of players. */
export interface Glance {
  readonly at: Place;
  readonly zone: string;
  readonly seen: ReadonlyMap<string, Place>;
  /** What lay within sight, as what and where. */
  readonly things: ReadonlySet<string>;
}

/** By tick, what this client was shown. */
export function glances(client: TestClient): ReadonlyMap<number, Glance> {
  const all = client.all('tick').flatMap(({ tick_number, zone_id, state }): [number, Glance][] => {
    const { player, entities } = state as unknown as { player: Shown | null; entities: readonly Shown[] }; // the view of frontier
    if (!player) return [];
    const items = entities.filter(({ kind }) => kind === 'item');
    const things = new Set(items.map(({ name, quantity, x, z }) => `${name} ${quantity} at ${x},${z}`));
    const seen = new Map(entities.filter(({ kind }) => kind === 'player').map(({ name, x, z }) => [name, { x, z }]));
    return [[Number(tick_number), { at: { x: player.x, z: player.z }, zone: String(zone_id), seen, things }]];
  });
  return new Map(all);
}

export function headingOf(x: number, z: number): JsonObject {
  return { type: 'input', intent: { x, z } };
}

/** One arrow, of those that newcomers bring. */
export function layingDown(client: TestClient): JsonObject {
  const items = client.all('tick').flatMap(({ state }) => {
    const { inventory } = state as { inventory?: { items: readonly { instance_id: string; template: string }[] } };
    return inventory?.items ?? [];
  });
  const arrows = items.find(({ template }) => template === 'arrow');
  return { type: 'drop', instance_id: arrows?.instance_id ?? 'none', quantity: 1 };
}

export function distance(a: Place, b: Place): number {
  return Math.hypot(a.x - b.x, a.z - b.z);
}
