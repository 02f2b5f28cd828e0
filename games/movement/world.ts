/**
 * Making the world from the maps, once at each start, and the door into it. A zone that has entities
 * is left alone: what players changed there stays, and so does what a later map would add.
 */
import type { Area, EntityCreate, Player, WorldSetup, Zone } from '../contract.js';
import { PLACES, type Place, SCALE } from './maps.js';
import { memoryOf } from './memory.js';

const START = 'meadow';

/** Zones first, things after: a gate holds the id of the zone it leads to. */
export async function furnish(world: WorldSetup): Promise<void> {
  const zones: Zone[] = [];
  for (const place of PLACES) {
    zones.push(await world.createZone({ name: place.name, ...sizeOf(place), metadata: { ground: place.ground } }));
  }
  for (const place of PLACES) {
    const zone = zones.find(({ name }) => name === place.name);
    if (zone && fits(place, zone)) await world.createEntities(zone.id, thingsOf(place, zones));
  }
}

/** Back to the zone it was in, or to the meadow. */
export function place(player: Player, zones: readonly Zone[]): string | null {
  const { zone } = memoryOf(player);
  const where = zones.find(({ id }) => id === zone) ?? zones.find(({ name }) => name === START);
  return where?.id ?? null;
}

function sizeOf({ map }: Place): { width: number; height: number } {
  return { width: (map[0]?.length ?? 0) * SCALE, height: map.length * SCALE };
}

/** Somebody may have made a zone of that name in another size. */
function fits(place: Place, zone: Zone): boolean {
  const { width, height } = sizeOf(place);
  return zone.width === width && zone.height === height;
}

function thingsOf(place: Place, zones: readonly Zone[]): EntityCreate[] {
  return place.map.flatMap((line, row) =>
    // A run of wall is one long wall.
    Array.from(line.matchAll(/#+|[^#.]/g), ({ 0: run, index }) =>
      thing(run, { x: index * SCALE, y: row * SCALE, width: run.length * SCALE, height: SCALE }, place, zones),
    ),
  );
}

function thing(run: string, area: Area, place: Place, zones: readonly Zone[]): EntityCreate {
  const { x, y } = area;
  if (run.startsWith('#')) return { ...area, metadata: { kind: 'wall' } };
  if (run === 'a') return { x, y, metadata: { kind: 'animal', name: place.animal } };
  if (run === '*') return { x, y, width: 0, height: 0, metadata: { kind: 'item', name: place.grows, regrows: true } };
  const target = PLACES.find(({ name }) => name.startsWith(run.toLowerCase()));
  const to = zones.find(({ name }) => name === target?.name);
  if (!target || !to) throw new Error(`the map of ${place.name} has a gate ${run}, and no zone begins with that`);
  return { ...area, metadata: { kind: 'gate', name: to.name, to: to.id, ...arrival(place, target) } };
}

/** The cell in front of the gate that leads back: gates are in the outer wall, so it is the nearest one inside of that. */
function arrival(from: Place, to: Place): { x: number; y: number } {
  const letter = from.name.charAt(0).toUpperCase();
  const row = to.map.findIndex((line) => line.includes(letter));
  const column = to.map[row]?.indexOf(letter) ?? 0;
  const { width, height } = sizeOf(to);
  return { x: inside(column * SCALE, width), y: inside(row * SCALE, height) };
}

function inside(at: number, size: number): number {
  return Math.min(Math.max(at, SCALE), size - SCALE - 1);
}
